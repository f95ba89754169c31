"""Which arguments a class needs, found by comparing its instances."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeGuard

from graph.block import Argument, Written
from graph.names import is_usable, unique
from graph.program import Given
from graph.tensor import Dim, TensorType, symbol

LARGEST_FACTOR = 64
_LETTERS = ("N", "C", "H", "W", "D")
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
Column = tuple[Argument, ...]


class _Typed(tuple[Argument, ...]):
    """A column that equals only those whose values have the same types: 1, 1.0 and True differ."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and _is_same(tuple(self), tuple(other))

    def __hash__(self) -> int:
        return hash((_Typed, tuple(self)))


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_is_same, one, other))
    return type(one) is type(other) and one == other


class Arguments:
    """The arguments of a class: `columns` of values, one for each instance, that differ.

    What can be calculated from another argument, such as `2 * in_channels`, needs none of its own.
    """

    def __init__(
        self,
        needed: Iterable[tuple[str, Column]],
        parameters: Mapping[str, Column],
        formulas: Mapping[str, Column],
        taken: Iterable[str] = (),
    ) -> None:
        """Chooses the arguments.

        Args:
            needed: what the code consists of, each with what torch calls it.
            parameters: those of the definition.
            formulas: what the definition calculates from them.
            taken: names that no argument may have.
        """
        self._formulas: dict[Column, str] = {
            _Typed(column): text for text, column in formulas.items() if not _is_constant(column)
        }
        self._formals: dict[str, Column] = {
            name: _Typed(column) for name, column in parameters.items()
        }
        self._known: dict[Column, Argument] = {}
        self.columns: dict[str, Column] = {}
        columns: dict[Column, str] = {}
        for hint, column in needed:
            for name, part in _parts(hint, column):
                if not _is_constant(part):
                    columns.setdefault(part, name)
        self._choose(columns, {*_RESERVED, *taken})

    def _choose(self, needed: Mapping[Column, str], taken: set[str]) -> None:
        formals = {
            column: name
            for name, column in reversed(list(self._formals.items()))
            if not _is_constant(column)
        }
        chosen = {column: formals[column] for column in needed if column in formals}
        for column in needed:
            text = self._formulas.get(column)
            if text and column not in chosen and names_of(text) <= self._formals.keys():
                parts = (self._formals[name] for name in sorted(names_of(text)))
                chosen |= {part: formals[part] for part in parts if part in formals}
        for column, hint in needed.items():
            if self._follows(column, chosen):
                continue
            through = next((f for f in formals if _derived(column, {f: formals[f]})), None)
            chosen[through or column] = formals[through] if through else hint
        for column in [column for column in chosen if column not in formals]:
            others = {other: name for other, name in chosen.items() if other != column}
            if _derived(column, others) and all(self._follows(each, others) for each in needed):
                chosen = others
        order = {column: place for place, column in enumerate(needed)}
        names: dict[Column, str] = {}
        for column in sorted(chosen, key=lambda column: column not in formals):
            name = chosen[column].strip("_") or "size"
            names[column] = unique(name if is_usable(name) else f"{name}_", taken)
            taken.add(names[column])
        for column in sorted(chosen, key=lambda column: order.get(column, len(order))):
            self.columns[names[column]] = column

    def _follows(self, column: Column, bases: Mapping[Column, str]) -> bool:
        return bool(self._formula(column, bases) or _derived(column, bases))

    def _formula(self, column: Column, bases: Mapping[Column, str]) -> str | None:
        """What the definition itself calculates the column by, if these arguments suffice."""
        text = self._formulas.get(column)
        if not text or not names_of(text) <= self._formals.keys():
            return None
        parts = {name: self._formals[name] for name in names_of(text)}
        known = {name: bases.get(part) for name, part in parts.items()}
        if None in known.values():
            return None
        return NAME.sub(lambda match: str(known[match[0]]), text)

    @property
    def given(self) -> tuple[Given, ...]:
        """What the constructor takes."""
        return tuple(Given(name, _type_of(column)) for name, column in self.columns.items())

    def written(self, column: Column) -> Argument:
        """What stands in the class for values that differ as in this column."""
        if _is_constant(column):
            return column[0]  # not looked up: True and 1 are equal keys
        column = _Typed(column)
        found = self._known.get(column)
        if found is None:
            found = self._known[column] = self._written(column)
        return found

    def _written(self, column: Column) -> Argument:
        width = _width(column)
        if width:
            parts = [self.written(tuple(each[k] for each in column)) for k in range(width)]  # type: ignore[index]  # all are tuples
            return tuple(parts)  # type: ignore[arg-type]  # names stand where literals did
        bases = {values: name for name, values in self.columns.items()}
        text = bases.get(column) or self._formula(column, bases) or _derived(column, bases)
        assert text is not None, "every column was considered when the arguments were chosen"
        return Written(text)

    def type_of(self, types: Sequence[TensorType]) -> TensorType:
        """The type of a value in all instances, with names for sizes that differ."""
        first = types[0]
        dims = zip(*(type_.shape for type_ in types), strict=True)
        return TensorType(
            tuple(self._dim(column, axis, first.rank) for axis, column in enumerate(dims)),
            first.dtype,
        )

    def _dim(self, column: tuple[Dim, ...], axis: int, rank: int) -> Dim:
        if _is_constant(column):
            return column[0]
        for name, values in self.columns.items():
            if values == column:
                return symbol(name)
            factor = _factor(column, values)
            if factor:
                return factor * symbol(name)
        letters = _LETTERS if rank == 4 else ("N", "C", "L") if rank == 3 else ()
        return symbol(letters[axis] if axis < len(letters) else f"D{axis}")


