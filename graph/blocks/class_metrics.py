"""Metrics of classes: how many were found, and how sure one can be of what was found."""

from __future__ import annotations

from typing import ClassVar

from graph.block import Argument, Block, Category, Emit, Example, Role, block
from graph.blocks import _classes as classes
from graph.blocks import _comparing as comparing
from graph.blocks._classes import COUNTING, COUNTS, Counting
from graph.blocks._common import changed, need_floats
from graph.blocks._comparing import NO_INDEX
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.tensor import T, TensorType


class _Score(Counting):
    """A fraction of counts: of yes, or of each class and then the mean over classes."""

    above: ClassVar[str] = "{_hits}"
    below: ClassVar[str]

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        return self.of_yes() if prediction.shape == target.shape else self.of_each(prediction)

    def of_yes(self) -> Emit:
        (port,) = self.outputs
        below = self.below.format(_guessed="{_guess}.sum()", _right="{_yes}.sum()", _hits="{_hits}")
        lines = (
            "{_guess}, {_yes} = {prediction} > {threshold}, {target} > 0.5",
            "{_hits} = ({_guess} & {_yes}).sum()",
            f"{{_of}} = torch.clamp({below}, min=1)",
            f"{{{port}}} = {self.above} / {{_of}}",
        )
        return Emit("\n".join(lines), values={"threshold": self.threshold})

    def of_each(self, prediction: TensorType) -> Emit:
        (port,) = self.outputs
        axis = -1 if self.classes_last else 1
        values: dict[str, Argument] = {"axis": axis, "classes": prediction.shape[axis]}
        values["ignored"] = self.ignore_index
        counts = "class_counts({_guess}, {target}, {classes}, {ignored})"
        lines = (
            "{_guess} = {prediction}.argmax({axis})",
            f"{{_hits}}, {{_guessed}}, {{_right}} = {counts}",
            f"{{_of}} = torch.clamp({self.below}, min=1)",
            f"{{_scores}} = {self.above} / {{_of}}",
            "{_occurs} = ({_guessed} + {_right}) > 0",
            f"{{{port}}} = {{_scores}}.sum() / {{_occurs}}.sum()",
        )
        return Emit("\n".join(lines), values=values, snippets=(COUNTS,))


@block(
    "precision",
    title="Precision",
    category=Category.METRIC,
    glyph="Pp",
    keywords=("classification", "positive predictive value", "false alarms", "macro"),
    role=Role.METRIC,
)
class Precision(_Score):
    """How much of what was called a class is of it.

    Use it where false alarms cost much. Beside class indices it is the mean over the classes
    that occur (macro); beside yes-or-no targets it is that of yes.

    Shape: `(N, C, …), (N, …) -> ()`, or `(…), (…) -> ()` for yes-or-no answers. Each batch has
    its own, and an epoch shows their mean, which is near the precision of all for large batches.
    """

    outputs = ("precision",)
    below = "{_guessed}"

    classes_last: bool = classes.classes_last_param()
    threshold: float = classes.threshold_param()
    ignore_index: int = classes.ignore_index_param()

    examples = COUNTING


@block(
    "recall",
    title="Recall",
    category=Category.METRIC,
    glyph="Rl",
    keywords=("classification", "sensitivity", "hit rate", "balanced accuracy", "macro"),
    role=Role.METRIC,
)
class Recall(_Score):
    """How much of a class was found.

    Use it where misses cost much. Beside class indices it is the mean over the classes that
    occur (macro); beside yes-or-no targets it is that of yes.

    Shape: `(N, C, …), (N, …) -> ()`, or `(…), (…) -> ()` for yes-or-no answers. Each batch has
    its own, and an epoch shows their mean, which is near the recall of all for large batches.
    """

    outputs = ("recall",)
    below = "{_right}"

    classes_last: bool = classes.classes_last_param()
    threshold: float = classes.threshold_param()
    ignore_index: int = classes.ignore_index_param()

    examples = COUNTING


@block(
    "f1",
    title="F1",
    category=Category.METRIC,
    glyph="F1",
    keywords=("classification", "f-score", "harmonic mean", "macro", "dice"),
    role=Role.METRIC,
)
class F1(_Score):
    """The harmonic mean of precision and recall.

    Use it where some classes are rare, so that accuracy says little. Beside class indices it is
    the mean over the classes that occur (macro); beside yes-or-no targets it is that of yes.

    Shape: `(N, C, …), (N, …) -> ()`, or `(…), (…) -> ()` for yes-or-no answers. Each batch has
    its own, and an epoch shows their mean, which is near the F1 of all for large batches.
    """

    outputs = ("f1",)
    above = "2 * {_hits}"
    below = "{_guessed} + {_right}"

    classes_last: bool = classes.classes_last_param()
    threshold: float = classes.threshold_param()
    ignore_index: int = classes.ignore_index_param()

    examples = COUNTING


