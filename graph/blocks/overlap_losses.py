"""Dice: a loss of how well areas overlap."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, Role, Snippet, block, known
from graph.blocks import _comparing as comparing
from graph.blocks._common import need_floats
from graph.params import param
from graph.problems import Refusal
from graph.saved import Saved
from graph.tensor import T, TensorType, show_shape

_DICE = Snippet(
    "dice_distance",
    '''\
def dice_distance(guess: Tensor, target: Tensor, smooth: float) -> Tensor:
    """One minus the share of overlap of areas (N, C, places), on average."""
    overlap = (guess * target).sum(-1)
    sizes = guess.sum(-1) + target.sum(-1)
    return (1 - (2 * overlap + smooth) / (sizes + smooth)).mean()
''',
)


@block(
    "dice",
    title="Dice",
    category=Category.LOSS,
    glyph="Di",
    keywords=("segmentation", "overlap", "sørensen", "f1", "medical", "mask"),
    role=Role.LOSS,
)
class Dice(Block):
    """How little the predicted areas overlap with the right ones.

    Use it to find areas in images, above all small ones, alone or beside cross-entropy. It takes
    logits. Targets are class indices, or of the prediction's shape: 1 for yes and 0 for no.

    Shape: `(N, C, …), (N, …) -> ()`, or `(N, …), (N, …) -> ()` for yes-or-no answers; the mean
    over samples, and over classes.

    Source: V-Net (2016), section 3, without its squares.
    """

    outputs = ("loss",)
    port_help = comparing.PORT_HELP
    stricter = comparing.STRICTER | {
        "needs areas": "A single number has no places, so that it overlaps or does not."
    }

    smooth: float = param(
        default=1.0, ge=0, help="Added above and below the fraction, for areas that are empty."
    )

    examples = (
        Example({}, prediction=T("N", 5, 4, 4), target=T("N", 4, 4, dtype="int64")),
        Example({"smooth": 0.1}, prediction=T("N", 3, "T"), target=T("N", "T", dtype="int64")),
        Example({}, prediction=T("N", 1, 8, 8), target=T("N", 1, 8, 8)),
        Example({}, prediction=T("N", 6), target=T("N", 6)),
        Example({}, prediction=T("N"), target=T("N"), fails="needs areas"),
        Example({}, prediction=T("N", 5), target=T("N", dtype="int64"), fails="needs areas"),
        Example({}, prediction=T("N", 5, 4), target=T("N", 4), fails="set the dtype of the Target"),
        Example({}, prediction=T("N", "C", 4), target=T("N", 4, dtype="int64"), fails="number of"),
    )

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        need_floats(prediction, "prediction")
        is_yes_or_no = prediction.shape == target.shape
        if prediction.rank < (2 if is_yes_or_no else 3):
            wanted = "(N, …)" if is_yes_or_no else "(N, C, …)"
            raise Refusal(
                f"needs areas {wanted}, but receives {show_shape(prediction.shape)}",
                port="prediction",
                short=f"rank {prediction.rank}",
            )
        if is_yes_or_no:
            comparing.need_equal_dtypes(prediction, target)
        else:
            comparing.need_class_indices(prediction, target, False)
            known(prediction.shape[1], "the number of classes", "prediction")
        return TensorType((), prediction.dtype)

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        values: dict[str, Argument] = {"smooth": self.smooth}
        last = "{loss} = dice_distance({_guess}, {_right}, {smooth})"
        if prediction.shape == target.shape:
            lines = [
                "{_guess} = torch.sigmoid({prediction}).flatten(1)",
                "{_right} = {target}.flatten(1)",
            ]
        else:
            values["classes"] = prediction.shape[1]
            lines = [
                "{_guess} = F.softmax({prediction}, dim=1).flatten(2)",
                "{_right} = F.one_hot({target}.flatten(1), {classes}).transpose(1, 2)",
            ]
        return Emit("\n".join([*lines, last]), values=values, snippets=(_DICE,))

    def saved(self, prediction: TensorType, target: TensorType) -> Saved:
        if prediction.shape == target.shape:
            sums = prediction.with_shape(prediction.shape[0])
            return Saved.of(("target",), prediction, sums, sums)
        sums = prediction.with_shape(*prediction.shape[:2])
        return Saved.of((), prediction, prediction.with_dtype("int64"), sums, sums)
