"""Names of definitions: those of classes in the generated code."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Container, Iterable

from graph import names
from graph.model import Document, NodeId
from graph.problems import UserError
from graph.repeat import INDEX

FALLBACK = "Composite"
MOST_NAMED_AFTER = 3


def is_class_name(name: str) -> bool:
    """Whether a definition may be called so: CapWords, nothing that Python or the code uses."""
    return (
        re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) is not None
        and len(name) <= names.LONGEST_NAME
        and not keyword.iskeyword(name)
        and not hasattr(builtins, name)
        and name not in names.RESERVED
    )


def check_class_name(name: str, taken: Container[str] = ()) -> str:
    """The name, stripped.

    Raises:
        UserError: a definition cannot be called so, or another one is.
    """
    name = name.strip()
    if not is_class_name(name):
        raise UserError(
            f"“{name[: names.LONGEST_NAME]}” cannot name a composite: it is written like "
            "ConvBlock, with letters and digits, and is no word of Python or PyTorch; "
            f"“{class_name(name)}” would do."
        )
    if name in taken:
        raise UserError(f"Another composite is already called {name}; names differ.")
    return name


def class_name(text: str, taken: Container[str] = ()) -> str:
    """A free name for a definition, as near to the text as possible."""
    words = re.findall(r"[A-Za-z0-9]+", text)
    name = "".join(word[0].upper() + word[1:] for word in words).lstrip("0123456789")
    name = (name[:1].upper() + name[1:])[: names.LONGEST_NAME - 4] or FALLBACK
    if not is_class_name(name):
        name = f"{name}Block"
    return names.unique(name, taken)


def suggested(document: Document, ids: Iterable[NodeId]) -> str:
    """A free name for what these blocks do together: their common beginning, or what they are."""
    chosen = [document.graph.nodes[id] for id in ids]
    prefix = _common([node.name for node in chosen]) if len(chosen) > 1 else ""
    words = [re.sub(r"_?\d*$", "", node.name) for node in chosen]
    if not prefix and len(words) <= MOST_NAMED_AFTER:
        prefix = "_".join(words)
    return class_name(prefix or FALLBACK, document.definitions)


def _common(texts: list[str]) -> str:
    """The words with `_` that all names begin with."""
    parts = [text.split("_")[:-1] for text in texts]
    found = []
    for words in zip(*parts, strict=False):
        if len(set(words)) > 1:
            break
        found.append(words[0])
    return "_".join(found)


def check_parameter_name(name: str, taken: Container[str] = ()) -> str:
    """The name of a parameter, stripped.

    Raises:
        UserError: it cannot stand in code or in expressions, or another one has it.
    """
    name = name.strip()
    if name == INDEX:
        raise UserError(f"{INDEX} counts the times of a repeat; a parameter needs another name.")
    if not names.is_usable(name):
        raise UserError(
            f"“{name[: names.LONGEST_NAME]}” cannot name a parameter: a name has letters, digits "
            "and _, starts with a letter and is no word of Python or PyTorch; "
            f"“{names.usable(name, 'size')}” would do."
        )
    if name in taken:
        raise UserError(f"Another parameter is already called {name}; names differ.")
    return name
