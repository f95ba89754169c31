"""Sums of products: Einsum, Outer product, Cosine similarity."""

from __future__ import annotations

import re

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._broadcasting import together
from graph.blocks._common import axis_in, changed, need_floats
from graph.params import param
from graph.problems import Refusal, SetUpstream
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, broadcast, product, show_shape

_EQUATION = re.compile(r"([a-zA-Z]*(?:,[a-zA-Z]*)*)->([a-zA-Z]*)", re.ASCII)


def _need_one_dtype(first: TensorType, x: TensorType, port: str) -> None:
    need_floats(x, port)
    if x.dtype != first.dtype:
        raise Refusal(
            f"needs all in one dtype, but receives {first.dtype} and {x.dtype}",
            port=port,
            short=f"{first.dtype} ≠ {x.dtype}",
            hints=(SetUpstream(port, "dtype", first.dtype),),
        )


@block(
    "einsum",
    title="Einsum",
    category=Category.MATH,
    glyph="Ei",
    keywords=("einstein", "sum", "contraction", "bilinear", "tensor product", "attention"),
    stem="product",
)
class Einsum(Block):
    """Multiplies tensors and adds up along the axes that the result does not name.

    Use it for products that MatMul has no axes for, such as scores of many heads.

    Shape: as the equation says; each letter is an axis, the same letter has the same size.

    Multiply-adds are those of products from left to right, which is how torch goes by itself.
    """

    equation: str = param(
        default="bij,bjk->bik",
        help="The axes of each input, separated by commas, and of the result, as bij,bjk->bik.",
    )
    average: bool = param(
        default=False, help="Take the mean over what is added up instead of the sum."
    )

    examples = (
        Example({}, xs=[T("N", 4, 5), T("N", 5, 6)]),
        Example({"equation": "bqhd,bkhd->bhqk"}, xs=[T("N", "T", 2, 8), T("N", "T", 2, 8)]),
        Example({"equation": "b i, o i -> b o"}, xs=[T("N", 4), T(3, 4)]),
        Example({"equation": "bi,oij,bj->bo"}, xs=[T("N", 4), T(3, 4, 5), T("N", 5)]),
        Example({"equation": "bii->b"}, xs=[T("N", 4, 4)]),
        Example({"equation": "bi,bj->bij"}, xs=[T("N", 4), T("N", 5)]),
        Example({"equation": "bij,bk->bi"}, xs=[T("N", 4, 3), T("N", 5)]),
        Example({"average": True}, xs=[T("N", 4, "T"), T("N", "T", 6)]),
        Example({"equation": "bsic,bsjd->bijcd", "average": True}, xs=[T("N", 3, 4, 2)] * 2),
        Example({"equation": "bi,bj->b", "average": True}, xs=[T("N", "T"), T("N", 5)]),
        Example({"equation": "bi,bi->"}, xs=[T("N", 4), T("N", 4)]),
        Example({}, xs=[T("N", 4, 5), T("N", 4, 6)], fails="j is 5 and 4"),
        Example({}, xs=[T("N", 4, 5)], fails="2 tensors"),
        Example({}, xs=[T("N", 4, 5), T("N", 5)], fails="3 axes for bjk"),
        Example({"equation": "bi,bi"}, xs=[T("N", 4), T("N", 4)], fails="one arrow"),
        Example({"equation": "bi,bi->bk"}, xs=[T("N", 4), T("N", 4)], fails="k stands in no"),
        Example({"equation": "bi,bi->bb"}, xs=[T("N", 4), T("N", 4)], fails="twice"),
        Example({}, xs=[T("N", 4, 5), T("N", 5, 6, dtype="float64")], fails="one dtype"),
        Example({}, xs=[T("N", 4, 5, dtype="int64"), T("N", 5, 6)], fails="needs floating-point"),
    )
    stricter = {
        "one arrow": "Torch guesses the result by the order of letters.",
        "one dtype": "Torch takes several only where nothing is added up.",
    }

    def parsed(self) -> tuple[list[str], str]:
        """The letters of each input and of the result."""
        match = _EQUATION.fullmatch(self.equation.replace(" ", ""))
        if match is None:
            raise Refusal(
                f"is given “{self.equation[:60]}”; it needs letters for the axes of each input, "
                "commas between them and one arrow to the result, as bij,bjk->bik"
            )
        terms, result = match[1].split(","), match[2]
        for letter in result:
            if not any(letter in term for term in terms):
                raise Refusal(f"asks for the axis {letter}, but {letter} stands in no input")
            if result.count(letter) > 1:
                raise Refusal(f"asks for the axis {letter} twice; name it once")
        return terms, result

    def sizes(self, xs: tuple[TensorType, ...]) -> dict[str, Dim]:
        """The size of each letter."""
        terms, _ = self.parsed()
        if len(terms) != len(xs):
            count = "1 tensor" if len(terms) == 1 else f"{len(terms)} tensors"
            raise Refusal(
                f"needs {count} for “{self.equation}”, but receives {len(xs)}",
                port="xs",
                short=f"{len(xs)} ≠ {len(terms)}",
            )
        found: dict[str, Dim] = {}
        for term, x in zip(terms, xs, strict=True):
            if len(term) != x.rank:
                raise Refusal(
                    f"needs {len(term)} axes for {term or 'nothing'}, but receives "
                    f"{show_shape(x.shape)}",
                    port="xs",
                    short=f"rank {x.rank} ≠ {len(term)}",
                )
            own: dict[str, Dim] = {}
            for letter, dim in zip(term, x.shape, strict=True):
                self.check_size(letter, own.setdefault(letter, dim), dim)
            for letter, dim in own.items():
                before = found.get(letter, 1)
                if 1 not in (before, dim):
                    self.check_size(letter, before, dim)
                found[letter] = dim if before == 1 else before
        return found

    def check_size(self, letter: str, one: Dim, other: Dim) -> None:
        if one != other:
            raise Refusal(
                f"needs one size for each letter of “{self.equation}”, but {letter} is {one} "
                f"and {other}",
                port="xs",
                short=f"{one} ≠ {other}",
            )

    def infer(self, *xs: TensorType) -> TensorType:
        for x in xs:
            _need_one_dtype(xs[0], x, "xs")
        sizes = self.sizes(xs)
        return xs[0].with_shape(*(sizes[letter] for letter in self.parsed()[1]))

    def emit(self, *xs: TensorType) -> Emit:
        equation = self.equation.replace(" ", "")
        code, values = "torch.einsum({equation}, {xs})", {"equation": equation}
        lengths = self.lengths(xs) if self.average else []
        if len(lengths) > 1:
            text = f"{{_sum}} = {code}\n{{y}} = {{_sum}} / ({' * '.join(lengths)})"
        else:
            text = " / ".join([f"{{y}} = {code}", *lengths])
        return Emit(text, values=values)

    def lengths(self, xs: tuple[TensorType, ...]) -> list[str]:
        """The code of how long each axis is that is added up."""
        terms, result = self.parsed()
        sizes = self.sizes(xs)
        found = []
        for letter in sorted(set("".join(terms)) - set(result)):
            number = next(
                n for n, term in enumerate(terms)
                if letter in term and xs[n].shape[term.index(letter)] == sizes[letter]
            )  # fmt: skip
            found.append(f"{{xs[{number}]}}.shape[{terms[number].index(letter)}]")
        return found

    def multiply_adds(self, *xs: TensorType) -> Dim:
        sizes = self.sizes(xs)
        terms, result = self.parsed()
        total: Dim = 0
        left = set(terms[0])
        for number, term in enumerate(terms[1:], 1):
            kept = set(result).union(*terms[number + 1 :])
            right = set(term)
            summed = (left | right) - kept
            # What stands on one side only is added up before anything is multiplied.
            multiplied = (left | right) - (summed - (left & right))
            if summed:
                total = total + product(tuple(sizes[letter] for letter in sorted(multiplied)))
            left = (left | right) & kept
        return total

    def summary(self) -> str:
        return f"mean  {self.equation}" if self.average else self.equation


