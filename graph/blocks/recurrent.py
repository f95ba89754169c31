"""Recurrent layers: RNN, LSTM and GRU read a sequence place by place and remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graph.block import Argument, Block, Call, Category, Emit, Example, block
from graph.blocks._common import changed, need_float32
from graph.blocks._recurrent_memory import Reading
from graph.blocks._sequences import need_sequence
from graph.params import param
from graph.problems import Refusal, SetUpstream
from graph.saved import Saved
from graph.tensor import Dim, Shape, T, TensorType, show_shape

_PACK = "nn.utils.rnn.pack_padded_sequence"
_UNPACK = "nn.utils.rnn.pad_packed_sequence"
_PORT_HELP = {
    "x": "A sequence (N, T, features).",
    "start": "What it remembers at the start (layers, N, units); zeros without a wire.",
    "lengths": "How many places of each sequence count (N), from 1 on; all without a wire.",
    "sequence": "The top layer's answer at every place (N, T, units).",
    "last": "What the top layer knows at the end (N, units).",
    "state": "What every layer knows at the end (layers, N, units).",
}


def _units() -> Any:  # Any: as `param`, whose answers these are
    return param(default=64, ge=1, help="Numbers each layer and direction remembers.")


def _layers() -> Any:
    return param(default=1, ge=1, help="Layers on top of each other.")


def _bidirectional() -> Any:
    return param(
        default=False, help="Read also from the end; both answers are joined, twice the units."
    )


def _dropout() -> Any:
    return param(
        default=0.0, ge=0, le=1, widget="slider",
        show_if=lambda layer: layer.layers > 1,
        help="Chance of each number between two layers to become 0 while training.",
    )  # fmt: skip


def _bias() -> Any:
    return param(default=True, help="Add learned biases.")


class _Recurrent(Block):
    """A stack of layers that read a sequence in one direction or in both."""

    torch_name: ClassVar[str]
    gates: ClassVar[int]
    outputs: ClassVar[tuple[str, ...]] = ("sequence", "last", "state")
    stricter = {
        "needs lengths of int64": "Torch rounds lengths of other dtypes.",
        "needs one length": "Torch leaves out rows that have no length.",
    }
    ranges = {"lengths": (1, 1)}
    reads = frozenset({"lengths"})

    if TYPE_CHECKING:  # Each subclass declares them: the forms keep the order.
        units: int
        layers: int
        bidirectional: bool
        dropout: float
        bias: bool

    def directions(self) -> int:
        return 2 if self.bidirectional else 1

    def answers(self, x: TensorType) -> tuple[TensorType, TensorType, TensorType]:
        need_sequence(x)
        n, t, _ = x.shape
        wide = self.directions() * self.units
        state = x.with_shape(self.layers * self.directions(), n, self.units)
        return x.with_shape(n, t, wide), x.with_shape(n, wide), state

    def check_start(self, x: TensorType, given: TensorType | None, port: str) -> None:
        if given is None:
            return
        wanted = self.answers(x)[2].shape
        need_float32(given, port)
        if given.shape != wanted:
            raise Refusal(
                f"starts from a state {show_shape(wanted)} (layers and directions, N, units), but "
                f"receives {show_shape(given.shape)}",
                port=port,
                short=f"{show_shape(wanted)} ≠ {show_shape(given.shape)}",
            )

    def check_lengths(self, x: TensorType, lengths: TensorType | None) -> None:
        if lengths is None:
            return
        if lengths.dtype != "int64":
            raise Refusal(
                f"needs lengths of int64, but receives {lengths.dtype}",
                port="lengths",
                short=f"{lengths.dtype} ≠ int64",
                hints=(SetUpstream("lengths", "dtype", "int64"),),
            )
        if lengths.shape != x.shape[:1]:
            is_alike = lengths.shape[:1] == x.shape[:1]
            raise Refusal(
                f"needs one length for each sequence, {x.shape[0]}, but receives "
                f"{show_shape(lengths.shape)}",
                port="lengths",
                short=f"{show_shape(lengths.shape)} ≠ {x.shape[0]}",
                hints=(SetUpstream("lengths", "shape", ""),) if is_alike else (),
            )

    def options(self) -> dict[str, Argument]:
        return {}

    def code(
        self, x: TensorType, answer: str, given: str = "", lengths: TensorType | None = None
    ) -> Emit:
        """The code that unpacks `answer` from a call with `given` behind x."""
        options = {
            **changed(num_layers=(self.layers, 1)),
            **self.options(),
            **changed(bias=(self.bias, True)),
            "batch_first": True,
            **changed(
                dropout=(self.dropout if self.layers > 1 else 0.0, 0.0),
                bidirectional=(self.bidirectional, False),
            ),
        }
        made = Call(self.torch_name, need_sequence(x), self.units, **options)
        both = "torch.cat([{state}[-2], {state}[-1]], dim=1)"
        last = both if self.bidirectional else "{state}[-1]"
        lines = [f"{answer} = {{cells}}({{x}}{given})", f"{{last}} = {last}"]
        if lengths is not None:
            read = answer.replace("{sequence}", "{_read}")
            sorting = "batch_first=True, enforce_sorted=False"
            filling = "batch_first=True, total_length={x}.shape[1]"
            lines[:1] = [
                f"{{_packed}} = {_PACK}({{x}}, {{lengths}}.cpu(), {sorting})",
                f"{read} = {{cells}}({{_packed}}{given})",
                f"{{sequence}}, _ = {_UNPACK}({{_read}}, {filling})",
            ]
        return Emit("\n".join(lines), {"cells": made})

    def products(self, x: TensorType) -> tuple[int, int]:
        """Weights by which numbers are multiplied at a place, and how many biases there are."""
        rows = self.gates * self.units * self.directions()
        first = need_sequence(x)
        above = (self.layers - 1) * self.directions() * self.units
        weights = rows * (first + above + self.layers * self.units)
        return weights, 2 * self.bias * rows * self.layers

    def parameters(self, x: TensorType, *initial: TensorType | None) -> int:
        return sum(self.products(x))

    def multiply_adds(self, x: TensorType, *initial: TensorType | None) -> Dim:
        places: Dim = x.shape[0] * x.shape[1]
        return places * self.products(x)[0]

    def reading(self, x: TensorType) -> Reading:
        n, t, _ = x.shape
        dropout = self.dropout if self.layers > 1 else 0.0
        features, ways = need_sequence(x), self.directions()
        return Reading(n, t, features, self.units, self.layers, ways, dropout)

    def kept(self, x: TensorType, start: TensorType | None) -> Saved:
        """What is kept where torch computes place by place."""
        reading = self.reading(x)
        zeros = 0 if start else reading.states
        return Saved(("start",), numbers=reading.kept_by_steps(self.gates) + zeros)

    def summary(self) -> str:
        words = [f"{self.units} units"]
        words += [f"{self.layers} layers"] if self.layers > 1 else []
        words += ["both ways"] if self.bidirectional else []
        return "  ".join(words)


_EXAMPLES = (
    Example({}, x=T("N", "T", 8)),
    Example({"units": 5, "layers": 2, "dropout": 0.25}, x=T("N", 7, 3)),
    Example({"units": 4, "bidirectional": True, "bias": False}, x=T("N", "T", 3)),
    Example({"units": 4, "layers": 2, "bidirectional": True}, x=T("N", 5, 2)),
    Example({}, x=T("N", 28), fails="needs a sequence"),
    Example({}, x=T("N", 1, 28, 28), fails="needs a sequence"),
    Example({}, x=T("N", "T", dtype="int64"), fails="needs floating-point"),
    Example({}, x=T("N", 8, "T"), fails="the number of features"),
    Example({"units": 5}, x=T("N", "T", 3), lengths=T("N", dtype="int64")),
    Example(
        {"units": 4, "layers": 2, "bidirectional": True},
        x=T("N", 5, 3),
        lengths=T("N", dtype="int64"),
    ),
    Example({}, x=T("N", 5, 3), lengths=T("N"), fails="lengths of int64"),
    Example({}, x=T("N", 5, 3), lengths=T("N", 1, dtype="int64"), fails="one length for each"),
)


_BOTH = {"units": 4, "layers": 2, "bidirectional": True}
_WITH_START = (
    Example({"units": 6}, x=T("N", "T", 3), start=T(1, "N", 6)),
    Example(_BOTH, x=T("N", 5, 3), start=T(4, "N", 4)),
    Example(_BOTH, x=T("N", 5, 3), start=T(1, "N", 4), fails="from a state 4×N×4"),
)


@block(
    "rnn",
    title="RNN",
    category=Category.RECURRENT,
    glyph="Rc",
    keywords=("recurrent", "elman", "sequence", "time series", "memory"),
)
class Rnn(_Recurrent):
    """Reads a sequence place by place, mixing each place with what it remembers.

    Use it on short sequences; LSTM and GRU remember for longer.

    Shape: `(N, T, features) -> (N, T, D·units), (N, D·units), (layers·D, N, units)`, with D = 2
    for both directions and else 1. Of both directions, `last` joins the forward answer at the
    last place and the backward answer at the first, so that each has read all.

    Source: Finding Structure in Time (1990).
    """

    torch_name = "nn.RNN"
    gates = 1
    port_help = _PORT_HELP

    units: int = _units()
    layers: int = _layers()
    nonlinearity: str = param(
        default="tanh", choices=("tanh", "relu"), help="What bends the numbers at each place."
    )
    bidirectional: bool = _bidirectional()
    dropout: float = _dropout()
    bias: bool = _bias()

    examples = (*_EXAMPLES, *_WITH_START, Example({"nonlinearity": "relu"}, x=T("N", 4, 3)))

    def infer(
        self, x: TensorType, start: TensorType | None = None, lengths: TensorType | None = None
    ) -> tuple[TensorType, ...]:
        answers = self.answers(x)
        self.check_start(x, start, "start")
        self.check_lengths(x, lengths)
        return answers

    def emit(
        self, x: TensorType, start: TensorType | None = None, lengths: TensorType | None = None
    ) -> Emit:
        given = ", {start}" if start else ""
        return self.code(x, "{sequence}, {state}", given, lengths)

    def options(self) -> dict[str, Argument]:
        return changed(nonlinearity=(self.nonlinearity, "tanh"))

    def saved(
        self, x: TensorType, start: TensorType | None = None, lengths: TensorType | None = None
    ) -> Saved:
        return self.kept(x, start)


@block(
    "gru",
    title="GRU",
    category=Category.RECURRENT,
    glyph="Gu",
    keywords=("recurrent", "gated", "sequence", "time series", "memory"),
)
class Gru(_Recurrent):
    """Reads a sequence place by place; gates decide what it forgets and what it takes in.

    Use it on time series and text: it learns like an LSTM with a quarter fewer weights.

    Shape: `(N, T, features) -> (N, T, D·units), (N, D·units), (layers·D, N, units)`, with D = 2
    for both directions and else 1. Of both directions, `last` joins the forward answer at the
    last place and the backward answer at the first, so that each has read all.

    Source: Learning Phrase Representations using RNN Encoder–Decoder (2014), section 2.3; the
    reset gate acts after the product, as in torch.
    """

    torch_name = "nn.GRU"
    gates = 3
    port_help = _PORT_HELP

    units: int = _units()
    layers: int = _layers()
    bidirectional: bool = _bidirectional()
    dropout: float = _dropout()
    bias: bool = _bias()

    examples = (*_EXAMPLES, *_WITH_START)

    def infer(
        self, x: TensorType, start: TensorType | None = None, lengths: TensorType | None = None
    ) -> tuple[TensorType, ...]:
        answers = self.answers(x)
        self.check_start(x, start, "start")
        self.check_lengths(x, lengths)
        return answers

    def emit(
        self, x: TensorType, start: TensorType | None = None, lengths: TensorType | None = None
    ) -> Emit:
        given = ", {start}" if start else ""
        return self.code(x, "{sequence}, {state}", given, lengths)

    def saved(
        self, x: TensorType, start: TensorType | None = None, lengths: TensorType | None = None
    ) -> Saved:
        return self.kept(x, start)


@block(
    "lstm",
    title="LSTM",
    category=Category.RECURRENT,
    glyph="Lm",
    keywords=("recurrent", "long short-term memory", "gated", "sequence", "time series"),
)
class Lstm(_Recurrent):
    """Reads a sequence place by place; gated cells keep what matters over long stretches.

    Use it on time series, text and rows of an image, when a plain RNN forgets too soon.

    Shape: `(N, T, features) -> (N, T, D·units), (N, D·units), (layers·D, N, units) twice`, with
    D = 2 for both directions and else 1. Of both directions, `last` joins the forward answer at
    the last place and the backward answer at the first, so that each has read all.

    Source: Long Short-Term Memory (1997); with the forget gate of Learning to Forget (2000).
    """

    torch_name = "nn.LSTM"
    gates = 4
    outputs = ("sequence", "last", "state", "cell")
    port_help = _PORT_HELP | {
        "start_cell": "What its cells hold at the start; needed with a start.",
        "cell": "What the cells of every layer hold at the end (layers, N, units).",
    }

    units: int = _units()
    layers: int = _layers()
    bidirectional: bool = _bidirectional()
    dropout: float = _dropout()
    bias: bool = _bias()

    examples = (
        *_EXAMPLES,
        Example({"units": 6}, x=T("N", "T", 3), start=T(1, "N", 6), start_cell=T(1, "N", 6)),
        Example({"units": 6}, x=T("N", 3, 3), start=T(1, "N", 6), fails="needs both"),
    )

    def infer(
        self,
        x: TensorType,
        start: TensorType | None = None,
        start_cell: TensorType | None = None,
        lengths: TensorType | None = None,
    ) -> tuple[TensorType, ...]:
        answers = self.answers(x)
        self.check_lengths(x, lengths)
        self.check_start(x, start, "start")
        self.check_start(x, start_cell, "start_cell")
        if (start is None) != (start_cell is None):
            missing: Shape = answers[2].shape
            port = "start_cell" if start_cell is None else "start"
            raise Refusal(
                f"needs both a start and a start cell, or neither, but “{port}” "
                f"({show_shape(missing)}) has no wire",
                port=port,
            )
        return (*answers, answers[2])

    def emit(
        self,
        x: TensorType,
        start: TensorType | None = None,
        start_cell: TensorType | None = None,
        lengths: TensorType | None = None,
    ) -> Emit:
        given = ", ({start}, {start_cell})" if start else ""
        return self.code(x, "{sequence}, ({state}, {cell})", given, lengths)

    def saved(
        self,
        x: TensorType,
        start: TensorType | None = None,
        start_cell: TensorType | None = None,
        lengths: TensorType | None = None,
    ) -> Saved:
        reading = self.reading(x)
        zeros = 0 if start else 2 * reading.states
        ports = ("start", "start_cell", *["sequence"] * (not self.bidirectional))
        return Saved(ports, numbers=reading.kept_by_onednn() + zeros)
