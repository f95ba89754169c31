"""The text of reader modules as one piece, to be pasted into an exported script."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

from backends.pasting import body_of, merged_imports, top_imports

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
    texts = [_text(name) for name in order]
    parts = [part for part in (constants.strip(), *map(body_of, texts)) if part]
    gap = "\n\n\n" if parts[0].startswith(("def ", "class ", "@")) else "\n\n"
    return merged_imports(texts, _is_reader) + gap + "\n\n\n".join(parts) + "\n"


def _text(module: str) -> str:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"no source text of {module}")
    return Path(spec.origin).read_text("utf-8")


def _gather(module: str, order: list[str]) -> None:
    if module in order:
        return
    for node in top_imports(ast.parse(_text(module))):
        if isinstance(node, ast.ImportFrom) and _is_reader(node):
            _gather(str(node.module), order)
    order.append(module)


def _is_reader(node: ast.ImportFrom) -> bool:
    return (node.module or "").startswith(f"{READERS}.")
