"""Answers beside targets: the refusals of losses and metrics."""

from __future__ import annotations

from graph.problems import Hint, Insert, Refusal, SetParam, SetUpstream
from graph.tensor import Shape, TensorType, show_shape

PORT_HELP = {"prediction": "What the model answers.", "target": "What is right."}

CLASS_WEIGHTS = {"class_weights": "How much each class counts (C), such as more for rare ones."}
NO_INDEX = -100
STRICTER = {
    "which only class indices allow": "Torch takes no notice of it, which no one expects.",
    "every number of the prediction": "Torch would compare each answer with several targets.",
    "needs targets of": "Torch computes such a loss, but not its gradients.",
    "want targets": "Torch would compare answers with targets that are not theirs.",
    "needs class indices": "The same; a share of right answers needs classes.",
    "a logit for every class": "The same.",
    "needs weights of": "Torch turns one into the other where targets are probabilities.",
}


def without_axis(shape: Shape, axis: int) -> Shape:
    """The shape without one axis, counted from 0."""
    return (*shape[:axis], *shape[axis + 1 :])


def shape_hint(shape: Shape) -> tuple[Hint, ...]:
    """Gives the Target before port `target` that shape, where its sizes can be typed."""
    sizes = [str(dim) for dim in shape[1:]]
    if not shape or not all(size.isdecimal() or size.isidentifier() for size in sizes):
        return ()
    return (SetUpstream("target", "shape", ", ".join(sizes)),)


def need_equal_shapes(prediction: TensorType, target: TensorType) -> None:
    """Refuses what would be broadcast, since that compares each answer with all targets.

    Raises:
        Refusal: as above.
    """
    if prediction.shape == target.shape:
        return
    hints: list[Hint] = []
    if target.shape and prediction.shape == (*target.shape, 1):
        hints.append(Insert("flatten", "prediction", (("start_axis", target.rank - 1),)))
    if prediction.shape[:1] == target.shape[:1]:
        hints += shape_hint(prediction.shape)
    raise Refusal(
        f"needs a target for every number of the prediction, {show_shape(prediction.shape)}, "
        f"but receives {show_shape(target.shape)}",
        port="target",
        short=f"{show_shape(prediction.shape)} ≠ {show_shape(target.shape)}",
        hints=tuple(hints),
    )


def need_equal_dtypes(prediction: TensorType, target: TensorType) -> None:
    """Refuses targets of another dtype than the prediction's.

    Raises:
        Refusal: as above.
    """
    if prediction.dtype != target.dtype:
        raise Refusal(
            f"needs targets of {prediction.dtype} like its prediction, but receives {target.dtype}",
            port="target",
            short=f"{target.dtype} ≠ {prediction.dtype}",
            hints=(SetUpstream("target", "dtype", prediction.dtype),),
        )


def need_no_ignored(ignore_index: int, given: str) -> None:
    """Refuses to ignore a class where the targets are not class indices.

    Raises:
        Refusal: as above; `given` says what the targets are instead.
    """
    if ignore_index != NO_INDEX:
        raise Refusal(
            f"ignores the class {ignore_index}, which only class indices allow, but receives "
            f"{given}",
            port="target",
            hints=(SetParam("ignore_index", NO_INDEX),),
        )


def need_logits(prediction: TensorType) -> None:
    """Refuses a prediction that has no axis for classes.

    Raises:
        Refusal: as above.
    """
    if prediction.rank < 2:
        raise Refusal(
            f"needs a logit for every class (N, C, …), but receives {show_shape(prediction.shape)}",
            port="prediction",
            short=f"rank {prediction.rank} < 2",
        )


def need_class_indices(prediction: TensorType, target: TensorType, classes_last: bool) -> None:
    """Refuses targets other than one int64 index for every place of the logits.

    Raises:
        Refusal: as above.
    """
    axis = prediction.rank - 1 if classes_last else 1
    wanted = without_axis(prediction.shape, axis)
    if target.shape != wanted:
        raise Refusal(
            f"needs one class index per sample: logits {show_shape(prediction.shape)} want "
            f"targets {show_shape(wanted)}, but receives {_with_dtype(target)}",
            port="target",
            short=f"{show_shape(wanted)} ≠ {show_shape(target.shape)}",
            hints=_hints_to_indices(prediction, target, wanted, classes_last),
        )
    if target.dtype != "int64":
        raise Refusal(
            f"needs class indices of int64, but receives {target.dtype}; "
            "set the dtype of the Target to int64",
            port="target",
            short=f"{target.dtype} ≠ int64",
            hints=(SetUpstream("target", "dtype", "int64"),),
        )


def need_class_weights(
    prediction: TensorType, weights: TensorType | None, classes_last: bool
) -> None:
    """Refuses weights other than one for each class, of the prediction's dtype.

    Raises:
        Refusal: as above.
    """
    if weights is None:
        return
    classes = prediction.shape[prediction.rank - 1 if classes_last else 1]
    if weights.shape != (classes,):
        raise Refusal(
            f"needs a weight for each of {classes} classes, but receives "
            f"{show_shape(weights.shape)}",
            port="class_weights",
            short=f"{show_shape(weights.shape)} ≠ {classes}",
        )
    if weights.dtype != prediction.dtype:
        raise Refusal(
            f"needs weights of {prediction.dtype} like its prediction, but receives "
            f"{weights.dtype}",
            port="class_weights",
            short=f"{weights.dtype} ≠ {prediction.dtype}",
            hints=(SetUpstream("class_weights", "dtype", prediction.dtype),),
        )


def _with_dtype(type_: TensorType) -> str:
    return f"{show_shape(type_.shape)} {type_.dtype}"


def _hints_to_indices(
    prediction: TensorType, target: TensorType, wanted: Shape, classes_last: bool
) -> tuple[Hint, ...]:
    other = without_axis(prediction.shape, 1 if classes_last else prediction.rank - 1)
    if prediction.rank > 2 and target.shape == other:
        return (SetParam("classes_last", not classes_last),)
    hints: list[Hint] = []
    if prediction.shape[:1] == target.shape[:1]:
        hints += shape_hint(wanted)
    if prediction.rank > 2 and target.shape == prediction.shape[:1]:
        flatten = Insert("flatten", "prediction")
        # of a map with many places it would make classes, of one with a single place it is meant
        hints = [flatten, *hints] if set(wanted[1:]) == {1} else [*hints, flatten]
    return tuple(hints)


def classes_axis_last(prediction: TensorType, classes_last: bool) -> bool:
    """Whether the classes are on an axis that is the last but not the second."""
    return classes_last and prediction.rank > 2


def class_words(prediction: TensorType, classes_last: bool) -> list[str]:
    """Logits and class indices as torch's losses take them: the classes on axis 1."""
    if classes_axis_last(prediction, classes_last):
        return ["{prediction}.flatten(0, -2)", "{target}.flatten()"]
    return ["{prediction}", "{target}"]
