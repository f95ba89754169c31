"""Activations: what bends the numbers between layers."""

from __future__ import annotations

from graph.block import Argument, Block, Call, Category, Emit, Example, block, known
from graph.blocks._common import changed, need_float32
from graph.blocks._elementwise import SIMPLE, Elementwise
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.tensor import T, TensorType, show_shape


@block(
    "relu",
    title="ReLU",
    category=Category.ACTIVATION,
    glyph="Re",
    keywords=("rectified linear", "rectifier"),
)
class Relu(Elementwise):
    """Keeps what is positive and turns the rest to 0.

    Use it between layers unless something speaks for another: it is fast and seldom wrong.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "F.relu"
    examples = SIMPLE


@block(
    "leaky_relu",
    title="Leaky ReLU",
    category=Category.ACTIVATION,
    glyph="Lr",
    keywords=("rectifier", "lrelu"),
)
class LeakyRelu(Elementwise):
    """Keeps what is positive and shrinks what is negative.

    Use it where ReLU leaves units that always answer 0, as in discriminators.

    Shape: `(…) -> (…)`.
    """

    function = "F.leaky_relu"

    negative_slope: float = param(default=0.01, help="Factor of negative numbers.")

    examples = (*SIMPLE, Example({"negative_slope": 0.2}, x=T("N", 4)))

    def options(self) -> dict[str, Argument]:
        return changed(negative_slope=(self.negative_slope, 0.01))


@block(
    "prelu",
    title="PReLU",
    category=Category.ACTIVATION,
    glyph="Pr",
    keywords=("parametric", "rectifier"),
)
class Prelu(Block):
    """Keeps what is positive and scales what is negative by a learned factor.

    Use it like Leaky ReLU, when the data shall decide about the slope.

    Shape: `(…) -> (…)`; with a slope for each channel `(N, C, …) -> (N, C, …)`.

    Source: Delving Deep into Rectifiers (2015), section 2.1.
    """

    per_channel: bool = param(default=False, help="Learn a slope for every channel, not one.")
    slope: float = param(default=0.25, help="The slope that learning starts from.")

    examples = (
        Example({}, x=T("N", 8)),
        Example({"per_channel": True}, x=T("N", 3, "H", 5)),
        Example({"slope": 0.1}, x=T("N", "T", 4)),
        Example({"per_channel": True}, x=T("N"), fails="needs channels"),
        Example({}, x=T("N", 3, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_float32(x)
        if self.per_channel and x.rank < 2:
            raise Refusal(
                f"needs channels (N, C, …), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} < 2",
                hints=(SetParam("per_channel", False),),
            )
        self.parameters(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        options = changed(num_parameters=(self.parameters(x), 1), init=(self.slope, 0.25))
        return Emit("{y} = {act}({x})", {"act": Call("nn.PReLU", **options)})

    def parameters(self, x: TensorType) -> int:
        return known(x.shape[1], "the number of channels", "x") if self.per_channel else 1

    def summary(self) -> str:
        return "per channel" if self.per_channel else ""


@block(
    "elu",
    title="ELU",
    category=Category.ACTIVATION,
    glyph="El",
    keywords=("exponential linear",),
)
class Elu(Elementwise):
    """Keeps what is positive; what is negative bends towards -alpha.

    Use it where a mean near 0 helps and the cost of an exponential does not matter.

    Shape: `(…) -> (…)`.

    Source: Fast and Accurate Deep Network Learning by Exponential Linear Units (2015).
    """

    function = "F.elu"

    alpha: float = param(default=1.0, help="Where large negative numbers end up, with a minus.")

    examples = (*SIMPLE, Example({"alpha": 0.5}, x=T("N", 4)))

    def options(self) -> dict[str, Argument]:
        return changed(alpha=(self.alpha, 1.0))


@block(
    "selu",
    title="SELU",
    category=Category.ACTIVATION,
    glyph="Se",
    keywords=("self-normalizing", "scaled exponential linear"),
)
class Selu(Elementwise):
    """An ELU scaled so that deep stacks of dense layers keep mean 0 and spread 1 by themselves.

    Use it in deep dense networks without normalisation.

    Shape: `(…) -> (…)`.

    Source: Self-Normalizing Neural Networks (2017).
    """

    function = "F.selu"
    examples = SIMPLE


@block(
    "gelu",
    title="GELU",
    category=Category.ACTIVATION,
    glyph="Ge",
    keywords=("gaussian error linear", "transformer"),
)
class Gelu(Elementwise):
    """Weighs each number by the chance that a normal number is smaller: a smooth ReLU.

    Use it in Transformers.

    Shape: `(…) -> (…)`.

    Source: Gaussian Error Linear Units (2016), section 2.
    """

    function = "F.gelu"

    approximate: str = param(
        default="none", choices=("none", "tanh"), help="tanh is a little faster, as in GPT-2."
    )

    examples = (*SIMPLE, Example({"approximate": "tanh"}, x=T("N", "T", 4)))

    def options(self) -> dict[str, Argument]:
        return changed(approximate=(self.approximate, "none"))


@block(
    "silu",
    title="SiLU",
    category=Category.ACTIVATION,
    glyph="Si",
    keywords=("swish", "sigmoid linear"),
)
class Silu(Elementwise):
    """Multiplies each number by its own sigmoid: a smooth ReLU, also called Swish.

    Use it in deep convolutional networks and diffusion models.

    Shape: `(…) -> (…)`.
    """

    function = "F.silu"
    examples = SIMPLE


@block("mish", title="Mish", category=Category.ACTIVATION, glyph="Mi", keywords=("smooth",))
class Mish(Elementwise):
    """Multiplies each number by the tanh of its softplus: a smooth ReLU.

    Use it like SiLU; it costs a little more.

    Shape: `(…) -> (…)`.

    Source: Mish: A Self Regularized Non-Monotonic Activation Function (2019).
    """

    function = "F.mish"
    examples = SIMPLE


@block(
    "sigmoid",
    title="Sigmoid",
    category=Category.ACTIVATION,
    glyph="Sg",
    keywords=("logistic", "probability", "gate"),
)
class Sigmoid(Elementwise):
    """Squeezes each number between 0 and 1.

    Use it for gates, and to read yes-or-no answers as probabilities; losses take the logits.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "torch.sigmoid"
    examples = SIMPLE