@block(
    "outer_product",
    title="Outer product",
    category=Category.MATH,
    glyph="⊗",
    keywords=("tensor product", "pairs", "interaction", "outer"),
    stem="pairs",
)
class OuterProduct(Block):
    """Multiplies every number of one row with every number of another.

    Use it to let each feature of one thing meet each of another.

    Shape: `(…, m), (…, n) -> (…, m, n)`; the axes before are repeated where they are 1.
    """

    port_help = {"a": "The rows of the result.", "b": "The columns of the result."}
    examples = (
        Example({}, a=T("N", 4), b=T("N", 5)),
        Example({}, a=T("N", "T", 4), b=T("N", 1, "T")),
        Example({}, a=T(3), b=T(2)),
        Example({}, a=T(2, 4), b=T(3, 5), fails="shapes that are equal"),
        Example({}, a=T(), b=T(5), fails="at least one axis"),
        Example({}, a=T("N", 4), b=T("N", 4, dtype="float64"), fails="one dtype"),
    )
    stricter = {
        "one dtype": "Torch turns one into the other.",
        "at least one axis": "Torch takes a scalar for a row of one number.",
    }

    def infer(self, a: TensorType, b: TensorType) -> TensorType:
        need_floats(a, "a")
        _need_one_dtype(a, b, "b")
        for port, type_ in (("a", a), ("b", b)):
            if not type_.shape:
                raise Refusal("needs at least one axis, but receives a scalar", port=port)
        rows, columns = (*a.shape, 1), (*b.shape[:-1], 1, b.shape[-1])
        return together(a.with_shape(*rows), b.with_shape(*columns), "b")

    def emit(self, a: TensorType, b: TensorType) -> Emit:
        return Emit("{y} = {a}.unsqueeze(-1) * {b}.unsqueeze(-2)")

    def saved(self, a: TensorType, b: TensorType) -> Saved:
        return Saved(crossed=("a", "b"))


