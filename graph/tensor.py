"""Tensor types: shapes whose sizes may be symbols (N batch, T time), and dtypes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

DType = Literal[
    "float32",
    "float64",
    "float16",
    "bfloat16",
    "int64",
    "int32",
    "uint8",
    "bool",
    "complex64",
]
DTYPES: tuple[str, ...] = get_args(DType)
FLOATS = frozenset({"float32", "float64", "float16", "bfloat16"})
INTEGERS = frozenset({"int64", "int32", "uint8"})
BYTES_OF: Mapping[str, int] = {
    "float32": 4,
    "float64": 8,
    "float16": 2,
    "bfloat16": 2,
    "int64": 8,
    "int32": 4,
    "uint8": 1,
    "bool": 1,
    "complex64": 8,
}


@dataclass(frozen=True, slots=True)
class Quotient:
    """An atom of a symbolic size: the floor of numerator / denominator."""

    numerator: Sym
    denominator: Dim

    def __str__(self) -> str:
        return f"(({self.numerator})//({self.denominator}))"


Atom = str | Quotient
Term = tuple[Atom, ...]


class Sym:
    """A size that is not known yet, as a canonical polynomial of symbols and quotients.

    Two sizes are equal when their polynomials are, so `T + T == 2 * T`. Arithmetic that comes out
    as a plain number answers an `int`: whoever has a `Sym` has something truly symbolic.
    """

    __slots__ = ("_hash", "terms")

    def __init__(self, terms: dict[Term, int]) -> None:
        self.terms = terms
        self._hash: int | None = None

    @staticmethod
    def named(name: str) -> Sym:
        """The symbol itself, such as `N`."""
        return Sym({(name,): 1})

    def __add__(self, other: Dim) -> Dim:
        terms = dict(self.terms)
        for term, factor in _terms(other).items():
            terms[term] = terms.get(term, 0) + factor
        return _simplest(terms)

    __radd__ = __add__

    def __neg__(self) -> Dim:
        return _simplest({term: -factor for term, factor in self.terms.items()})

    def __sub__(self, other: Dim) -> Dim:
        return self + (-other)

    def __rsub__(self, other: Dim) -> Dim:
        return (-self) + other

    def __mul__(self, other: Dim) -> Dim:
        product: dict[Term, int] = {}
        for left, factor in self.terms.items():
            for right, by in _terms(other).items():
                term = tuple(sorted(left + right, key=str))
                product[term] = product.get(term, 0) + factor * by
        return _simplest(product)

    __rmul__ = __mul__

    def __floordiv__(self, other: Dim) -> Dim:
        if other == 0:
            raise ZeroDivisionError("a size divided by zero")
        if isinstance(other, int):
            whole = _simplest({t: f // other for t, f in self.terms.items()})
            rest = _simplest({t: f % other for t, f in self.terms.items()})
            if isinstance(rest, int):
                return whole + rest // other
            return whole + Sym({(Quotient(rest, other),): 1})
        exact = self._divided_exactly(other)
        return exact if exact is not None else Sym({(Quotient(self, other),): 1})

    def __rfloordiv__(self, other: Dim) -> Dim:
        if isinstance(other, int):
            return Sym({(Quotient(Sym({(): other}), self),): 1}) if other else 0
        return other // self

    def _divided_exactly(self, other: Sym) -> Dim | None:
        if len(other.terms) != 1:
            return 1 if self == other else None
        (divisor, factor), *_ = other.terms.items()
        quotient: dict[Term, int] = {}
        for term, by in self.terms.items():
            rest = list(term)
            for atom in divisor:
                if atom not in rest:
                    return None
                rest.remove(atom)
            if by % factor:
                return None
            quotient[tuple(rest)] = by // factor
        return _simplest(quotient)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sym) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __str__(self) -> str:
        parts = []
        for term, factor in sorted(self.terms.items(), key=lambda tf: (-len(tf[0]), str(tf[0]))):
            product = "*".join(str(atom) for atom in term)
            if not term:
                parts.append(str(factor))
            elif factor in (1, -1):
                parts.append(product if factor == 1 else f"-{product}")
            else:
                parts.append(f"{factor}*{product}")
        return "+".join(parts).replace("+-", "-")

    def __repr__(self) -> str:
        return f"Sym({self})"


Dim = int | Sym
Shape = tuple[Dim, ...]


def _terms(dim: Dim) -> dict[Term, int]:
    return dim.terms if isinstance(dim, Sym) else {(): dim}


def _simplest(terms: dict[Term, int]) -> Dim:
    kept = {term: factor for term, factor in terms.items() if factor}
    if not kept:
        return 0
    if len(kept) == 1 and () in kept:
        return kept[()]
    return Sym(kept)


@cache
def symbol(name: str) -> Sym:
    """The symbolic size of that name; `N` is the batch and `T` the time by convention."""
    if not name.isidentifier():
        raise ValueError(f"a symbolic size is named by letters, digits and _, not {name!r}")
    return Sym.named(name)


def evaluate(dim: Dim, sizes: Mapping[str, int]) -> Dim:
    """The size with symbols replaced by numbers, as far as `sizes` names them."""
    if isinstance(dim, int):
        return dim
    total: Dim = 0
    for term, factor in dim.terms.items():
        product: Dim = factor
        for atom in term:
            product = product * _evaluate_atom(atom, sizes)
        total = total + product
    return total


def _evaluate_atom(atom: Atom, sizes: Mapping[str, int]) -> Dim:
    if isinstance(atom, Quotient):
        return evaluate(atom.numerator, sizes) // evaluate(atom.denominator, sizes)
    return sizes.get(atom, symbol(atom))


def symbols_in(dim: Dim) -> set[str]:
    """The names of the symbols a size is made of."""
    if isinstance(dim, int):
        return set()
    found: set[str] = set()
    for term in dim.terms:
        for atom in term:
            if isinstance(atom, Quotient):
                found |= symbols_in(atom.numerator) | symbols_in(atom.denominator)
            else:
                found.add(atom)
    return found


def product(dims: Shape) -> Dim:
    """The number of elements of a shape; 1 for a scalar."""
    total: Dim = 1
    for dim in dims:
        total = total * dim
    return total


def show_shape(shape: Shape) -> str:
    """A shape as people read it, such as `N×3×224×224`; a scalar reads `scalar`."""
    return "×".join(str(dim) for dim in shape) if shape else "scalar"


@dataclass(frozen=True, slots=True)
class TensorType:
    """What flows along an edge: a shape and a dtype."""

    shape: Shape
    dtype: str = "float32"

    @property
    def rank(self) -> int:
        """How many axes there are."""
        return len(self.shape)

    @property
    def is_float(self) -> bool:
        """Whether gradients can flow through it."""
        return self.dtype in FLOATS

    @property
    def is_integer(self) -> bool:
        """Whether its values can be indices."""
        return self.dtype in INTEGERS

    def with_shape(self, *shape: Dim) -> TensorType:
        """The same dtype in another shape."""
        return TensorType(shape, self.dtype)

    def with_dtype(self, dtype: str) -> TensorType:
        """The same shape in another dtype."""
        return TensorType(self.shape, dtype)

    def at(self, sizes: Mapping[str, int]) -> TensorType:
        """The same type with symbols replaced by numbers."""
        return TensorType(tuple(evaluate(dim, sizes) for dim in self.shape), self.dtype)

    def elements(self) -> Dim:
        """How many numbers it holds."""
        return product(self.shape)

    def bytes(self) -> Dim:
        """How much memory it takes, in bytes."""
        return self.elements() * BYTES_OF[self.dtype]

    def __str__(self) -> str:
        shape = show_shape(self.shape)
        return shape if self.dtype == "float32" else f"{shape} {self.dtype}"


def T(*dims: int | str | Sym, dtype: str = "float32") -> TensorType:
    """A tensor type written short: `T("N", 3, 28, 28)`."""
    return TensorType(tuple(symbol(d) if isinstance(d, str) else d for d in dims), dtype)


def broadcast(left: Shape, right: Shape) -> Shape | None:
    """The shape two operands broadcast to, or None where they do not."""
    result: list[Dim] = []
    for i in range(1, max(len(left), len(right)) + 1):
        a = left[-i] if i <= len(left) else 1
        b = right[-i] if i <= len(right) else 1
        if a == b or b == 1:
            result.append(a)
        elif a == 1:
            result.append(b)
        else:
            return None
    return tuple(reversed(result))
