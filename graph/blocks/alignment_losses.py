"""CTC: a loss of sequences whose places are not told."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, Role, block, known
from graph.blocks._common import TOKENS, changed, need_floats
from graph.params import param
from graph.problems import Refusal, SetParam, SetUpstream
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, product, show_shape


def _int(*dims: int | str) -> TensorType:
    return T(*dims, dtype="int64")


@block(
    "ctc",
    title="CTC",
    category=Category.LOSS,
    glyph="Ct",
    keywords=("speech", "handwriting", "alignment", "connectionist temporal classification"),
    role=Role.LOSS,
)
class Ctc(Block):
    """The surprise of a short sequence, given classes at every place of a longer one.

    Use it where it is known what is said or written but not where, behind a Log-softmax. One
    class is the blank, which stands between the others.

    Shape: `(N, T, C), (N, S), (N), (N) -> ()`; with time first `(T, N, C), …`. Without lengths
    all are as long as there is room. Each sample is divided by its target's length.

    Source: Connectionist Temporal Classification (2006).
    """

    outputs = ("loss",)
    port_help = {
        "prediction": "Log-probabilities of the classes at every place.",
        "target": "The right classes (N, S), without blanks; what is beyond their length is free.",
        "input_lengths": "How many places of each prediction count (N); all without a wire.",
        "target_lengths": "How many of each target's classes count (N); all without a wire.",
    }
    stricter = {
        "needs log-probabilities": "Torch takes one sample without a batch axis.",
        "needs targets (N, S)": "Torch takes all targets joined, too, which cannot be split.",
        "needs whole numbers": "Torch converts lengths of some other dtypes.",
        "needs one length": "Torch takes lengths for other batches where it does not look.",
        "needs class indices": "Torch converts targets of other dtypes.",
        "is no class": "Torch sees it only when it computes.",
        "needs float32": "Torch has no half precision for it on the processor.",
    }
    ranges = {"input_lengths": (1, 1), "target_lengths": (1, 1), "target": (1, 1)}
    reads = frozenset({"prediction"})

    blank: int = param(default=0, ge=0, help="Which class is the blank.")
    time_first: bool = param(
        default=False, help="The prediction is (T, N, C), as torch has it, and not (N, T, C)."
    )
    zero_infinity: bool = param(
        default=True, help="Overlook targets that do not fit into their prediction."
    )

    examples = (
        Example(
            {},
            prediction=T("N", "T", 6), target=_int("N", 3),
            input_lengths=_int("N"), target_lengths=_int("N"),
        ),
        Example({"blank": 3}, prediction=T("N", 8, 4), target=_int("N", 2)),
        Example({"time_first": True}, prediction=T(9, "N", 6), target=_int("N", 3)),
        Example(
            {"zero_infinity": False},
            prediction=T("N", 9, 6, dtype="float64"), target=T("N", 3, dtype="int32"),
            input_lengths=T("N", dtype="int32"),
        ),
        Example({}, prediction=T("N", 6), target=_int("N", 3), fails="needs log-probabilities"),
        Example({}, prediction=T("N", 9, 6), target=_int("N"), fails="needs targets (N, S)"),
        Example({}, prediction=T("N", 9, 6), target=T("N", 3), fails="needs class indices"),
        Example({"blank": 6}, prediction=T("N", 9, 6), target=_int("N", 3), fails="is no class"),
        Example(
            {}, prediction=T("N", 9, 6), target=_int("N", 3), input_lengths=_int("N", 1),
            fails="needs one length",
        ),
        Example(
            {}, prediction=T("N", 9, 6), target=_int("N", 3), target_lengths=T("N"),
            fails="needs whole numbers",
        ),
    )  # fmt: skip

    def infer(
        self,
        prediction: TensorType,
        target: TensorType,
        input_lengths: TensorType | None = None,
        target_lengths: TensorType | None = None,
    ) -> TensorType:
        need_floats(prediction, "prediction")
        if prediction.dtype not in ("float32", "float64"):
            raise Refusal(
                f"needs float32, but receives {prediction.dtype}",
                port="prediction",
                short=f"{prediction.dtype} ≠ float32",
                hints=(SetUpstream("prediction", "dtype", "float32"),),
            )
        if prediction.rank != 3:
            raise Refusal(
                f"needs log-probabilities {self.layout()}, but receives "
                f"{show_shape(prediction.shape)}",
                port="prediction",
                short=f"rank {prediction.rank} ≠ 3",
            )
        self.check_blank(known(prediction.shape[2], "the number of classes", "prediction"))
        n = prediction.shape[1 if self.time_first else 0]
        self.check_target(target, n, prediction)
        for port, lengths in (("input_lengths", input_lengths), ("target_lengths", target_lengths)):
            if lengths is not None:
                _need_lengths(lengths, n, port)
        return TensorType((), prediction.dtype)

    def layout(self) -> str:
        return "(T, N, C)" if self.time_first else "(N, T, C)"

    def check_blank(self, classes: int) -> None:
        if self.blank >= classes:
            raise Refusal(
                f"has the blank {self.blank}, which is no class of {classes}, counted from 0",
                port="prediction",
                short=f"{self.blank} ≥ {classes}",
                hints=(SetParam("blank", classes - 1),),
            )

    def check_target(self, target: TensorType, n: Dim, prediction: TensorType) -> None:
        if target.dtype not in TOKENS:
            raise Refusal(
                f"needs class indices of int64, but receives {target.dtype}",
                port="target",
                short=f"{target.dtype} ≠ int64",
                hints=(SetUpstream("target", "dtype", "int64"),),
            )
        if target.rank != 2 or target.shape[0] != n:
            other = prediction.shape[0 if self.time_first else 1]
            is_turned = target.rank == 2 and target.shape[0] == other
            raise Refusal(
                f"needs targets (N, S) for a batch of {n}, but receives {show_shape(target.shape)}",
                port="target",
                short=f"{show_shape(target.shape)} ≠ {n}×S",
                hints=(SetParam("time_first", not self.time_first),) if is_turned else (),
            )

    def emit(
        self,
        prediction: TensorType,
        target: TensorType,
        input_lengths: TensorType | None = None,
        target_lengths: TensorType | None = None,
    ) -> Emit:
        lines = []
        lines += [] if input_lengths else ["{_places} = " + _full(0 if self.time_first else 1)]
        lines += [] if target_lengths else ["{_labels} = " + _full(1, "target")]
        words = [
            "{prediction}" if self.time_first else "{prediction}.transpose(0, 1)",
            "{target}",
            "{input_lengths}" if input_lengths else "{_places}",
            "{target_lengths}" if target_lengths else "{_labels}",
        ]
        values: dict[str, Argument] = changed(
            blank=(self.blank, 0), zero_infinity=(self.zero_infinity, False)
        )
        words += [f"{name}={{{name}}}" for name in values]
        lines.append(f"{{loss}} = F.ctc_loss({', '.join(words)})")
        return Emit("\n".join(lines), values=values)

    def saved(
        self,
        prediction: TensorType,
        target: TensorType,
        input_lengths: TensorType | None = None,
        target_lengths: TensorType | None = None,
    ) -> Saved:
        places = product(prediction.shape[:2])
        lattice = prediction.with_shape(places, 2 * target.shape[1] + 1)
        rows = prediction.with_shape(2 * target.shape[0])
        return Saved.of(("prediction", "target"), lattice, rows)


def _full(axis: int, port: str = "prediction") -> str:
    """Lengths that are all of the size of an axis."""
    return f"{{target}}.new_full({{target}}.shape[:1], {{{port}}}.shape[{axis}])"


def _need_lengths(lengths: TensorType, n: Dim, port: str) -> None:
    if lengths.dtype not in TOKENS:
        raise Refusal(
            f"needs whole numbers (int64), but receives {lengths.dtype}",
            port=port,
            short=f"{lengths.dtype} ≠ int64",
            hints=(SetUpstream(port, "dtype", "int64"),),
        )
    if lengths.shape != (n,):
        raise Refusal(
            f"needs one length for each sample, {n}, but receives {show_shape(lengths.shape)}",
            port=port,
            short=f"{show_shape(lengths.shape)} ≠ {n}",
            hints=(SetUpstream(port, "shape", ""),) if lengths.shape[:1] == (n,) else (),
        )
