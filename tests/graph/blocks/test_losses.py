"""Losses and metrics: what they refuse, and how they say it."""

import pytest

from graph.blocks.losses import BceWithLogits, CrossEntropy, Mse
from graph.blocks.metrics import Accuracy
from graph.problems import Insert, Refusal, SetParam, SetUpstream
from graph.tensor import T


def refusal(block, prediction, target):
    with pytest.raises(Refusal) as caught:
        block.infer(prediction, target)
    return caught.value


def test_class_indices_are_counted_one_a_sample():
    found = refusal(CrossEntropy(), T("N", 10), T("N", 1))
    assert found.text == (
        "needs one class index per sample: logits N×10 want targets N, "
        "but receives N×1 float32"
    )  # fmt: skip
    assert found.hints == (SetUpstream("target", "shape", ""),)


def test_measurements_are_no_class_indices():
    found = refusal(CrossEntropy(), T("N", 10), T("N"))
    assert "set the dtype of the Target to int64" in found.text
    assert found.hints == (SetUpstream("target", "dtype", "int64"),)


def test_a_map_of_one_place_before_cross_entropy_is_offered_to_be_flattened():
    found = refusal(CrossEntropy(), T("N", 10, 1, 1), T("N", dtype="int64"))
    assert found.hints[0] == Insert("flatten", "prediction")


def test_of_a_map_of_classes_the_target_is_offered_to_be_a_map_first():
    found = refusal(CrossEntropy(), T("N", 21, 64, 48), T("N", dtype="int64"))
    assert found.hints[0] == SetUpstream("target", "shape", "64, 48")
    assert found.hints[1] == Insert("flatten", "prediction")


def test_classes_on_the_wrong_axis_are_found():
    tokens = T("N", "T", dtype="int64")
    found = refusal(CrossEntropy(), T("N", "T", 50), tokens)
    assert found.hints == (SetParam("classes_last", True),)
    assert CrossEntropy(classes_last=True).infer(T("N", "T", 50), tokens) == T()


@pytest.mark.parametrize("block", [Mse(), BceWithLogits()])
def test_answers_are_never_compared_with_all_targets(block):
    found = refusal(block, T("N", 1), T("N"))
    assert found.hints[0] == Insert("flatten", "prediction", (("start_axis", 0),))
    assert found.hints[1] == SetUpstream("target", "shape", "1")


def test_accuracy_thresholds_where_shapes_are_equal():
    same = Accuracy(threshold=0.5).emit(T("N", 1), T("N", 1))
    assert "> {threshold}" in same.forward
    classes = Accuracy().emit(T("N", 10), T("N", dtype="int64"))
    assert "argmax" in classes.forward


def test_accuracy_of_one_logit_is_not_always_right():
    assert refusal(Accuracy(), T("N", 1), T("N", dtype="int64")).short == "1 class"
