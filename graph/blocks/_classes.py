"""What metrics of classes share: guesses beside class indices, counted class by class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.block import Block, Example, Snippet, known
from graph.blocks import _comparing as comparing
from graph.blocks._common import need_floats
from graph.blocks._comparing import NO_INDEX
from graph.params import param
from graph.problems import Insert, Refusal
from graph.tensor import T, TensorType

STRICTER = comparing.STRICTER | {
    "one logit": "The largest of one is always right: a number that says nothing.",
    "targets of real numbers": "Complex targets are neither yes nor no.",
}
COUNTS = Snippet(
    "class_counts",
    '''\
def class_counts(
    guess: Tensor, target: Tensor, classes: int, ignored: int
) -> tuple[Tensor, Tensor, Tensor]:
    """How often each class was guessed rightly, was guessed, and was right."""
    each = torch.arange(classes, device=target.device)
    counts = (target != ignored).flatten()[:, None]
    guessed = (guess.flatten()[:, None] == each) & counts
    right = (target.flatten()[:, None] == each) & counts
    return (guessed & right).sum(0), guessed.sum(0), right.sum(0)
''',
)


def classes_last_param() -> Any:  # Any: as `param`, whose answers these are
    return param(
        default=False, help="The classes are the last axis of the logits, as in (N, T, C)."
    )


def ignore_index_param() -> Any:
    return param(default=NO_INDEX, help="Targets of this class do not count, such as padding.")


def threshold_param() -> Any:
    return param(default=0.0, help="For yes-or-no answers: 0 suits logits, 0.5 probabilities.")


def need_classes(prediction: TensorType, target: TensorType, classes_last: bool) -> int:
    """The number of classes, where logits and class indices fit each other.

    Raises:
        Refusal: they do not, or there is just one class.
    """
    need_floats(prediction, "prediction")
    comparing.need_logits(prediction)
    comparing.need_class_indices(prediction, target, classes_last)
    classes = prediction.shape[-1 if classes_last else 1]
    if classes == 1:
        raise Refusal(
            "receives one logit where it chooses the largest, so all answers are class 0; "
            "flatten it for yes-or-no answers, or give a logit for every class",
            port="prediction",
            short="1 class",
            hints=(Insert("flatten", "prediction", (("start_axis", 0),)),),
        )
    return known(classes, "the number of classes", "prediction")


class Counting(Block):
    """A metric made of how often each class was guessed and was right."""

    port_help = comparing.PORT_HELP
    stricter = STRICTER

    if TYPE_CHECKING:  # Each subclass declares them, so that forms keep the order.
        classes_last: bool
        threshold: float
        ignore_index: int

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        need_floats(prediction, "prediction")
        if prediction.shape == target.shape and target.dtype != "complex64":
            comparing.need_no_ignored(self.ignore_index, "yes-or-no answers")
        else:
            need_classes(prediction, target, self.classes_last)
        return T()

    def summary(self) -> str:
        return "classes last" if self.classes_last else ""


COUNTING = (
    Example({}, prediction=T("N", 10), target=T("N", dtype="int64")),
    Example({}, prediction=T("N", 5, 4, 4), target=T("N", 4, 4, dtype="int64")),
    Example(
        {"classes_last": True, "ignore_index": 0},
        prediction=T("N", "T", 20),
        target=T("N", "T", dtype="int64"),
    ),
    Example({}, prediction=T("N", 1), target=T("N", 1)),
    Example({"threshold": 0.5}, prediction=T("N"), target=T("N", dtype="int64")),
    Example(
        {"ignore_index": 0}, prediction=T("N", 1), target=T("N", 1), fails="only class indices"
    ),
    Example({}, prediction=T("N", 10), target=T("N"), fails="int64"),
    Example({}, prediction=T("N", 10), target=T("N", 1), fails="want targets N, but"),
    Example({}, prediction=T("N", 1), target=T("N", dtype="int64"), fails="one logit"),
    Example({}, prediction=T("N", dtype="int64"), target=T("N"), fails="needs floating-point"),
)
