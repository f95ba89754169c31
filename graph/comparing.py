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
Column = tuple[Argument, ...]


class Arguments:
    """The arguments of a class: `columns` of values, one for each instance, that differ.

    What can be calculated from another argument, such as `2 * in_channels`, needs none of its own.
    """

    def __init__(
        self,
        needed: Iterable[tuple[str, Column]],
        parameters: Mapping[str, Column],
        formulas: Mapping[str, Column],
    ) -> None:
        self._formulas = {
            column: text for text, column in formulas.items() if not _is_constant(column)
        }
        self._known: dict[Column, Argument] = {}
        self.columns: dict[str, Column] = {}
        columns: dict[Column, str] = {}
        for hint, column in needed:
            for name, part in _parts(hint, column):
                if not _is_constant(part):
                    columns.setdefault(part, name)
        self._choose(columns, parameters)

    def _choose(self, needed: Mapping[Column, str], parameters: Mapping[str, Column]) -> None:
        formals = {
            column: name
            for name, column in reversed(list(parameters.items()))
            if not _is_constant(column)
        }
        chosen = {column: formals[column] for column in needed if column in formals}
        named = {name: column for column, name in formals.items()}
        for column in needed:
            words = names_of(self._formulas.get(column, "")) - named.keys()
            if column in self._formulas and column not in chosen and not words:
                parts = sorted(names_of(self._formulas[column]))
                chosen |= {named[name]: name for name in parts}
        for column, hint in needed.items():
            if column in chosen or self._formula(column, chosen) or _derived(column, chosen):
                continue
            through = next((f for f in formals if _derived(column, {f: formals[f]})), None)
            chosen[through or column] = formals[through] if through else hint
        for column in [column for column in chosen if column not in formals]:
            others = {other: name for other, name in chosen.items() if other != column}
            if _derived(column, others):
                chosen = others
        order = {column: place for place, column in enumerate(needed)}
        taken = set(_RESERVED)
        for column in sorted(chosen, key=lambda column: order.get(column, len(order))):
            name = chosen[column].strip("_") or "size"
            name = unique(name if is_usable(name) else f"{name}_", taken)
            taken.add(name)
            self.columns[name] = column

    def _formula(self, column: Column, bases: Mapping[Column, str]) -> str | None:
        """What the definition itself calculates the column by, if these arguments suffice."""
        text = self._formulas.get(column)
        return text if text and names_of(text) <= set(bases.values()) else None

    @property
    def given(self) -> tuple[Given, ...]:
        """What the constructor takes."""
        return tuple(Given(name, _type_of(column)) for name, column in self.columns.items())

    def written(self, column: Column) -> Argument:
        """What stands in the class for values that differ as in this column."""
        if _is_constant(column):
            return column[0]  # not looked up: True and 1 are equal keys
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
    return set(re.findall(r"[A-Za-z_]\w*", text))


def _parts(hint: str, column: Column) -> list[tuple[str, Column]]:
    """A column of tuples as one column an element, if all are equally long."""
    width = _width(column)
    if not width or _is_constant(column):
        return [(hint, column)]
    return [(hint, tuple(each[k] for each in column)) for k in range(width)]  # type: ignore[index]  # all are tuples


def _width(column: Column) -> int:
    lengths = {len(each) if isinstance(each, tuple) else 0 for each in column}
    return lengths.pop() if len(lengths) == 1 else 0


def _is_constant(column: Sequence[object]) -> bool:
    first = column[0]
    return all(type(each) is type(first) and each == first for each in column)


def _derived(column: Column, bases: Mapping[Column, str]) -> str | None:
    """How a column follows from arguments; None where it does not."""
    if column in bases and all(
        type(a) is type(b)
        for base in bases
        if base == column
        for a, b in zip(base, column, strict=True)
    ):
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
