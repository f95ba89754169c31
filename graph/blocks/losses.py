"""Losses: how far the answers are from the targets; training makes them small."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, Role, block
from graph.blocks import _comparing as comparing
from graph.blocks._common import changed, need_floats
from graph.blocks._comparing import NO_INDEX
from graph.blocks._losses import ELEMENTWISE, Elementwise
from graph.params import param
from graph.saved import Saved
from graph.tensor import T, TensorType


@block(
    "cross_entropy",
    title="Cross-entropy",
    category=Category.LOSS,
    glyph="Ce",
    keywords=("classification", "classes", "nll", "softmax", "logits"),
    role=Role.LOSS,
)
class CrossEntropy(Block):
    """The surprise of the right class, given the logits of all classes.

    Use it to tell classes apart. It takes the softmax itself: give it the logits, not
    probabilities. Targets are class indices, or a probability for every class.

    Shape: `(N, C, …), (N, …) -> ()`; with classes last `(N, …, C), (N, …) -> ()`. With class
    weights (C) it is the mean in which each place counts as its class does.
    """

    outputs = ("loss",)
    port_help = {
        "prediction": "Logits: one number for each class.",
        "target": "Class indices from 0 (int64), or a probability for each class.",
    } | comparing.CLASS_WEIGHTS

    stricter = comparing.STRICTER

    label_smoothing: float = param(
        default=0.0, ge=0, le=1, help="Share of the target that is spread over all classes."
    )
    classes_last: bool = param(
        default=False, help="The classes are the last axis of the logits, as in (N, T, C)."
    )
    ignore_index: int = param(
        default=NO_INDEX, help="Targets of this class do not count, such as padding."
    )

    examples = (
        Example({}, prediction=T("N", 10), target=T("N", dtype="int64")),
        Example(
            {"label_smoothing": 0.1},
            prediction=T("N", 5, 4, 4),
            target=T("N", 4, 4, dtype="int64"),
        ),
        Example(
            {"classes_last": True, "ignore_index": 0},
            prediction=T("N", "T", 20),
            target=T("N", "T", dtype="int64"),
        ),
        Example({}, prediction=T("N", 10), target=T("N", 10)),
        Example({"classes_last": True}, prediction=T("N", 4, 10), target=T("N", 4, 10)),
        Example(
            {"label_smoothing": 0.1},
            prediction=T("N", 3, 5),
            target=T("N", 5, dtype="int64"),
            class_weights=T(3),
        ),
        Example(
            {"classes_last": True},
            prediction=T("N", 4, 6),
            target=T("N", 4, 6),
            class_weights=T(6),
        ),
        Example(
            {},
            prediction=T("N", 3),
            target=T("N", dtype="int64"),
            class_weights=T(2),
            fails="a weight for each of 3 classes",
        ),
        Example(
            {},
            prediction=T("N", 3),
            target=T("N", dtype="int64"),
            class_weights=T(3, dtype="float64"),
            fails="weights of float32",
        ),
        Example({}, prediction=T("N", 10), target=T("N", 1), fails="want targets N, but receives"),
        Example({}, prediction=T("N", 10), target=T("N"), fails="set the dtype of the Target"),
        Example({}, prediction=T("N"), target=T("N", dtype="int64"), fails="a logit for every"),
        Example(
            {}, prediction=T("N", 7, 10), target=T("N", 7, dtype="int64"), fails="want targets N×10"
        ),
        Example({"ignore_index": 3}, prediction=T("N", 9), target=T("N", 9), fails="ignores"),
        Example({}, prediction=T("N", 10), target=T("N", 10, dtype="float64"), fails="float32"),
    )

    def infer(
        self, prediction: TensorType, target: TensorType, class_weights: TensorType | None = None
    ) -> TensorType:
        need_floats(prediction, "prediction")
        comparing.need_logits(prediction)
        comparing.need_class_weights(prediction, class_weights, self.classes_last)
        if target.is_float and target.shape == prediction.shape:
            self.check_probabilities(prediction, target)
        else:
            comparing.need_class_indices(prediction, target, self.classes_last)
        return TensorType((), prediction.dtype)

    def check_probabilities(self, prediction: TensorType, target: TensorType) -> None:
        comparing.need_equal_dtypes(prediction, target)
        comparing.need_no_ignored(self.ignore_index, "a probability for each class")

    def emit(
        self, prediction: TensorType, target: TensorType, class_weights: TensorType | None = None
    ) -> Emit:
        options = changed(
            label_smoothing=(self.label_smoothing, 0.0),
            ignore_index=(self.ignore_index, NO_INDEX),
        )
        words = ["{prediction}", "{target}"]
        if self.classes_last and prediction.rank > 2:
            joined = ".flatten(0, -2)" if target.rank == prediction.rank else ".flatten()"
            words = ["{prediction}.flatten(0, -2)", "{target}" + joined]
        words += ["weight={class_weights}"] if class_weights else []
        words += [f"{name}={{{name}}}" for name in options]
        values: dict[str, Argument] = options
        return Emit(f"{{loss}} = F.cross_entropy({', '.join(words)})", values=values)

    def saved(
        self, prediction: TensorType, target: TensorType, class_weights: TensorType | None = None
    ) -> Saved:
        ports = ("target", "class_weights")
        if target.is_float:
            return Saved.of(ports, prediction)
        ignored = target.with_dtype("bool")
        return Saved.of(ports, prediction, *[ignored] * (self.label_smoothing > 0))

    def summary(self) -> str:
        return f"smoothing {self.label_smoothing:g}" if self.label_smoothing else ""


@block(
    "mse",
    title="MSE",
    category=Category.LOSS,
    glyph="L2",
    keywords=("mean squared error", "l2", "regression", "squared"),
    role=Role.LOSS,
)
class Mse(Elementwise):
    """The mean of the squared differences.

    Use it to learn measurements; large errors count most.

    Shape: `(…), (…) -> ()`, of one shape: nothing is repeated.
    """

    function = "F.mse_loss"
    examples = ELEMENTWISE


@block(
    "l1",
    title="L1",
    category=Category.LOSS,
    glyph="L1",
    keywords=("mean absolute error", "mae", "regression"),
    role=Role.LOSS,
)
class L1(Elementwise):
    """The mean of the absolute differences.

    Use it to learn measurements with outliers; every error counts by its size.

    Shape: `(…), (…) -> ()`, of one shape: nothing is repeated.
    """

    function = "F.l1_loss"
    examples = ELEMENTWISE

    def saved(self, prediction: TensorType, target: TensorType) -> Saved:
        return Saved.of((), prediction)


@block(
    "bce_with_logits",
    title="BCE with logits",
    category=Category.LOSS,
    glyph="Be",
    keywords=("binary cross-entropy", "binary", "yes or no", "multi-label", "logits"),
    role=Role.LOSS,
)
class BceWithLogits(Elementwise):
    """The surprise of the right answer to yes-or-no questions, given a logit for each.

    Use it for two classes, or for many that do not exclude each other. It takes the sigmoid
    itself: give it the logits. Targets are 0 or 1, as floating-point numbers.

    Shape: `(…), (…) -> ()`, of one shape.
    """

    function = "F.binary_cross_entropy_with_logits"

    positive_weight: float = param(
        default=1.0, gt=0, help="How much more a yes counts than a no; above 1 where yes is rare."
    )

    examples = (
        *ELEMENTWISE,
        Example({"positive_weight": 3.0}, prediction=T("N", 4), target=T("N", 4)),
    )

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        if self.positive_weight == 1.0:
            return super().emit(prediction, target)
        words = "{prediction}, {target}, pos_weight={prediction}.new_tensor({weight})"
        return Emit(f"{{loss}} = {self.function}({words})", values={"weight": self.positive_weight})

    def summary(self) -> str:
        return "" if self.positive_weight == 1.0 else f"yes counts {self.positive_weight:g}"
