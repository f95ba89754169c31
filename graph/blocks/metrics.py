"""Metrics: numbers that people read beside the loss."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, Role, block
from graph.blocks import _comparing as comparing
from graph.blocks._common import need_floats
from graph.blocks._comparing import NO_INDEX
from graph.params import param
from graph.problems import Insert, Refusal
from graph.tensor import T, TensorType


@block(
    "accuracy",
    title="Accuracy",
    category=Category.METRIC,
    glyph="Ac",
    keywords=("correct", "score", "classification", "binary accuracy", "token accuracy"),
    role=Role.METRIC,
)
class Accuracy(Block):
    """The share of right answers.

    Use it beside Cross-entropy: the class with the largest logit is the answer. Beside BCE with
    logits, where predictions and targets have one shape, yes is what lies above the threshold.

    Shape: `(N, C, …), (N, …) -> ()`, or `(…), (…) -> ()` for yes-or-no answers.
    """

    outputs = ("accuracy",)
    port_help = comparing.PORT_HELP
    stricter = comparing.STRICTER | {
        "one logit": "The largest of one is always right: an accuracy that says nothing.",
    }

    classes_last: bool = param(
        default=False, help="The classes are the last axis of the logits, as in (N, T, C)."
    )
    threshold: float = param(
        default=0.0, help="For yes-or-no answers: 0 suits logits, 0.5 probabilities."
    )
    ignore_index: int = param(
        default=NO_INDEX, help="Targets of this class do not count, such as padding."
    )

    examples = (
        Example({}, prediction=T("N", 10), target=T("N", dtype="int64")),
        Example({}, prediction=T("N", 5, 4, 4), target=T("N", 4, 4, dtype="int64")),
        Example(
            {"classes_last": True},
            prediction=T("N", "T", 20),
            target=T("N", "T", dtype="int64"),
        ),
        Example({}, prediction=T("N", 1), target=T("N", 1)),
        Example({"threshold": 0.5}, prediction=T("N"), target=T("N", dtype="int64")),
        Example(
            {"classes_last": True, "ignore_index": 0},
            prediction=T("N", "T", 20),
            target=T("N", "T", dtype="int64"),
        ),
        Example(
            {"ignore_index": 0}, prediction=T("N", 1), target=T("N", 1), fails="only class indices"
        ),
        Example({}, prediction=T("N", 10), target=T("N"), fails="int64"),
        Example({}, prediction=T("N", 10), target=T("N", 1), fails="want targets N, but"),
        Example({}, prediction=T("N", 1), target=T("N", dtype="int64"), fails="one logit"),
        Example({}, prediction=T("N", dtype="int64"), target=T("N"), fails="needs floating-point"),
    )

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        need_floats(prediction, "prediction")
        if prediction.shape == target.shape and target.dtype != "complex64":
            comparing.need_no_ignored(self.ignore_index, "yes-or-no answers")
            return T()
        comparing.need_logits(prediction)
        comparing.need_class_indices(prediction, target, self.classes_last)
        if prediction.shape[self.axis()] == 1:
            raise Refusal(
                "receives one logit where it chooses the largest, so all answers are class 0; "
                "flatten it for yes-or-no answers, or give a logit for every class",
                port="prediction",
                short="1 class",
                hints=(Insert("flatten", "prediction", (("start_axis", 0),)),),
            )
        return T()

    def axis(self) -> int:
        return -1 if self.classes_last else 1

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        if prediction.shape == target.shape:
            text = "{accuracy} = (({prediction} > {threshold}) == ({target} > 0.5)).float().mean()"
            return Emit(text, values={"threshold": self.threshold})
        values: dict[str, Argument] = {"axis": self.axis(), "ignored": self.ignore_index}
        if self.ignore_index < 0:  # no guess equals it
            right = "({prediction}.argmax({axis}) == {target}).sum()"
            text = f"{{accuracy}} = {right} / ({{target}} != {{ignored}}).sum()"
            return Emit(text, values=values)
        lines = (
            "{_counts} = {target} != {ignored}",
            "{_guess} = {prediction}.argmax({axis})",
            "{_same} = {_guess} == {target}",
            "{_right} = {_same} & {_counts}",
            "{accuracy} = {_right}.sum() / {_counts}.sum()",
        )
        return Emit("\n".join(lines), values=values)

    def summary(self) -> str:
        return "classes last" if self.classes_last else ""
