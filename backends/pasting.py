"""Several module texts as one: their imports hoisted and merged, their bodies as they are."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

NamedImport = ast.Import | ast.ImportFrom
WIDTH = 88


def text_of(module: str) -> str:
    """The source text of a module, by its full name."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no source text of {module}")
    return Path(spec.origin).read_text("utf-8")


def gathered(modules: Iterable[str], is_ours: Callable[[ast.ImportFrom], bool]) -> list[str]:
    """These modules and those of ours that they import, each once, behind what it needs."""
    order: list[str] = []

    def visit(module: str) -> None:
        if module in order:
            return
        for node in top_imports(ast.parse(text_of(module))):
            if isinstance(node, ast.ImportFrom) and is_ours(node):
                visit(str(node.module))
        order.append(module)

    for module in modules:
        visit(module)
    return order


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


def repeated_names(texts: Iterable[str]) -> list[str]:
    """What several of the texts define at their top level, so that one would hide the other."""
    found = Counter(name for text in texts for name in set(_defined(ast.parse(text))))
    return sorted(name for name, times in found.items() if times > 1)


def _defined(tree: ast.Module) -> Iterable[str]:
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        targets = node.targets if isinstance(node, ast.Assign) else ()
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        yield from (target.id for target in targets if isinstance(target, ast.Name))


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
        (module, _from_import(module, sorted(names, key=_constants_classes_functions)))
        for module, names in sorted(imports.items())
        if module
    ]
    standard: list[str] = []
    others: list[str] = []
    for name, line in lines:
        root = name.split()[0].split(".")[0]
        (standard if root in sys.stdlib_module_names else others).append(line)
    return "\n\n".join("\n".join(block) for block in (standard, others) if block)


def _constants_classes_functions(name: str) -> tuple[int, str]:
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return kind, name


def _from_import(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])
