"""The text of reader modules as one piece, to be pasted into an exported script."""

from __future__ import annotations

import ast

from backends.pasting import body_of, gathered, merged_imports, text_of

READERS = "backends.data.readers"


def pasted(module: str, constants: str = "") -> str:
    """A reader module and the readers it imports, as they are, with their imports on top.

    The text needs nothing of ours: imports between readers are replaced by their text.

    Args:
        module: the full name of the module, such as `backends.data.readers.idx`.
        constants: lines put between the imports and the functions.
    """
    texts = [text_of(name) for name in gathered([module], _is_reader)]
    parts = [part for part in (constants.strip(), *map(body_of, texts)) if part]
    gap = "\n\n\n" if parts[0].startswith(("def ", "class ", "@")) else "\n\n"
    return merged_imports(texts, _is_reader) + gap + "\n\n\n".join(parts) + "\n"


def _is_reader(node: ast.ImportFrom) -> bool:
    return (node.module or "").startswith(f"{READERS}.")