@block(
    "cosine_similarity",
    title="Cosine similarity",
    category=Category.MATH,
    glyph="∠",
    keywords=("angle", "similar", "distance", "contrastive", "clip"),
    stem="similarity",
)
class CosineSimilarity(Block):
    """Says how alike the directions of vectors are: 1 for the same, 0 across, -1 opposite.

    Use it to compare embeddings whose lengths do not matter.

    Shape: `(…, size, …), (…, size, …) -> (…, …)` without the axis; sizes of 1 are repeated.
    """

    axis: int = param(default=-1, help="The axis along which the vectors lie; 0 is the batch.")
    eps: float = param(
        default=1e-8, gt=0, help="The smallest product of lengths that is divided by."
    )

    examples = (
        Example({}, a=T("N", 8), b=T("N", 8)),
        Example({"axis": 1}, a=T("N", 8, "T"), b=T("N", 8, 1)),
        Example({"eps": 1e-6}, a=T("N", "T", 1, 4), b=T("N", 1, "T", 4)),
        Example({}, a=T("N", 8), b=T("N", 7), fails="shapes that are equal"),
        Example({"axis": 2}, a=T("N", 8), b=T("N", 8), fails="works on axis 2"),
        Example({}, a=T("N", 8), b=T("N", 8, dtype="float64"), fails="one dtype"),
        Example({}, a=T("N", 8, dtype="int64"), b=T("N", 8), fails="needs floating-point"),
    )
    stricter = {"one dtype": "Torch turns one into the other."}

    def infer(self, a: TensorType, b: TensorType) -> TensorType:
        need_floats(a, "a")
        _need_one_dtype(a, b, "b")
        made = together(a, b, "b")
        axis = axis_in(made, self.axis, port="b")
        return made.with_shape(*made.shape[:axis], *made.shape[axis + 1 :])

    def emit(self, a: TensorType, b: TensorType) -> Emit:
        options = changed(dim=(self.axis, 1), eps=(self.eps, 1e-8))
        words = "".join(f", {name}={{{name}}}" for name in options)
        return Emit(f"{{y}} = F.cosine_similarity({{a}}, {{b}}{words})", values=options)

    def saved(self, a: TensorType, b: TensorType) -> Saved:
        shape = broadcast(a.shape, b.shape) or a.shape
        each = self.infer(a, b)
        both = a.with_shape(*shape)
        return Saved.of(("a", "b"), both, both, *[each] * 4)

    def summary(self) -> str:
        return f"axis {self.axis}"