@block(
    "tanh",
    title="Tanh",
    category=Category.ACTIVATION,
    glyph="Th",
    keywords=("hyperbolic tangent",),
)
class Tanh(Elementwise):
    """Squeezes each number between -1 and 1.

    Use it for states and for outputs with a lower and an upper end.

    Shape: `(…) -> (…)`.
    """

    saves = ("y",)
    function = "torch.tanh"
    examples = SIMPLE


@block(
    "softplus",
    title="Softplus",
    category=Category.ACTIVATION,
    glyph="Sp",
    keywords=("positive", "smooth"),
)
class Softplus(Elementwise):
    """Makes each number positive: a ReLU with a round corner.

    Use it for outputs that must be above 0, such as spreads and rates.

    Shape: `(…) -> (…)`.
    """

    function = "F.softplus"

    beta: float = param(default=1.0, gt=0, help="How sharp the corner is.")
    threshold: float = param(
        default=20.0, help="Above it (times beta) the input is returned as it is."
    )

    examples = (*SIMPLE, Example({"beta": 2.0, "threshold": 10.0}, x=T("N", 4)))

    def options(self) -> dict[str, Argument]:
        return changed(beta=(self.beta, 1.0), threshold=(self.threshold, 20.0))


@block(
    "hardswish",
    title="Hardswish",
    category=Category.ACTIVATION,
    glyph="Hs",
    keywords=("mobile", "swish"),
)
class Hardswish(Elementwise):
    """A SiLU made of straight pieces.

    Use it on phones and small machines.

    Shape: `(…) -> (…)`.

    Source: Searching for MobileNetV3 (2019), section 5.2.
    """

    function = "F.hardswish"
    examples = SIMPLE


@block(
    "identity",
    title="Identity",
    category=Category.ACTIVATION,
    glyph="Id",
    keywords=("pass", "skip", "none", "nothing"),
)
class Identity(Block):
    """Passes on what it receives.

    Use it to name a value, or to stand where another block may come later.

    Shape: `(…) -> (…)`.
    """

    is_view = True
    examples = (
        Example({}, x=T("N", 10)),
        Example({}, x=T("N", "T", dtype="int64")),
        Example({}, x=T(dtype="bool")),
    )

    def infer(self, x: TensorType) -> TensorType:
        return x

    def emit(self, x: TensorType) -> Emit:
        return Emit("{y} = {x}")
