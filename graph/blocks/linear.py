"""Dense layers and embeddings."""

from __future__ import annotations

from graph.block import Argument, Block, Call, Category, Emit, Example, block, known
from graph.blocks import _weight_norms as weight_norms
from graph.blocks._common import TOKENS, need_float32
from graph.params import param
from graph.problems import Refusal, SetParam, SetUpstream
from graph.saved import Saved
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
    weight_norm: str = weight_norms.weight_norm()

    examples = (
        Example({}, x=T("N", 16)),
        Example({"features": 10, "bias": False}, x=T("N", 5, 16)),
        Example({"features": 3}, x=T("N", "T", 4)),
        Example({"features": 3, "weight_norm": "weight"}, x=T("N", 4)),
        Example({"weight_norm": "spectral", "bias": False}, x=T("N", "T", 4)),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
        Example({}, x=T("N", 3, dtype="float64"), fails="weights of float32"),
        Example({}, x=T(), fails="at least one axis"),
        Example({}, x=T("N", "T"), fails="the last axis"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_float32(x)
        if not x.shape:
            raise Refusal("needs at least one axis, but receives a scalar", port="x")
        known(x.shape[-1], "the last axis", "x")
        return x.with_shape(*x.shape[:-1], self.features)

    def emit(self, x: TensorType) -> Emit:
        options: dict[str, Argument] = {} if self.bias else {"bias": False}
        made = Call("nn.Linear", x.shape[-1], self.features, **options)
        made = weight_norms.normed(made, self.weight_norm)
        return Emit("{y} = {dense}({x})", {"dense": made})

    def parameters(self, x: TensorType) -> int:
        lengths = weight_norms.lengths(self.weight_norm, self.features)
        return (known(x.shape[-1], "the last axis") + self.bias) * self.features + lengths

    def multiply_adds(self, x: TensorType) -> Dim:
        return product(x.shape) * self.features

    def saved(self, x: TensorType) -> Saved:
        weights = known(x.shape[-1], "the last axis") * self.features
        kept = weight_norms.kept(self.weight_norm, self.features, weights)
        return Saved(("x",), numbers=kept)

    def summary(self) -> str:
        words = [f"{self.features} features", "" if self.bias else "no bias"]
        return "  ".join(filter(None, [*words, weight_norms.show_norm(self.weight_norm)]))


@block(
    "embedding",
    title="Embedding",
    category=Category.LINEAR,
    glyph="Em",
    keywords=("token", "word", "vocabulary", "lookup", "category"),
)
class Embedding(Block):
    """Looks up a learned vector for every index.

    Use it to turn words, characters or categories into numbers that layers can work with.

    Shape: `(…) -> (…, dimension)`, indices from 0 up to the vocabulary's size, exclusive.
    """

    vocabulary: int = param(default=1000, ge=1, help="How many different indices there are.")
    dimension: int = param(default=64, ge=1, help="Numbers in the vector of each index.")
    padding_index: int = param(
        default=-1, ge=-1, help="The index that only fills up; its vector stays 0. -1 for none."
    )

    examples = (
        Example({}, x=T("N", "T", dtype="int64")),
        Example({"vocabulary": 10, "dimension": 3, "padding_index": 0}, x=T("N", dtype="int32")),
        Example({"vocabulary": 5}, x=T("N", 4, 4, dtype="int64")),
        Example({}, x=T("N", "T"), fails="needs indices"),
        Example(
            {"vocabulary": 5, "padding_index": 5}, x=T("N", dtype="int64"), fails="fill up with 5"
        ),
    )

    def infer(self, x: TensorType) -> TensorType:
        if x.dtype not in TOKENS:
            raise Refusal(
                f"needs indices of int64 or int32, but receives {x.dtype}",
                port="x",
                short=f"{x.dtype} ≠ int64",
                hints=(SetUpstream("x", "dtype", "int64"),),
            )
        if self.padding_index >= self.vocabulary:
            raise Refusal(
                f"is to fill up with {self.padding_index}, but its indices go from 0 to "
                f"{self.vocabulary - 1}",
                hints=(
                    SetParam("vocabulary", self.padding_index + 1),
                    SetParam("padding_index", -1),
                ),
            )
        return TensorType((*x.shape, self.dimension))

    def emit(self, x: TensorType) -> Emit:
        filled = self.padding_index >= 0
        options: dict[str, Argument] = {"padding_idx": self.padding_index} if filled else {}
        made = Call("nn.Embedding", self.vocabulary, self.dimension, **options)
        return Emit("{y} = {embedding}({x})", {"embedding": made})

    def parameters(self, x: TensorType) -> int:
        return self.vocabulary * self.dimension

    def summary(self) -> str:
        return f"{self.vocabulary} × {self.dimension}"
