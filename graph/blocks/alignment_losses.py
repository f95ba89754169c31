"""CTC: a loss of sequences whose places are not told."""

from __future__ import annotations

from graph.block import Argument, Category, Emit, Example, Role, block
from graph.blocks._alignment import EXAMPLES, STRICTER, Aligned, full_lengths
from graph.blocks._common import changed
from graph.params import param
from graph.problems import Refusal, SetUpstream
from graph.saved import Saved
from graph.tensor import T, TensorType, product


@block(
    "ctc",
    title="CTC",
    category=Category.LOSS,
    glyph="Ct",
    keywords=("speech", "handwriting", "alignment", "connectionist temporal classification"),
    role=Role.LOSS,
)
class Ctc(Aligned):
    """The surprise of a short sequence, given classes at every place of a longer one.

    Use it where it is known what is said or written but not where, behind a Log-softmax. One
    class is the blank, which stands between the others.

    Shape: `(N, T, C), (N, S), (N), (N) -> ()`; with time first `(T, N, C), …`. Without lengths
    all are as long as there is room. Each sample is divided by its target's length.

    Source: Connectionist Temporal Classification (2006).
    """

    outputs = ("loss",)
    stricter = STRICTER | {"needs float32": "Torch has no half precision for it on the processor."}
    reads = frozenset({"prediction"})

    blank: int = param(default=0, ge=0, help="Which class is the blank.")
    time_first: bool = param(
        default=False, help="The prediction is (T, N, C), as torch has it, and not (N, T, C)."
    )
    zero_infinity: bool = param(
        default=True, help="Overlook targets that do not fit into their prediction."
    )

    examples = (
        *EXAMPLES,
        Example(
            {"zero_infinity": False},
            prediction=T("N", 9, 6, dtype="float64"), target=T("N", 3, dtype="int32"),
            input_lengths=T("N", dtype="int32"),
        ),
    )  # fmt: skip

    def infer(
        self,
        prediction: TensorType,
        target: TensorType,
        input_lengths: TensorType | None = None,
        target_lengths: TensorType | None = None,
    ) -> TensorType:
        answer = super().infer(prediction, target, input_lengths, target_lengths)
        if prediction.dtype not in ("float32", "float64"):
            raise Refusal(
                f"needs float32, but receives {prediction.dtype}",
                port="prediction",
                short=f"{prediction.dtype} ≠ float32",
                hints=(SetUpstream("prediction", "dtype", "float32"),),
            )
        return answer

    def emit(
        self,
        prediction: TensorType,
        target: TensorType,
        input_lengths: TensorType | None = None,
        target_lengths: TensorType | None = None,
    ) -> Emit:
        lines = []
        lines += (
            [] if input_lengths else ["{_places} = " + full_lengths(0 if self.time_first else 1)]
        )
        lines += [] if target_lengths else ["{_labels} = " + full_lengths(1, "target")]
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
