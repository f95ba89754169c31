"""Parameters that are typed behind a block's name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.block import show_value
from graph.params import Expr
from graph.registry import default_registry
from graph.typing_in import NUMBERS, read_words, words_of

REGISTRY = default_registry()
BLOCKS = REGISTRY.blocks()


def read(kind, text, variables=None):
    return read_words(words_of(text), REGISTRY.find(kind), variables)


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        ("conv2d", "64 3x3 s2", {"out_channels": 64, "kernel_size": (3, 3), "stride": (2, 2)}),
        ("conv2d", "64 k3 s2 p1", {"out_channels": 64, "kernel_size": (3, 3), "stride": (2, 2),
                                   "padding": (1, 1)}),
        ("conv2d", "64 5×3", {"out_channels": 64, "kernel_size": (5, 3)}),
        ("conv2d", "64 k5x3 s2x1", {"out_channels": 64, "kernel_size": (5, 3), "stride": (2, 1)}),
        ("conv2d", "64 3 2", {"out_channels": 64, "kernel_size": (3, 3), "stride": (2, 2)}),
        ("conv2d", "ks5", {"kernel_size": (5, 5)}),
        ("conv2d", "kernel=5 groups=2", {"kernel_size": (5, 5), "groups": 2}),
        ("conv2d", "64 same nobias", {"out_channels": 64, "same": True, "bias": False}),
        ("conv2d", "no_bias spec", {"bias": False, "weight_norm": "spectral"}),
        ("conv2d", "bias=off", {"bias": False}),
        ("dense", "10", {"features": 10}),
        ("dropout", "0.5", {"p": 0.5}),
        ("dropout", "p.25", {"p": 0.25}),
        ("lstm", "128 x2", {"units": 128, "layers": 2}),
        ("lstm", "128 2 bidir dropout=0.1", {"units": 128, "layers": 2, "bidirectional": True,
                                             "dropout": 0.1}),
        ("input", "3x28x28 int64", {"shape": "3, 28, 28", "dtype": "int64"}),
        ("input", "784", {"shape": "784"}),
        ("input", 'column="my label"', {"column": "my label"}),
        ("layer_norm", "2 1e-3", {"axes": 2, "eps": 0.001}),
        ("max_pool2d", "2", {"kernel_size": (2, 2)}),
    ],
)  # fmt: skip
def test_words_set_parameters(kind, text, values):
    reading = read(kind, text)
    assert dict(reading.values) == values
    assert reading.misread == 0


def test_what_will_be_set_is_told_in_one_line():
    assert read("conv2d", "64 3x3 s2").summary == "out_channels 64 · kernel_size 3×3 · stride 2×2"


def test_a_value_out_of_bounds_is_refused_with_the_words_of_the_parameter():
    reading = read("dropout", "5")
    assert reading.refused == ("Probability must be at most 1, but is 5.0.",)
    assert not reading.values


def test_a_refused_value_keeps_its_place():
    reading = read("conv2d", "-4 3x3")
    assert dict(reading.values) == {"kernel_size": (3, 3)}
    assert len(reading.refused) == 1


def test_words_that_mean_nothing_are_told():
    reading = read("conv2d", "64 banana colour=3 0.5")
    assert reading.unknown == ("banana", "colour=3", "0.5")
    assert dict(reading.values) == {"out_channels": 64}
    assert read("relu", "3").unknown == ("3",)


def test_a_value_may_be_calculated_with_the_variables_of_the_drawing():
    reading = read("dense", "2*width", {"width": 8})
    assert dict(reading.values) == {"features": Expr("2*width")}
    assert reading.summary == "features 2*width"
    assert read("dense", "2*width").unknown == ("2*width",)
    assert dict(read("dense", "4*16").values) == {"features": 64}
    assert read("dense", "features=depth", {"width": 8}).refused


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind.name)
def test_every_parameter_can_be_set_by_its_name(block):
    for param in block.params.values():
        text = str(param.default)
        if isinstance(param.default, tuple):
            text = "x".join(map(str, param.default))
        if not text or "\n" in text or '"' in text:
            continue
        reading = read_words([f"{param.name}={text}"], block)
        assert reading.values == {param.name: param.default}, (param.name, reading)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind.name)
def test_plain_numbers_set_the_numbers_in_the_order_in_which_they_are_declared(block):
    numbers = [param for param in block().shown() if param.kind in NUMBERS]
    words = ["x".join(map(str, p.default)) if p.kind in ("size2", "size3") else str(p.default)
             for p in numbers if p.kind != "ints"]  # fmt: skip
    sizes = {p.name: p.default for p in numbers if p.kind in ("size2", "size3")}
    reading = read_words([word for word in words if "x" in word], block)
    assert all(reading.values[name] == sizes[name] for name in reading.values if name in sizes)
    first = next((p for p in numbers if p.kind in ("int", "float")), None)
    if first is not None and numbers[0] is first and first.kind == "int":
        assert next(iter(read_words([str(first.default)], block).values)) == first.name


WORDS = st.lists(st.text('kspx0123456789.=×-+*abit_"(', min_size=1, max_size=9), max_size=5)


@settings(max_examples=150, deadline=None)
@given(words=WORDS, block=st.sampled_from(BLOCKS))
def test_whatever_is_typed_is_taken_refused_or_not_understood(words, block):
    reading = read_words(words, block, {"a": 3, "bit": 2.5})
    for name, value in reading.values.items():
        block.params[name].resolve(value, {"a": 3, "bit": 2.5})
    assert len(reading.unknown) <= len(words)
    if not reading.refused:
        block.build(reading.values, {"a": 3, "bit": 2.5})


def test_words_between_quotation_marks_are_one():
    assert words_of('conv name="a b" 3') == ["conv", 'name="a b"', "3"]
    assert words_of('x="open end') == ['x="open end']
    assert show_value((3, 3)) == "3×3"
