"""Shapes: what is joined, split, moved, concatenated and cut."""

import pytest

from graph.blocks.reshaping import Concat, Flatten, Permute, Reshape, Slice
from graph.problems import Refusal, SetParam
from graph.tensor import T, evaluate


def test_flatten_multiplies_what_it_joins():
    assert Flatten().infer(T("N", 64, 3, 3)) == T("N", 576)
    assert str(Flatten(start_axis=0).infer(T("N", "T", 2))) == "2*N*T"


@pytest.mark.parametrize(
    ("text", "shape"),
    [("16, 7, 7", (16, 7, 7)), ("16×49", (16, 49)), ("(-1, 49)", (16, 49)), ("-1", (784,))],
)
def test_reshape_reads_sizes_as_people_write_them(text, shape):
    assert Reshape(shape=text).infer(T("N", 784)) == T("N", *shape)


def test_reshape_splits_an_axis_beside_an_open_one():
    assert Reshape(shape="-1, 4, 16").infer(T("N", "T", 64)) == T("N", "T", 4, 16)


@pytest.mark.parametrize("text", ["0, 5", "2.5", "-2", "４", "1e3", "9" * 40, "__import__"])
def test_reshape_refuses_what_is_no_size(text):
    with pytest.raises(Refusal, match="no size"):
        Reshape(shape=text).infer(T("N", 5))


def test_reshape_refuses_open_sizes_that_may_not_fit():
    with pytest.raises(Refusal, match="but receives T×64"):
        Reshape(shape="4, 64").infer(T("N", "T", 64))


def test_permute_moves_channels_first():
    assert Permute(order=(0, 3, 1, 2)).infer(T("N", 28, 30, 3)) == T("N", 3, 28, 30)


def test_concat_adds_up_open_sizes():
    made = Concat(axis=1).infer(T("N", "T", 8), T("N", "T", 8), T("N", 1, 8))
    assert str(made) == "N×2*T+1×8"


def test_concat_along_the_axis_that_differs_is_offered():
    with pytest.raises(Refusal) as caught:
        Concat(axis=1).infer(T("N", 3, 8), T("N", 3, 5))
    assert caught.value.hints == (SetParam("axis", 2),)


@pytest.mark.parametrize("start", range(-4, 5))
@pytest.mark.parametrize("stop", range(-4, 5))
@pytest.mark.parametrize("step", [1, 2, 3])
def test_slices_of_open_sizes_equal_those_of_known_ones(start, stop, step):
    block = Slice(start=start, stop=stop, step=step)
    size = 20
    try:
        open_length = block.infer(T("N", "T")).shape[1]
        known_length = block.infer(T("N", size)).shape[1]
    except Refusal:
        return
    assert evaluate(open_length, {"T": size}) == known_length
    assert known_length == len(list(range(size))[start : stop or None : step])
