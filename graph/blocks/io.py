"""Where data enters and answers leave: Input, Target, Output."""

from __future__ import annotations

import re

from graph.block import Block, Category, Emit, Example, Role, block
from graph.params import param
from graph.problems import Refusal
from graph.tensor import DTYPES, Dim, T, TensorType, symbol

_CROSS = re.compile(r"×|(?<=\d)\s*[xX]\s*(?=\d)")
"""What stands between two sizes where a person writes no comma: `3×224×224` or `3x224x224`."""


def parse_shape(text: str) -> tuple[Dim, ...]:
    """The sizes a person typed: `3, 224, 224`, `3x224x224` or `T, 16`; empty for one number a row.

    Raises:
        Refusal: a part is neither a positive number nor a name.
    """
    parts = _CROSS.sub(",", text).replace("(", "").replace(")", "").split(",")
    sizes: list[Dim] = []
    for part in (part.strip() for part in parts if part.strip()):
        if part.isdecimal() and 0 < int(part) < 1 << 31:
            sizes.append(int(part))
        elif part.isidentifier() and part.isascii() and part != "N":
            sizes.append(symbol(part))
        else:
            raise Refusal(
                f"has the shape “{text}”; “{part[:30]}” is no size. "
                "Write sizes above 0 or names, separated by commas, such as 3, 224, 224 or T, 16"
            )
    return tuple(sizes)


def _shown(text: str) -> str:
    return re.sub(r"\s*,\s*", "×", _CROSS.sub(",", text.strip("() ,")))


@block(
    "input",
    title="Input",
    category=Category.IO,
    glyph="In",
    keywords=("data", "image", "features", "x", "source"),
    role=Role.INPUT,
    stem="inputs",
)
class Input(Block):
    """Brings a column of the data into the model. Every drawing starts with one.

    Shape: `() -> (N, …shape)`, N being the batch.
    """

    column: str = param(
        default="",
        empty="the next one",
        help="The data's column; empty takes the next one that no other Input names.",
    )
    shape: str = param(
        default="1, 28, 28",
        help="Sizes of one row without the batch, such as 3, 224, 224; T, 16 for open lengths.",
    )
    dtype: str = param(default="float32", choices=DTYPES, help="The kind of numbers.")

    examples = (
        Example({}),
        Example({"shape": "T, 16", "dtype": "int64"}),
        Example({"shape": "3x32x32"}),
        Example({"shape": ""}),
        Example({"shape": "3, -1"}, fails="is no size"),
    )

    def infer(self) -> TensorType:
        return T("N", *parse_shape(self.shape), dtype=self.dtype)

    def emit(self) -> Emit:
        return Emit("")

    def summary(self) -> str:
        return f"{_shown(self.shape) or 'scalar'}  {self.dtype}"


@block(
    "target",
    title="Target",
    category=Category.IO,
    glyph="Ta",
    keywords=("label", "class", "y", "truth", "answer"),
    role=Role.TARGET,
)
class Target(Block):
    """Brings the right answers to losses and metrics; they are not needed once trained.

    Shape: `() -> (N, …shape)`; a class index a row has an empty shape.
    """

    column: str = param(
        default="",
        empty="the next one",
        help="The data's column; empty takes the next one that no other Target names.",
    )
    shape: str = param(
        default="",
        empty="one number",
        help="Sizes of one row without the batch; empty for one number.",
    )
    dtype: str = param(
        default="int64", choices=DTYPES, help="int64 for classes, float32 for measurements."
    )

    examples = (
        Example({}),
        Example({"shape": "1", "dtype": "float32"}),
        Example({"shape": "T"}),
        Example({"shape": "a b"}, fails="is no size"),
    )

    def infer(self) -> TensorType:
        return T("N", *parse_shape(self.shape), dtype=self.dtype)

    def emit(self) -> Emit:
        return Emit("")

    def summary(self) -> str:
        return f"{_shown(self.shape) or 'one number'}  {self.dtype}"


@block(
    "output",
    title="Output",
    category=Category.IO,
    glyph="Ou",
    keywords=("answer", "prediction", "result", "return"),
    role=Role.OUTPUT,
)
class Output(Block):
    """Names what the model answers. A drawing may have several.

    Shape: `(…) -> ()`.
    """

    outputs = ()
    examples = (
        Example({}, x=T("N", 10)),
        Example({}, x=T("N", 3, 8, 8)),
        Example({}, x=T("N", "T", dtype="int64")),
    )

    def infer(self, x: TensorType) -> tuple[TensorType, ...]:
        return ()

    def emit(self, x: TensorType) -> Emit:
        return Emit("")

    def summary(self) -> str:
        return ""
