"""Recurrent cells: one step of an RNN, LSTM or GRU, with its state as ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graph.block import Argument, Block, Call, Category, Emit, Example, block, known
from graph.blocks._common import changed, need_float32
from graph.params import param
from graph.problems import Insert, Refusal
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, show_shape

_PORT_HELP = {
    "x": "What is read in this step (N, features).",
    "state": "What it remembers from before (N, units); zeros without a wire.",
    "next_state": "What it remembers now, which is also its answer (N, units).",
}
_STRICTER = {"needs one step": "Torch takes one sample without a batch axis."}


def _units() -> Any:  # Any: as `param`, whose answers these are
    return param(default=64, ge=1, help="Numbers it remembers.")


def _bias() -> Any:
    return param(default=True, help="Add learned biases.")


class _Cell(Block):
    """One step of a recurrent layer."""

    torch_name: ClassVar[str]
    gates: ClassVar[int]
    outputs: ClassVar[tuple[str, ...]] = ("next_state",)
    port_help = _PORT_HELP
    stricter = _STRICTER

    if TYPE_CHECKING:  # Each subclass declares them: the forms keep the order.
        units: int
        bias: bool

    def features(self, x: TensorType) -> int:
        return known(x.shape[1], "the number of features (axis 1)", "x")

    def next(self, x: TensorType, **states: TensorType | None) -> TensorType:
        need_float32(x)
        if x.rank != 2:
            raise Refusal(
                f"needs one step (N, features), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} ≠ 2",
                hints=(Insert("flatten", "x"),) if x.rank > 2 else (),
            )
        self.features(x)
        answer = x.with_shape(x.shape[0], self.units)
        for port, state in states.items():
            if state is None:
                continue
            need_float32(state, port)
            if state.shape != answer.shape:
                raise Refusal(
                    f"remembers {show_shape(answer.shape)}, but receives {show_shape(state.shape)}",
                    port=port,
                    short=f"{show_shape(state.shape)} ≠ {show_shape(answer.shape)}",
                )
        return answer

    def code(self, x: TensorType, answer: str, given: str = "") -> Emit:
        options = self.options() | changed(bias=(self.bias, True))
        made = Call(self.torch_name, self.features(x), self.units, **options)
        return Emit(f"{answer} = {{step}}({{x}}{given})", {"step": made})

    def options(self) -> dict[str, Argument]:
        return {}

    def weights(self, x: TensorType) -> int:
        return self.gates * self.units * (self.features(x) + self.units)

    def parameters(self, x: TensorType, *states: TensorType | None) -> int:
        return self.weights(x) + 2 * self.bias * self.gates * self.units

    def multiply_adds(self, x: TensorType, *states: TensorType | None) -> Dim:
        return x.shape[0] * self.weights(x)

    def summary(self) -> str:
        return f"{self.units} units"


_EXAMPLES = (
    Example({}, x=T("N", 8)),
    Example({"units": 5, "bias": False}, x=T("N", 3), state=T("N", 5)),
    Example({"units": 5}, x=T("N", 3), state=T("N", 4), fails="remembers N×5"),
    Example({}, x=T("N", "T", 8), fails="needs one step"),
    Example({}, x=T("N", 8, dtype="int64"), fails="needs floating-point"),
    Example({}, x=T("N", "T"), fails="the number of features"),
)


@block(
    "rnn_cell",
    title="RNN cell",
    category=Category.RECURRENT,
    glyph="rc",
    keywords=("recurrent", "elman", "step", "state", "scan", "memory"),
)
class RnnCell(_Cell):
    """One step of an RNN: mixes what it reads with what it remembers.

    Use it to draw recurrent networks of your own, step by step.

    Shape: `(N, features), (N, units) -> (N, units)`.

    Source: Finding Structure in Time (1990).
    """

    torch_name = "nn.RNNCell"
    gates = 1

    units: int = _units()
    nonlinearity: str = param(
        default="tanh", choices=("tanh", "relu"), help="What bends the numbers."
    )
    bias: bool = _bias()

    examples = (*_EXAMPLES, Example({"nonlinearity": "relu"}, x=T("N", 3)))

    def infer(self, x: TensorType, state: TensorType | None = None) -> TensorType:
        return self.next(x, state=state)

    def emit(self, x: TensorType, state: TensorType | None = None) -> Emit:
        return self.code(x, "{next_state}", ", {state}" if state else "")

    def options(self) -> dict[str, Argument]:
        return changed(nonlinearity=(self.nonlinearity, "tanh"))

    def saved(self, x: TensorType, state: TensorType | None = None) -> Saved:
        after = self.infer(x, state)
        return Saved.of(("x", "state", "next_state"), *[after] * (state is None))


@block(
    "gru_cell",
    title="GRU cell",
    category=Category.RECURRENT,
    glyph="gc",
    keywords=("recurrent", "gated", "step", "state", "scan", "memory"),
)
class GruCell(_Cell):
    """One step of a GRU: gates decide what it forgets and what it takes in.

    Use it to draw recurrent networks of your own, step by step, such as decoders with attention.

    Shape: `(N, features), (N, units) -> (N, units)`.

    Source: Learning Phrase Representations using RNN Encoder–Decoder (2014), section 2.3; the
    reset gate acts after the product, as in torch.
    """

    torch_name = "nn.GRUCell"
    gates = 3

    units: int = _units()
    bias: bool = _bias()

    examples = _EXAMPLES

    def infer(self, x: TensorType, state: TensorType | None = None) -> TensorType:
        return self.next(x, state=state)

    def emit(self, x: TensorType, state: TensorType | None = None) -> Emit:
        return self.code(x, "{next_state}", ", {state}" if state else "")

    def saved(self, x: TensorType, state: TensorType | None = None) -> Saved:
        after = self.infer(x, state)
        return Saved.of(("x", "state"), *[after] * (6 + (state is None)))


@block(
    "lstm_cell",
    title="LSTM cell",
    category=Category.RECURRENT,
    glyph="lc",
    keywords=("recurrent", "long short-term memory", "gated", "step", "state", "scan"),
)
class LstmCell(_Cell):
    """One step of an LSTM: gated cells keep what matters.

    Use it to draw recurrent networks of your own, step by step, such as decoders with attention.

    Shape: `(N, features), (N, units), (N, units) -> (N, units), (N, units)`.

    Source: Long Short-Term Memory (1997); with the forget gate of Learning to Forget (2000).
    """

    torch_name = "nn.LSTMCell"
    gates = 4
    outputs = ("next_state", "next_cell")
    port_help = _PORT_HELP | {
        "cell": "What its cells hold from before (N, units); needed with a state.",
        "next_cell": "What its cells hold now (N, units).",
    }

    units: int = _units()
    bias: bool = _bias()

    examples = (
        *(example for example in _EXAMPLES if "state" not in example.inputs),
        Example({"units": 5, "bias": False}, x=T("N", 3), state=T("N", 5), cell=T("N", 5)),
        Example({"units": 5}, x=T("N", 3), state=T("N", 5), cell=T("N", 4), fails="remembers N×5"),
        Example({"units": 5}, x=T("N", 3), state=T("N", 5), fails="needs both"),
    )

    def infer(
        self, x: TensorType, state: TensorType | None = None, cell: TensorType | None = None
    ) -> tuple[TensorType, TensorType]:
        answer = self.next(x, state=state, cell=cell)
        if (state is None) != (cell is None):
            port = "cell" if cell is None else "state"
            raise Refusal(
                f"needs both a state and a cell, or neither, but “{port}” "
                f"({show_shape(answer.shape)}) has no wire",
                port=port,
            )
        return answer, answer

    def emit(
        self, x: TensorType, state: TensorType | None = None, cell: TensorType | None = None
    ) -> Emit:
        given = ", ({state}, {cell})" if state else ""
        return self.code(x, "{next_state}, {next_cell}", given)

    def saved(
        self, x: TensorType, state: TensorType | None = None, cell: TensorType | None = None
    ) -> Saved:
        after = self.infer(x, state, cell)[0]
        return Saved.of(("x", "state", "cell"), *[after] * (5 + (state is None)))
