"""Axes that come and go, and numbers chosen by their places: open sizes and hints."""

import pytest

from graph.blocks.axes import Expand, Squeeze, Unflatten, Unsqueeze
from graph.blocks.converting import Cast, Stack
from graph.blocks.indexing import Gather, Index, Select
from graph.blocks.shifting import Repeat
from graph.problems import Refusal, SetParam, SetUpstream
from graph.tensor import T


def test_an_axis_that_is_not_one_stays():
    with pytest.raises(Refusal) as caught:
        Squeeze(axis=1).infer(T("N", "T", 1))
    assert caught.value.short == "T ≠ 1"
    assert caught.value.hints == (SetParam("axis", 2),)


def test_a_new_axis_counts_in_the_result():
    assert Unsqueeze(axis=-1).infer(T("N", 3)) == T("N", 3, 1)
    assert Unsqueeze(axis=0).infer(T("N", 3)) == T(1, "N", 3)


def test_an_open_axis_splits_where_its_size_says_so():
    assert Unflatten(axis=1, sizes=(-1, 1)).infer(T("N", "T")) == T("N", "T", 1)
    with pytest.raises(Refusal, match="a multiple of 4 places on axis 1"):
        Unflatten(axis=1, sizes=(4, -1)).infer(T("N", "T"))


def test_only_sizes_of_one_expand():
    assert Expand(sizes=(-1, 4, -1)).infer(T("N", 1, "T")) == T("N", 4, "T")
    with pytest.raises(Refusal, match="needs a size of 1 where it expands to 4"):
        Expand(sizes=(-1, 4)).infer(T("N", "T"))


def test_an_open_axis_repeats():
    assert str(Repeat(times=3).infer(T("N", "T"))) == "N×3*T"


def test_places_from_another_input_take_the_place_of_the_axis():
    assert Index(axis=1).infer(T("N", 9, 8), T("N", "T", dtype="int64")) == T("N", "N", "T", 8)
    assert Gather(axis=1).infer(T("N", 9), T("N", 1, dtype="int64")) == T("N", 1)


def test_places_are_int64():
    with pytest.raises(Refusal) as caught:
        Index().infer(T(9, 8), T("N", dtype="int32"))
    assert caught.value.hints == (SetUpstream("index", "dtype", "int64"),)


def test_a_place_that_is_not_there_is_not_selected():
    assert Select(index=-1).infer(T("N", "T", 8)) == T("N", 8)
    with pytest.raises(Refusal) as caught:
        Select(index=-6).infer(T("N", 5))
    assert caught.value.hints == (SetParam("index", -5),)


def test_stacked_dtypes_meet():
    assert Stack(axis=0).infer(T(3, dtype="int64"), T(3)) == T(2, 3)


def test_whole_code_for_each_dtype():
    assert Cast(dtype="float16").emit(T("N")).forward == "{y} = {x}.to(torch.float16)"
    assert Cast(dtype="int64").emit(T("N")).forward == "{y} = {x}.long()"
