"""Truth values: Compare, Not, And, Or, and what they decide: Where and Masked fill."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from graph.block import Block, Category, Emit, Example, block
from graph.blocks._broadcasting import together
from graph.blocks._common import need_floats
from graph.blocks._numbers import STRICTER, need_numbers, need_truth, written
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.saved import Saved
from graph.tensor import T, TensorType, broadcast, show_shape

_SIGNS: Mapping[str, str] = {
    "greater": ">",
    "greater or equal": ">=",
    "less": "<",
    "less or equal": "<=",
    "equal": "==",
    "not equal": "!=",
}
_LARGEST_HALF = 65504.0


@block(
    "compare",
    title="Compare",
    category=Category.LOGIC,
    glyph=">",
    keywords=("greater", "less", "equal", "threshold", "mask", "gt", "lt", "eq", "ne"),
    stem="is_so",
)
class Compare(Block):
    """Asks of each number whether it is greater, less or equal than another.

    Use it to make masks, such as of tokens that are no padding.

    Shape: `(…), (…) -> (…)` of truth values; without `b` it compares with a fixed number.
    """

    relation: str = param(
        default="greater", choices=tuple(_SIGNS), help="What a must be for the answer yes."
    )
    value: float = param(default=0.0, help="What a is compared with where nothing is wired to b.")

    port_help = {"a": "What is asked about.", "b": "What it is compared with."}
    stricter = STRICTER
    examples = (
        Example({}, a=T("N", 8)),
        Example({"relation": "not equal"}, a=T("N", "T", dtype="int64")),
        Example({"relation": "less", "value": 0.5}, a=T("N", dtype="uint8")),
        Example({"relation": "equal"}, a=T("N", "T", 1), b=T("N", 1, "T")),
        Example({"relation": "less or equal"}, a=T("N", dtype="int64"), b=T()),
        Example({}, a=T("N", 8), b=T("N", 9), fails="shapes that are equal"),
        Example({}, a=T("N", 8, dtype="bool"), fails="needs real numbers"),
    )

    def infer(self, a: TensorType, b: TensorType | None = None) -> TensorType:
        need_numbers(a, "a")
        if b is None:
            return a.with_dtype("bool")
        need_numbers(b, "b")
        return together(a, b, "b").with_dtype("bool")

    def emit(self, a: TensorType, b: TensorType | None = None) -> Emit:
        sign = _SIGNS[self.relation]
        if b is not None:
            return Emit(f"{{y}} = {{a}} {sign} {{b}}")
        fits = a.is_float or 0 <= self.value < 128
        number = written(self.value) if fits else repr(self.value)
        return Emit(f"{{y}} = {{a}} {sign} {number}")

    def summary(self) -> str:
        return f"{_SIGNS[self.relation]} {self.value:g}"


@block(
    "logical_not",
    title="Not",
    category=Category.LOGIC,
    glyph="¬",
    keywords=("invert", "negate", "mask", "logical"),
    stem="is_not",
)
class LogicalNot(Block):
    """Turns yes into no and no into yes.

    Use it where a mask says what to hide and a layer asks what to show.

    Shape: `(…) -> (…)` of truth values.
    """

    stricter = STRICTER
    examples = (
        Example({}, x=T("N", "T", dtype="bool")),
        Example({}, x=T(dtype="bool")),
        Example({}, x=T("N", 8), fails="needs truth values"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_truth(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        return Emit("{y} = ~{x}")


class _Connective(Block):
    """One answer of several."""

    stricter = STRICTER
    examples = (
        Example({}, xs=[T("N", 8, dtype="bool"), T("N", 8, dtype="bool")]),
        Example(
            {},
            xs=[T("N", 1, "T", dtype="bool"), T("N", "T", 1, dtype="bool"), T("T", dtype="bool")],
        ),
        Example({}, xs=[T("N", dtype="bool")]),
        Example(
            {}, xs=[T("N", 8, dtype="bool"), T("N", 9, dtype="bool")], fails="shapes that are equal"
        ),
        Example({}, xs=[T("N", 8, dtype="bool"), T("N", 8)], fails="needs truth values"),
    )

    def infer(self, *xs: TensorType) -> TensorType:
        for x in xs:
            need_truth(x, "xs")
        return reduce(lambda left, right: together(left, right, "xs"), xs)


def _joined(sign: str, count: int) -> Emit:
    return Emit("{y} = " + f" {sign} ".join(f"{{xs[{at}]}}" for at in range(count)))


@block(
    "logical_and",
    title="And",
    category=Category.LOGIC,
    glyph="&",
    keywords=("both", "all", "mask", "logical", "intersection"),
    stem="are_all",
)
class LogicalAnd(_Connective):
    """Says yes where all say yes; sizes of 1 are repeated.

    Use it to join masks of what may be seen.

    Shape: `(…), (…), … -> (…)` of truth values.
    """

    def emit(self, *xs: TensorType) -> Emit:
        return _joined("&", len(xs))


@block(
    "logical_or",
    title="Or",
    category=Category.LOGIC,
    glyph="|",
    keywords=("either", "any", "mask", "logical", "union"),
    stem="is_any",
)
class LogicalOr(_Connective):
    """Says yes where one or more say yes; sizes of 1 are repeated.

    Use it to join masks of what is hidden.

    Shape: `(…), (…), … -> (…)` of truth values.
    """

    def emit(self, *xs: TensorType) -> Emit:
        return _joined("|", len(xs))


@block(
    "where",
    title="Where",
    category=Category.LOGIC,
    glyph="?:",
    keywords=("if", "choose", "condition", "select", "switch"),
    stem="chosen",
)
class Where(Block):
    """Takes each number from one tensor or from the other, as a condition says.

    Use it to replace some numbers, such as masked tokens, by others.

    Shape: `(…), (…), (…) -> (…)`; sizes of 1 are repeated.
    """

    saves = ("condition",)
    port_help = {
        "condition": "Truth values: which is taken.",
        "a": "Taken where the condition is true.",
        "b": "Taken where it is false.",
    }
    stricter = STRICTER
    examples = (
        Example({}, condition=T("N", 8, dtype="bool"), a=T("N", 8), b=T("N", 8)),
        Example({}, condition=T("N", "T", 1, dtype="bool"), a=T("N", "T", 4), b=T(4)),
        Example({}, condition=T("N", dtype="bool"), a=T("N", dtype="int64"), b=T()),
        Example({}, condition=T("N", 8), a=T("N", 8), b=T("N", 8), fails="needs truth values"),
        Example(
            {}, condition=T("N", 8, dtype="bool"), a=T("N", 7), b=T("N", 1), fails="shapes that are"
        ),
    )

    def infer(self, condition: TensorType, a: TensorType, b: TensorType) -> TensorType:
        need_truth(condition, "condition")
        made = together(a, b, "b")
        shape = broadcast(condition.shape, made.shape)
        if shape is None:
            raise Refusal(
                "needs a condition and numbers of shapes that are equal, or 1 where they differ, "
                f"but receives {show_shape(condition.shape)} and {show_shape(made.shape)}",
                port="condition",
                short=f"{show_shape(condition.shape)} ≠ {show_shape(made.shape)}",
            )
        return made.with_shape(*shape)

    def emit(self, condition: TensorType, a: TensorType, b: TensorType) -> Emit:
        return Emit("{y} = torch.where({condition}, {a}, {b})")


@block(
    "masked_fill",
    title="Masked fill",
    category=Category.LOGIC,
    glyph="Mf",
    keywords=("mask", "replace", "hide", "attention", "padding", "infinity"),
    stem="filled",
)
class MaskedFill(Block):
    """Replaces the numbers where a mask is true by a fixed one.

    Use it to hide scores from a Softmax, with minus infinity, or to blank what is padding.

    Shape: `(…), (…) -> (…)`; sizes of 1 are repeated.
    """

    fill: str = param(
        default="value", choices=("value", "-infinity"), help="What stands there then."
    )
    value: float = param(
        default=0.0, help="The number that stands there then.",
        show_if=lambda block: block.fill == "value",
    )  # fmt: skip
    where_false: bool = param(default=False, help="Replace where the mask is false instead.")

    port_help = {"mask": "Truth values: which numbers are replaced."}
    stricter = STRICTER
    examples = (
        Example({}, x=T("N", 8), mask=T("N", 8, dtype="bool")),
        Example(
            {"fill": "-infinity", "where_false": True},
            x=T("N", 2, "T", "T"),
            mask=T("N", 1, 1, "T", dtype="bool"),
        ),
        Example({"value": -1e9}, x=T("N", 1), mask=T("N", 5, dtype="bool")),
        Example({}, x=T("N", 8), mask=T("N", 8), fails="needs truth values"),
        Example({}, x=T("N", 8), mask=T("N", 9, dtype="bool"), fails="shapes that are equal"),
        Example(
            {"value": 1e9}, x=T("N", dtype="float16"), mask=T("N", dtype="bool"), fails="65504"
        ),
        Example(
            {}, x=T("N", dtype="int64"), mask=T("N", dtype="bool"), fails="needs floating-point"
        ),
    )

    def infer(self, x: TensorType, mask: TensorType) -> TensorType:
        need_floats(x)
        need_truth(mask, "mask")
        if x.dtype == "float16" and self.fill == "value" and abs(self.value) > _LARGEST_HALF:
            raise Refusal(
                f"fills in {self.value:g}, but float16 ends at {_LARGEST_HALF:g}",
                hints=(SetParam("fill", "-infinity"),),
            )
        return x.with_shape(*together(x, mask, "mask").shape)

    def emit(self, x: TensorType, mask: TensorType) -> Emit:
        sign = "~" if self.where_false else ""
        value = float("-inf") if self.fill == "-infinity" else self.value
        return Emit(
            f"{{y}} = {{x}}.masked_fill({sign}{{mask}}, {{value}})", values={"value": value}
        )

    def saved(self, x: TensorType, mask: TensorType) -> Saved:
        return Saved.of((), mask) if self.where_false else Saved(("mask",))

    def summary(self) -> str:
        value = "-∞" if self.fill == "-infinity" else f"{self.value:g}"
        return f"{value}  where false" if self.where_false else value
