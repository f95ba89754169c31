"""Dense layers and embeddings."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, block, known
from graph.params import param
from graph.problems import Refusal
from graph.tensor import Dim, T, TensorType, product


@block(
    "dense",
    title="Dense",
    category=Category.LINEAR,
    glyph="Fc",
    keywords=("linear", "fully connected", "perceptron", "mlp", "projection"),
)
class Dense(Block):
    """Multiplies the last axis by a learned matrix and adds a bias.

    Use it to mix all features with one another: in classifiers, projections and output layers.

    Shape: `(…, in) -> (…, features)`.
    """

    features: int = param(default=64, ge=1, help="Number of output features.")
    bias: bool = param(default=True, help="Add a learned bias to every feature.")

    examples = (
        Example({}, x=T("N", 16)),
        Example({"features": 10, "bias": False}, x=T("N", 5, 16)),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
        Example({}, x=T(), fails="at least one axis"),
    )

    def infer(self, x: TensorType) -> TensorType:
        if not x.is_float:
            raise Refusal(f"needs floating-point numbers, but receives {x.dtype}", port="x")
        if not x.shape:
            raise Refusal("needs at least one axis, but receives a scalar", port="x")
        known(x.shape[-1], "the last axis", "x")
        return x.with_shape(*x.shape[:-1], self.features)

    def emit(self, x: TensorType) -> Emit:
        options = {} if self.bias else {"bias": False}
        made = Call("nn.Linear", x.shape[-1], self.features, **options)
        return Emit("{y} = {dense}({x})", {"dense": made})

    def parameters(self, x: TensorType) -> int:
        return known(x.shape[-1], "the last axis") * self.features + self.bias * self.features

    def multiply_adds(self, x: TensorType) -> Dim:
        return product(x.shape) * self.features

    def summary(self) -> str:
        return f"{self.features} features" + ("" if self.bias else "  no bias")
