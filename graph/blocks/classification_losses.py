"""Losses for classes and yes-or-no questions, beside cross-entropy."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, Role, block
from graph.blocks import _comparing as comparing
from graph.blocks._common import changed, need_floats
from graph.blocks._comparing import NO_INDEX
from graph.blocks._losses import ELEMENTWISE, Elementwise, need_rows
from graph.params import param
from graph.saved import Saved
from graph.tensor import T, TensorType


@block(
    "nll",
    title="NLL",
    category=Category.LOSS,
    glyph="Nl",
    keywords=("negative log-likelihood", "classification", "log-softmax"),
    role=Role.LOSS,
)
class Nll(Block):
    """The surprise of the right class, given the logarithm of the probability of each.

    Use it behind a Log-softmax; Cross-entropy is both in one.

    Shape: `(N, C, …), (N, …) -> ()`; with classes last `(N, …, C), (N, …) -> ()`. With class
    weights (C) it is the mean in which each place counts as its class does.
    """

    outputs = ("loss",)
    port_help = {
        "prediction": "Log-probabilities: one number for each class.",
        "target": "Class indices from 0 (int64).",
    } | comparing.CLASS_WEIGHTS
    stricter = comparing.STRICTER

    classes_last: bool = param(
        default=False, help="The classes are the last axis, as in (N, T, C)."
    )
    ignore_index: int = param(
        default=NO_INDEX, help="Targets of this class do not count, such as padding."
    )

    examples = (
        Example({}, prediction=T("N", 10), target=T("N", dtype="int64")),
        Example({}, prediction=T("N", 5, 4, 4), target=T("N", 4, 4, dtype="int64")),
        Example(
            {"classes_last": True, "ignore_index": 0},
            prediction=T("N", "T", 20),
            target=T("N", "T", dtype="int64"),
        ),
        Example({}, prediction=T("N", 3), target=T("N", dtype="int64"), class_weights=T(3)),
        Example(
            {"classes_last": True},
            prediction=T("N", "T", 6),
            target=T("N", "T", dtype="int64"),
            class_weights=T(6),
        ),
        Example(
            {},
            prediction=T("N", 3),
            target=T("N", dtype="int64"),
            class_weights=T(2),
            fails="a weight for each of 3 classes",
        ),
        Example({}, prediction=T("N", 10), target=T("N", 1), fails="want targets N, but receives"),
        Example({}, prediction=T("N", 10), target=T("N", 10), fails="want targets N, but receives"),
        Example({}, prediction=T("N"), target=T("N", dtype="int64"), fails="a logit for every"),
    )

    def infer(
        self, prediction: TensorType, target: TensorType, class_weights: TensorType | None = None
    ) -> TensorType:
        need_floats(prediction, "prediction")
        comparing.need_logits(prediction)
        comparing.need_class_weights(prediction, class_weights, self.classes_last)
        comparing.need_class_indices(prediction, target, self.classes_last)
        return TensorType((), prediction.dtype)

    def emit(
        self, prediction: TensorType, target: TensorType, class_weights: TensorType | None = None
    ) -> Emit:
        values: dict[str, Argument] = changed(ignore_index=(self.ignore_index, NO_INDEX))
        words = comparing.class_words(prediction, self.classes_last)
        words += ["weight={class_weights}"] if class_weights else []
        words += [f"{name}={{{name}}}" for name in values]
        return Emit(f"{{loss}} = F.nll_loss({', '.join(words)})", values=values)


@block(
    "bce",
    title="BCE",
    category=Category.LOSS,
    glyph="Bc",
    keywords=("binary cross-entropy", "binary", "yes or no", "multi-label", "probabilities"),
    role=Role.LOSS,
)
class Bce(Elementwise):
    """The surprise of the right answer to yes-or-no questions, given the probability of yes.

    Use it behind a Sigmoid; BCE with logits is both in one and computes more exactly.

    Shape: `(…), (…) -> ()`, of one shape; all numbers from 0 to 1.
    """

    function = "F.binary_cross_entropy"
    ranges = {"prediction": (0, 1), "target": (0, 1)}
    examples = ELEMENTWISE


@block(
    "hinge",
    title="Hinge",
    category=Category.LOSS,
    glyph="Hi",
    keywords=("margin", "svm", "support vector machine", "classification"),
    role=Role.LOSS,
)
class Hinge(Block):
    """How far the right answer is from winning by the margin.

    Use it to tell classes apart by margins, as support vector machines do. Targets are class
    indices, or of the prediction's shape: 1 for yes and 0 for no.

    Shape: `(N, C), (N) -> ()`, or `(…), (…) -> ()` for yes-or-no answers.

    Source: Support-Vector Networks (1995); for several classes as in torch's multi_margin_loss,
    the mean over the classes.
    """

    outputs = ("loss",)
    port_help = comparing.PORT_HELP
    stricter = comparing.STRICTER

    margin: float = param(default=1.0, gt=0, help="By how much the right answer is to win.")
    squared: bool = param(default=False, help="Square the distances, so that large ones count.")

    examples = (
        Example({}, prediction=T("N", 10), target=T("N", dtype="int64")),
        Example(
            {"margin": 0.5, "squared": True}, prediction=T("N", 3), target=T("N", dtype="int64")
        ),
        Example({}, prediction=T("N"), target=T("N")),
        Example({"margin": 2.0, "squared": True}, prediction=T("N", 4), target=T("N", 4)),
        Example({}, prediction=T("N", 10), target=T("N", 1), fails="want targets N, but receives"),
        Example({}, prediction=T("N", 10), target=T("N"), fails="set the dtype of the Target"),
        Example(
            {}, prediction=T("N", 5, 4), target=T("N", 4, dtype="int64"), fails="a row of numbers"
        ),
        Example({}, prediction=T("N", dtype="int64"), target=T("N"), fails="needs floating-point"),
    )

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        need_floats(prediction, "prediction")
        if prediction.shape == target.shape:
            comparing.need_equal_dtypes(prediction, target)
        else:
            comparing.need_logits(prediction)
            need_rows(prediction, "prediction")
            comparing.need_class_indices(prediction, target, False)
        return TensorType((), prediction.dtype)

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        if prediction.shape == target.shape:
            power = ".square()" if self.squared else ""
            lines = (
                "{_sides} = 2 * {target} - 1",
                f"{{loss}} = F.relu({{margin}} - {{_sides}} * {{prediction}}){power}.mean()",
            )
            return Emit("\n".join(lines), values={"margin": self.margin})
        values: dict[str, Argument] = changed(p=(1 + self.squared, 1), margin=(self.margin, 1.0))
        words = ["{prediction}", "{target}", *(f"{name}={{{name}}}" for name in values)]
        return Emit(f"{{loss}} = F.multi_margin_loss({', '.join(words)})", values=values)

    def saved(self, prediction: TensorType, target: TensorType) -> Saved:
        if prediction.shape != target.shape:
            return Saved(("prediction", "target"))
        return Saved.of((), prediction, prediction)


@block(
    "focal",
    title="Focal",
    category=Category.LOSS,
    glyph="Fo",
    keywords=("imbalance", "rare classes", "detection", "retinanet", "cross-entropy"),
    role=Role.LOSS,
)
class Focal(Block):
    """Cross-entropy in which answers that are right already hardly count.

    Use it where most samples are easy or of one class, as in detection. It takes logits. Targets
    are class indices, or of the prediction's shape: 1 for yes and 0 for no.

    Shape: `(N, C, …), (N, …) -> ()`, or `(…), (…) -> ()` for yes-or-no answers; the mean of all.

    Source: Focal Loss for Dense Object Detection (2017), equation 5; with class indices there is
    no share, which is for two classes.
    """

    outputs = ("loss",)
    port_help = comparing.PORT_HELP
    stricter = comparing.STRICTER

    gamma: float = param(
        default=2.0, ge=0, help="How much less right answers count; 0 gives cross-entropy."
    )
    yes_share: float = param(
        default=0.25, ge=0, le=1, widget="slider",
        help="How much a yes counts, a no counting the rest; for yes-or-no answers.",
    )  # fmt: skip
    classes_last: bool = param(
        default=False, help="The classes are the last axis of the logits, as in (N, T, C)."
    )

    examples = (
        Example({}, prediction=T("N", 10), target=T("N", dtype="int64")),
        Example({"gamma": 0.0}, prediction=T("N", 5, 4, 4), target=T("N", 4, 4, dtype="int64")),
        Example(
            {"classes_last": True}, prediction=T("N", "T", 20), target=T("N", "T", dtype="int64")
        ),
        Example({}, prediction=T("N"), target=T("N")),
        Example({"gamma": 1.5, "yes_share": 0.5}, prediction=T("N", 4), target=T("N", 4)),
        Example({}, prediction=T("N", 10), target=T("N", 1), fails="want targets N, but receives"),
        Example({}, prediction=T("N", 10), target=T("N"), fails="set the dtype of the Target"),
        Example({}, prediction=T("N", dtype="int64"), target=T("N"), fails="needs floating-point"),
    )

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        need_floats(prediction, "prediction")
        if prediction.shape == target.shape:
            comparing.need_equal_dtypes(prediction, target)
        else:
            comparing.need_logits(prediction)
            comparing.need_class_indices(prediction, target, self.classes_last)
        return TensorType((), prediction.dtype)

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        values: dict[str, Argument] = {"gamma": self.gamma}
        focus = "{_focus} = (1 - torch.exp(-{_surprise})) ** {gamma}"
        if prediction.shape != target.shape:
            words = ", ".join(comparing.class_words(prediction, self.classes_last))
            first = f'{{_surprise}} = F.cross_entropy({words}, reduction="none")'
            last = "{loss} = ({_focus} * {_surprise}).mean()"
            return Emit(f"{first}\n{focus}\n{last}", values=values)
        given = '{prediction}, {target}, reduction="none"'
        lines = (
            f"{{_surprise}} = F.binary_cross_entropy_with_logits({given})",
            "{_shares} = {yes} * {target} + {no} * (1 - {target})",
            focus,
            "{loss} = ({_shares} * {_focus} * {_surprise}).mean()",
        )
        shares: dict[str, Argument] = {"yes": self.yes_share, "no": round(1 - self.yes_share, 12)}
        return Emit("\n".join(lines), values=values | shares)

    def saved(self, prediction: TensorType, target: TensorType) -> Saved:
        each = target.with_dtype(prediction.dtype)
        if prediction.shape == target.shape:
            return Saved.of(("prediction", "target"), *[each] * 5)
        return Saved.of(("target",), prediction, *[each] * 4)

    def summary(self) -> str:
        return f"γ {self.gamma:g}"
