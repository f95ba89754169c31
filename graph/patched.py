"""A mapping that differs from another in a few entries, and shares the others with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, TypeVar, cast

K = TypeVar("K")
V = TypeVar("V")
GONE = object()
LEAST = 512
SHARE = 16
"""With more than a 16th of the entries patched, a copy is made: asking twice would cost more."""


class Patched(MutableMapping[K, V]):
    """What a mapping holds, with changes of its own; the mapping stays as it is.

    To copy the tables of ten thousand blocks takes as long as all else that an edit needs of them.
    """

    def __init__(self, before: Mapping[K, V]) -> None:
        self._base: Mapping[K, V] = before
        self._own: dict[K, object] = {}
        if isinstance(before, Patched):
            self._base, self._own = before._base, dict(before._own)
        if len(self._own) > max(LEAST, len(self._base) // SHARE):
            whole = {**self._base, **cast(dict[K, V], self._own)}
            for key in [key for key, value in self._own.items() if value is GONE]:
                del whole[key]
            self._base, self._own = whole, {}

    def get(self, key: K, default: Any = None) -> Any:  # a value, or the default of any type
        found = self._own.get(key, self)
        if found is self:
            return self._base.get(key, default)
        return default if found is GONE else found

    def __getitem__(self, key: K) -> V:
        found = self._own.get(key, self)
        if found is self:
            return self._base[key]
        if found is GONE:
            raise KeyError(key)
        return cast(V, found)

    def __contains__(self, key: object) -> bool:
        found = self._own.get(cast(K, key), self)
        return key in self._base if found is self else found is not GONE

    def __setitem__(self, key: K, value: V) -> None:
        self._own[key] = value

    def __delitem__(self, key: K) -> None:
        if key not in self:
            raise KeyError(key)
        self._own[key] = GONE

    def __iter__(self) -> Iterator[K]:
        own, base = self._own, self._base
        yield from (key for key in base if own.get(key) is not GONE)
        yield from (key for key, value in own.items() if value is not GONE and key not in base)

    def __len__(self) -> int:
        own, base = self._own, self._base
        gone = sum(value is GONE and key in base for key, value in own.items())
        return len(base) - gone + sum(key not in base for key, v in own.items() if v is not GONE)
