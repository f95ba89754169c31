"""The text of reader modules as one piece, to be pasted into an exported script."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path

READERS = "backends.data.readers"


def pasted(module: str, constants: str = "") -> str:
    """A reader module and the readers it imports, as they are, with their imports on top.

    The text needs nothing of ours: imports between readers are replaced by their text.

    Args:
        module: the full name of the module, such as `backends.data.readers.idx`.
        constants: lines put between the imports and the functions.
    """
    order: list[str] = []
    _gather(module, order)
    imports: dict[str, set[str]] = {}
    bodies = []
    for name in order:
        text, tree = _parsed(name)
        _note_imports(tree, imports)
        bodies.append(_body(text, tree))
    parts = [part for part in (constants.strip(), *bodies) if part]
    gap = "\n\n\n" if parts[0].startswith(("def ", "class ", "@")) else "\n\n"
    return _print_imports(imports) + gap + "\n\n\n".join(parts) + "\n"


def _parsed(module: str) -> tuple[str, ast.Module]:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no source text of {module}")
    text = Path(spec.origin).read_text("utf-8")
    return text, ast.parse(text)


def _top_imports(tree: ast.Module) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]


def _gather(module: str, order: list[str]) -> None:
    if module in order:
        return
    for node in _top_imports(_parsed(module)[1]):
        if isinstance(node, ast.ImportFrom) and _is_reader(node):
            _gather(str(node.module), order)
    order.append(module)


def _is_reader(node: ast.ImportFrom) -> bool:
    return (node.module or "").startswith(f"{READERS}.")


def _note_imports(tree: ast.Module, imports: dict[str, set[str]]) -> None:
    for node in _top_imports(tree):
        names = {f"{a.name} as {a.asname}" if a.asname else a.name for a in node.names}
        if isinstance(node, ast.Import):
            imports.setdefault("", set()).update(names)
        elif not _is_reader(node) and node.module != "__future__":
            imports.setdefault(str(node.module), set()).update(names)


def _body(text: str, tree: ast.Module) -> str:
    """What follows the docstring and the imports."""
    last = max((int(node.end_lineno or 0) for node in _top_imports(tree)), default=0)
    if ast.get_docstring(tree) is not None:
        last = max(last, int(tree.body[0].end_lineno or 0))
    return "\n".join(text.splitlines()[last:]).strip()


def _print_imports(imports: dict[str, set[str]]) -> str:
    lines = [(name, f"import {name}") for name in sorted(imports.get("", ()))]
    lines += [
        (module, f"from {module} import {', '.join(sorted(names))}")
        for module, names in sorted(imports.items())
        if module
    ]
    ours: list[str] = []
    others: list[str] = []
    for name, line in lines:
        root = name.split()[0].split(".")[0]
        (ours if root in sys.stdlib_module_names else others).append(line)
    return "\n\n".join("\n".join(block) for block in _filled((ours, others)))


def _filled(blocks: Iterable[list[str]]) -> list[list[str]]:
    return [block for block in blocks if block]
