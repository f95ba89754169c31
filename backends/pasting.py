"""Several module texts as one: their imports hoisted and merged, their bodies as they are."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable

NamedImport = ast.Import | ast.ImportFrom


def top_imports(tree: ast.Module) -> list[NamedImport]:
    """The import statements at the top level of a module."""
    return [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]


def body_of(text: str) -> str:
    """What follows the docstring and the imports of a module."""
    tree = ast.parse(text)
    last = max((int(node.end_lineno or 0) for node in top_imports(tree)), default=0)
    if ast.get_docstring(tree) is not None:
        last = max(last, int(tree.body[0].end_lineno or 0))
    return "\n".join(text.splitlines()[last:]).strip()


def merged_imports(
    texts: Iterable[str], leave_out: Callable[[ast.ImportFrom], bool] = lambda node: False
) -> str:
    """The imports of these modules, each once: the standard library first, then the others.

    `from __future__` imports are left out, for they must stand first in a file.
    """
    found: dict[str, set[str]] = {}
    for text in texts:
        for node in top_imports(ast.parse(text)):
            names = {f"{a.name} as {a.asname}" if a.asname else a.name for a in node.names}
            if isinstance(node, ast.Import):
                found.setdefault("", set()).update(names)
            elif node.module != "__future__" and not leave_out(node):
                found.setdefault(str(node.module), set()).update(names)
    return _print_imports(found)


def _print_imports(imports: dict[str, set[str]]) -> str:
    lines = [(name, f"import {name}") for name in sorted(imports.get("", ()))]
    lines += [
        (module, f"from {module} import {', '.join(sorted(names))}")
        for module, names in sorted(imports.items())
        if module
    ]
    standard: list[str] = []
    others: list[str] = []
    for name, line in lines:
        root = name.split()[0].split(".")[0]
        (standard if root in sys.stdlib_module_names else others).append(line)
    return "\n\n".join("\n".join(block) for block in (standard, others) if block)