_RESERVED = frozenset({"self", "x", "i", "torch", "nn", "F", "math"})


def names_of(text: str) -> set[str]:
    """The names in an expression."""
    return set(NAME.findall(text))


def _parts(hint: str, column: Column) -> list[tuple[str, Column]]:
    """A column of tuples as one column an element, if all are equally long."""
    width = _width(column)
    if not width or _is_constant(column):
        return [(hint, _Typed(column))]
    return [(hint, _Typed(each[k] for each in column)) for k in range(width)]  # type: ignore[index]  # all are tuples


def _width(column: Column) -> int:
    lengths = {len(each) if isinstance(each, tuple) else 0 for each in column}
    return lengths.pop() if len(lengths) == 1 else 0


def _is_constant(column: Sequence[object]) -> bool:
    first = column[0]
    return all(type(each) is type(first) and each == first for each in column)


def _derived(column: Column, bases: Mapping[Column, str]) -> str | None:
    """How a column follows from arguments; None where it does not."""
    if column in bases:
        return bases[column]
    if not is_whole(column):
        return None
    whole = {base: name for base, name in bases.items() if is_whole(base)}
    for base, name in whole.items():
        factor = _factor(column, base)
        if factor:
            return f"{factor} * {name}"
        divisor = _divisor(column, base)
        if divisor:
            return f"{name} // {divisor}"
    return None


def is_whole(column: Sequence[object]) -> TypeGuard[tuple[int, ...]]:
    """Whether all values are whole numbers."""
    return all(type(each) is int for each in column)


def _factor(column: Sequence[object], base: Sequence[object]) -> int:
    """The number by which a column is larger than another; 0 where there is none."""
    if not (is_whole(column) and is_whole(base)):
        return 0
    pair = next(((c, b) for c, b in zip(column, base, strict=True) if b), None)
    factor = pair[0] // pair[1] if pair else 0
    fits = 2 <= factor <= LARGEST_FACTOR
    return factor if fits and all(c == factor * b for c, b in zip(column, base, strict=True)) else 0


def _divisor(column: tuple[int, ...], base: tuple[int, ...]) -> int:
    """The least number by which a column is smaller than another, rounded down; 0 where none."""
    pairs = list(zip(column, base, strict=True))
    if any(b <= 0 or c > b // 2 for c, b in pairs):
        return 0
    limits = [(b // (c + 1) + 1, b // c if c else LARGEST_FACTOR) for c, b in pairs]
    least, most = max(low for low, _ in limits), min(high for _, high in limits)
    return least if 2 <= least <= min(most, LARGEST_FACTOR) else 0


def _type_of(column: Column) -> str:
    kinds = {type(each) for each in column}
    if kinds <= {int, bool} and len(kinds) > 1:
        return "int"
    if kinds == {int, float}:
        return "float"
    names = {bool: "bool", int: "int", float: "float", str: "str", tuple: "tuple[int, ...]"}
    return " | ".join(sorted(names.get(kind, "object") for kind in kinds))