@block(
    "iou",
    title="Intersection over union",
    category=Category.METRIC,
    glyph="Iu",
    keywords=("iou", "jaccard", "segmentation", "miou", "overlap"),
    role=Role.METRIC,
)
class Iou(_Score):
    """What the predicted and the right area share, of what they cover together.

    Use it beside losses of areas in images. Beside class indices it is the mean over the classes
    that occur; beside yes-or-no targets it is that of yes.

    Shape: `(N, C, …), (N, …) -> ()`, or `(…), (…) -> ()` for yes-or-no answers. Each batch has
    its own, and an epoch shows their mean, which is near the one of all for large batches.
    """

    outputs = ("iou",)
    below = "{_guessed} + {_right} - {_hits}"

    classes_last: bool = classes.classes_last_param()
    threshold: float = classes.threshold_param()
    ignore_index: int = classes.ignore_index_param()

    examples = COUNTING


@block(
    "top_k_accuracy",
    title="Top-k accuracy",
    category=Category.METRIC,
    glyph="Tk",
    keywords=("top-5", "correct", "classification", "imagenet"),
    role=Role.METRIC,
)
class TopKAccuracy(Block):
    """The share of samples whose right class is among the k with the largest logits.

    Use it where there are many classes and some are hard to tell apart.

    Shape: `(N, C, …), (N, …) -> ()`; with classes last `(N, …, C), (N, …) -> ()`. Where targets
    are left out, batches count by their rows and not by what is left.
    """

    outputs = ("accuracy",)
    port_help = comparing.PORT_HELP
    stricter = classes.STRICTER

    k: int = param(default=5, ge=1, title="k", help="Among how many the right class may be.")
    classes_last: bool = classes.classes_last_param()
    ignore_index: int = classes.ignore_index_param()

    examples = (
        Example({}, prediction=T("N", 10), target=T("N", dtype="int64")),
        Example({"k": 2}, prediction=T("N", 5, 4, 4), target=T("N", 4, 4, dtype="int64")),
        Example(
            {"classes_last": True, "ignore_index": 0},
            prediction=T("N", "T", 20),
            target=T("N", "T", dtype="int64"),
        ),
        Example({"k": 3}, prediction=T("N", 2), target=T("N", dtype="int64"), fails="3 of 2"),
        Example({}, prediction=T("N", 10), target=T("N", 1), fails="want targets N, but"),
        Example({}, prediction=T("N", 1), target=T("N", dtype="int64"), fails="one logit"),
    )

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        found = classes.need_classes(prediction, target, self.classes_last)
        if self.k > found:
            raise Refusal(
                f"looks at the best {self.k} of {found} classes",
                port="prediction",
                short=f"{self.k} > {found}",
                hints=(SetParam("k", found),),
            )
        return T()

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        axis = -1 if self.classes_last else 1
        values: dict[str, Argument] = {"k": self.k, "axis": axis, "ignored": self.ignore_index}
        lines = [
            "{_best} = {prediction}.topk({k}, dim={axis}).indices",
            "{_found} = {_best} == {target}.unsqueeze({axis})",
        ]
        if self.ignore_index < 0:  # no guess equals it
            lines.append("{accuracy} = {_found}.sum() / ({target} != {ignored}).sum()")
        else:
            lines += [
                "{_right} = {_found}.sum({axis})",
                "{_counts} = {target} != {ignored}",
                "{_share} = {_right} * {_counts}",
                "{accuracy} = {_share}.sum() / {_counts}.sum()",
            ]
        return Emit("\n".join(lines), values=values)

    def summary(self) -> str:
        return f"best {self.k}"


@block(
    "perplexity",
    title="Perplexity",
    category=Category.METRIC,
    glyph="Px",
    keywords=("language model", "cross-entropy", "tokens", "surprise"),
    role=Role.METRIC,
)
class Perplexity(Block):
    """Among how many classes, all equally likely, one would be as unsure.

    Use it beside the cross-entropy of a language model; it takes logits.

    Shape: `(N, C, …), (N, …) -> ()`; with classes last `(N, …, C), (N, …) -> ()`. Each batch has
    its own, and an epoch shows their mean, which lies a little above the perplexity of all.
    """

    outputs = ("perplexity",)
    port_help = comparing.PORT_HELP
    stricter = comparing.STRICTER

    classes_last: bool = classes.classes_last_param()
    ignore_index: int = classes.ignore_index_param()

    examples = (
        Example({}, prediction=T("N", 10), target=T("N", dtype="int64")),
        Example({}, prediction=T("N", 5, 4), target=T("N", 4, dtype="int64")),
        Example(
            {"classes_last": True, "ignore_index": 0},
            prediction=T("N", "T", 20),
            target=T("N", "T", dtype="int64"),
        ),
        Example({}, prediction=T("N", 10), target=T("N", 1), fails="want targets N, but"),
        Example({}, prediction=T("N"), target=T("N", dtype="int64"), fails="a logit for every"),
    )

    def infer(self, prediction: TensorType, target: TensorType) -> TensorType:
        need_floats(prediction, "prediction")
        comparing.need_logits(prediction)
        comparing.need_class_indices(prediction, target, self.classes_last)
        return TensorType((), prediction.dtype)

    def emit(self, prediction: TensorType, target: TensorType) -> Emit:
        values: dict[str, Argument] = changed(ignore_index=(self.ignore_index, NO_INDEX))
        words = comparing.class_words(prediction, self.classes_last)
        words += [f"{name}={{{name}}}" for name in values]
        text = f"{{perplexity}} = torch.exp(F.cross_entropy({', '.join(words)}))"
        return Emit(text, values=values)
