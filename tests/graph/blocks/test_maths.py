"""Arithmetic: broadcasting, dtypes and what is reduced."""

import pytest

from graph.blocks.maths import Add, MatMul, Max, Mean, Subtract, Sum
from graph.problems import Refusal, SetUpstream
from graph.tensor import T


def test_sizes_of_one_are_repeated():
    assert Add().infer(T("N", 1, 8), T("T", 1), T(8)) == T("N", "T", 8)


def test_an_open_size_agrees_only_with_itself():
    with pytest.raises(Refusal) as caught:
        Subtract().infer(T("N", "T", 8), T("N", 5, 8))
    assert caught.value.short == "T ≠ 5"


def test_the_layer_before_may_give_as_many_features():
    with pytest.raises(Refusal) as caught:
        Subtract().infer(T("N", "T", 64), T("N", "T", 128))
    assert caught.value.hints == (SetUpstream("b", "features", 64),)


@pytest.mark.parametrize(
    ("left", "right", "made"),
    [
        ("bool", "bool", "bool"),
        ("bool", "uint8", "uint8"),
        ("uint8", "int32", "int32"),
        ("int64", "float16", "float16"),
        ("float16", "bfloat16", "float32"),
        ("float32", "float64", "float64"),
        ("float32", "complex64", "complex64"),
    ],
)
def test_dtypes_meet_as_in_torch(left, right, made):
    assert Add().infer(T("N", dtype=left), T("N", dtype=right)).dtype == made
    assert Add().infer(T("N", dtype=right), T("N", dtype=left)).dtype == made


def test_a_scalar_does_not_widen_what_has_axes():
    assert Add().infer(T("N"), T(dtype="float64")).dtype == "float32"
    assert Add().infer(T("N", dtype="int64"), T(dtype="float64")).dtype == "float64"


def test_matrices_multiply_along_their_last_axes():
    made = MatMul().infer(T("N", 4, "T", 16), T("N", 1, 16, "T"))
    assert made == T("N", 4, "T", "T")
    assert MatMul().multiply_adds(T(2, 3, 4), T(4, 5)) == 2 * 3 * 4 * 5


def test_what_is_reduced_goes_or_becomes_one():
    x = T("N", 3, 8, 8)
    assert Mean(axes=(2, 3)).infer(x) == T("N", 3)
    assert Mean(axes=(-1,), keep_axes=True).infer(x) == T("N", 3, 8, 1)
    assert Max(axes=()).infer(x) == T()


def test_a_sum_of_truth_values_counts():
    assert Sum().infer(T("N", 9, dtype="bool")) == T("N", dtype="int64")
