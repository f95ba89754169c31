"""Which Python code of drawings may run: only what a person has agreed to, known by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

_agreed: set[str] = set()


def digest(code: str) -> str:
    """The hash by which code is known: the same text is the same code, in whatever file it is."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


def agree(digests: Iterable[str]) -> None:
    """Lets the code with these hashes run from now on, in this process."""
    _agreed.update(digests)


def withdraw(digests: Iterable[str]) -> None:
    """Takes an agreement back; what already runs goes on."""
    _agreed.difference_update(digests)


def known() -> int:
    """How many texts may run; another number means that somebody was asked since."""
    return len(_agreed)


def is_trusted(code: str) -> bool:
    """Whether a person has agreed to this very text."""
    return digest(code) in _agreed
