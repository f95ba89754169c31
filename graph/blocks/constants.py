"""Numbers that come from no data: Parameter, which learns, and Constant, which does not."""

from __future__ import annotations

import math
from math import prod

from graph.block import Argument, Block, Call, Category, Emit, Example, block
from graph.params import Ints, param
from graph.problems import Refusal, SetParam
from graph.tensor import Dim, T, TensorType

_MOST_VALUES = 4096
_KINDS = ("float32", "int64", "bool")


@block(
    "parameter",
    title="Parameter",
    category=Category.TENSOR,
    glyph="Pm",
    keywords=("learned", "weight", "class token", "query", "embedding", "nn.Parameter", "bias"),
    stem="weight",
)
class Parameter(Block):
    """A tensor that learns: numbers that training changes and no input does.

    Use it for class tokens, learned queries, and scales of a layer that you draw yourself.

    Shape: `() -> (…shape)`; with something wired to `batch`, `(N, …) -> (N, …shape)`.
    """

    is_view = True

    shape: Ints = param(default=(1, 64), ge=1, help="Its sizes; none for a single number.")
    start: str = param(
        default="normal", choices=("normal", "value"), help="What the numbers are before learning."
    )
    spread: float = param(
        default=0.02, gt=0, help="Standard deviation of the normal numbers.",
        show_if=lambda block: block.start == "normal",
    )  # fmt: skip
    value: float = param(
        default=0.0, help="Every number before learning.",
        show_if=lambda block: block.start == "value",
    )  # fmt: skip

    port_help = {"batch": "Each row of it gets the tensor; without it there is no batch axis."}
    examples = (
        Example({"shape": (4, 8)}),
        Example({"shape": (1, 16)}, batch=T("N", "T", 16)),
        Example({"shape": (), "start": "value", "value": 1.0}),
        Example({"shape": (3, 1), "start": "value"}, batch=T("N", dtype="int64")),
        Example({"shape": (7,), "start": "value", "value": -0.5}),
        Example({"shape": (3,)}, batch=T(), fails="needs a batch axis"),
    )

    def infer(self, batch: TensorType | None = None) -> TensorType:
        return T(*_for_each(batch, self.shape))

    def emit(self, batch: TensorType | None = None) -> Emit:
        return _given(batch, self.shape, weight=Call("nn.Parameter", self.made()))

    def made(self) -> Call:
        """The numbers before learning."""
        if self.start == "normal":
            return Call("torch.normal", 0.0, self.spread, self.shape)
        if self.value in (0.0, 1.0) and self.shape:
            return Call("torch.ones" if self.value else "torch.zeros", *self.shape)
        return _full(self.shape, self.value)

    def parameters(self, batch: TensorType | None = None) -> int:
        return prod(self.shape)

    def summary(self) -> str:
        return "×".join(map(str, self.shape)) or "one number"


@block(
    "constant",
    title="Constant",
    category=Category.TENSOR,
    glyph="Kc",
    keywords=("buffer", "number", "fixed", "tensor", "mean", "weights", "zeros", "initial state"),
)
class Constant(Block):
    """Numbers that never change.

    Use it for what a formula needs, such as the means and spreads that images are scaled with, and
    for the zeros that a state starts from.

    Shape: `() -> (…shape)`; with something wired to `batch`, `(N, …) -> (N, …shape)`.
    """

    is_view = True

    numbers: str = param(
        default="1.0", help="One number for all places, or one for each, separated by commas."
    )
    shape: Ints = param(default=(), ge=1, help="Its sizes; none for a single number.")
    dtype: str = param(default="float32", choices=_KINDS, help="The kind of numbers.")

    port_help = Parameter.port_help
    examples = (
        Example({}),
        Example({"numbers": "0", "shape": (8,)}, batch=T("N", "T", 16)),
        Example({"numbers": "1, 2", "shape": (2,), "dtype": "int64"}, batch=T("N")),
        Example({"shape": (3,)}, batch=T(), fails="needs a batch axis"),
        Example({"numbers": "0.485, 0.456, 0.406", "shape": (3, 1, 1)}),
        Example({"numbers": "3, 1, 2", "shape": (3,), "dtype": "int64"}),
        Example({"numbers": "-1", "shape": (2, 2), "dtype": "int64"}),
        Example({"numbers": "1, 0", "shape": (2,), "dtype": "bool"}),
        Example({"numbers": "1, 2", "shape": (3,)}, fails="2 numbers for 3 places"),
        Example({"numbers": "1, a"}, fails="no number"),
        Example({"numbers": "0.5", "dtype": "int64"}, fails="no whole number"),
        Example({"numbers": "2", "dtype": "bool"}, fails="0 or 1"),
        Example({"numbers": "1e999"}, fails="no number"),
        Example({"numbers": ""}, fails="0 numbers"),
    )

    def parsed(self) -> tuple[float, ...]:
        """The numbers as typed: whole ones and truth values as such."""
        parts = [part.strip() for part in self.numbers.split(",") if part.strip()]
        if len(parts) > _MOST_VALUES:
            raise Refusal(
                f"holds {len(parts)} numbers, but at most {_MOST_VALUES} can be typed; use an "
                "Input for more"
            )
        found = tuple(self.number(part) for part in parts)
        places = prod(self.shape)
        if len(found) not in (1, places):
            raise Refusal(
                f"has {len(found)} numbers for {places} places; give one for all or one for each",
                hints=(SetParam("shape", (len(found),)),) if found else (),
            )
        return found

    def number(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise Refusal(f"has “{text[:20]}” among its numbers, which is no number")
        if self.dtype == "float32":
            return value
        if value != int(value) or abs(value) >= 1 << 53:
            raise Refusal(
                f"has “{text[:20]}” among its numbers, which is no whole number for {self.dtype}",
                hints=(SetParam("dtype", "float32"),),
            )
        if self.dtype == "bool" and value not in (0, 1):
            raise Refusal(
                f"has “{text[:20]}” among its numbers, but truth values are 0 or 1",
                hints=(SetParam("dtype", "int64"),),
            )
        return bool(value) if self.dtype == "bool" else int(value)

    def infer(self, batch: TensorType | None = None) -> TensorType:
        self.parsed()
        return T(*_for_each(batch, self.shape), dtype=self.dtype)

    def emit(self, batch: TensorType | None = None) -> Emit:
        numbers = self.parsed()
        if len(numbers) == 1:
            made = _full(self.shape, numbers[0])
        else:
            made = Call("torch.tensor", numbers)
            made = made if len(self.shape) == 1 else Call("torch.reshape", made, self.shape)
        return _given(batch, self.shape, constant=Call("nn.Buffer", made, persistent=False))

    def summary(self) -> str:
        return self.numbers if len(self.numbers) <= 20 else f"{self.numbers[:19]}…"


def _for_each(batch: TensorType | None, shape: Ints) -> tuple[Dim, ...]:
    if batch is None:
        return shape
    if not batch.shape:
        raise Refusal("needs a batch axis (N, …), but receives a scalar", port="batch")
    return (batch.shape[0], *shape)


def _given(batch: TensorType | None, shape: Ints, **kept: Call) -> Emit:
    """What the model keeps, given once or to each row of a batch."""
    (name,) = kept
    if batch is None:
        return Emit(f"{{y}} = {{{name}}}", kept)
    return Emit(f"{{y}} = {{{name}}}.expand({{batch}}.shape[0]{', -1' * len(shape)})", kept)


def _full(shape: Ints, value: Argument) -> Call:
    return Call("torch.full", shape, value) if shape else Call("torch.tensor", value)
