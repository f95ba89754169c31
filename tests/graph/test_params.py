"""Declared parameters, their checks, and expressions."""

import math
from dataclasses import FrozenInstanceError, asdict, fields, is_dataclass, replace
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.expressions import calculate
from graph.params import Expr, Form, Ints, Size2, from_json, param, to_json
from graph.problems import UserError


class Sample(Form):
    """Some parameters of each kind."""

    count: int = param(default=3, ge=1, le=100, help="How many.")
    rate: float = param(default=0.5, gt=0, help="How fast.")
    bias: bool = param(default=True, help="Whether.")
    mode: str = param(default="mean", choices=("mean", "sum"), help="Which.")
    size: Size2 = param(default=(3, 3), ge=1, unit="px", help="How large.")
    axes: Ints = param(default=(1,), help="Where.", show_if=lambda form: form.bias)
    note: str = param(default="", help="What.")


def test_kinds_come_from_annotations():
    kinds = {name: declared.kind for name, declared in Sample.params.items()}
    assert kinds == {
        "count": "int",
        "rate": "float",
        "bias": "bool",
        "mode": "choice",
        "size": "size2",
        "axes": "ints",
        "note": "text",
    }


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("count", 0, "at least 1"),
        ("count", 101, "at most 100"),
        ("count", "x", "a whole number"),
        ("count", True, "a whole number"),
        ("count", 10**30, "below 2"),
        ("count", math.nan, "a whole number"),
        ("count", math.inf, "a whole number"),
        ("rate", 0.0, "more than 0"),
        ("rate", math.nan, "a finite number"),
        ("bias", 1, "on or off"),
        ("mode", "median", "one of mean, sum"),
        ("size", (3, 0), "at least 1"),
        ("size", (1, 2, 3), "2 whole numbers"),
        ("axes", (1, 2.5), "a list of whole numbers"),
    ],
)
def test_a_refused_value_says_what_is_right_and_what_came(name, value, wanted):
    with pytest.raises(UserError, match=wanted) as error:
        Sample.build({name: value})
    assert Sample.params[name].title in str(error.value)


def test_a_single_number_fills_a_size():
    assert Sample.build({"size": 5}).size == (5, 5)
    assert Sample.build({"size": [7]}).size == (7, 7)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("count", "4 * 16 - 1", 63),
        ("count", "2 * width", Expr("2 * width")),
        ("rate", "1e-3", 1e-3),
        ("size", "3x5", (3, 5)),
        ("size", "(2, 4)", (2, 4)),
        ("axes", "-1, 2", (-1, 2)),
        ("bias", "false", False),
    ],
)
def test_typed_text_becomes_a_value(name, text, value):
    assert Sample.params[name].parse(text) == value


@pytest.mark.parametrize("text", ["__import__('os')", "a.b", "f(1)", "[1]", "1 if 2 else 3", ""])
def test_only_arithmetic_is_calculated(text):
    with pytest.raises(UserError):
        calculate(Expr(text), {"a": 1, "f": 2})


def test_expressions_use_variables():
    assert Sample.build({"count": Expr("2 * width")}, {"width": 8}).count == 16
    with pytest.raises(UserError, match="no variable of this drawing"):
        Sample.build({"count": Expr("2 * height")}, {"width": 8})
    with pytest.raises(UserError, match="divides by zero"):
        Sample.build({"count": Expr("1 // width")}, {"width": 0})
    with pytest.raises(UserError, match="too large"):
        Sample.build({"count": Expr("9 ** 9 ** 9")})


def test_hidden_parameters_keep_their_values():
    form = Sample.build({"bias": False, "axes": (2,)})
    assert "axes" not in [declared.name for declared in form.shown()]
    assert form.axes == (2,)


@given(
    st.one_of(
        st.integers(-(2**62), 2**62),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.text(),
        st.lists(st.integers(-99, 99)).map(tuple),
        st.text().map(Expr),
    )
)
def test_values_survive_json(value):
    assert from_json(to_json(value)) == value


def test_an_expression_that_grows_beyond_all_numbers_is_refused():
    with pytest.raises(UserError, match="too large a number"):
        calculate(Expr("width * 10"), {"width": 1e308})


def test_a_root_of_a_negative_number_is_refused():
    with pytest.raises(UserError, match="root of a negative number"):
        calculate(Expr("(-8) ** 0.5"), {})


@pytest.mark.parametrize("number", [1e308, -1e19, 1 << 63])
def test_a_whole_number_that_no_machine_counts_is_refused(number):
    with pytest.raises(UserError, match="must be a number below 2"):
        Sample.build({"count": number})


def test_values_keep_their_meaning_when_a_parameter_is_renamed():
    class Renamed(Form):
        width: int = param(default=1, help="How wide.", was=("units", "size"))

    assert Renamed.build({"units": 7}).width == 7
    assert Renamed.build({"size": 7, "width": 8}).width == 8
    assert Renamed.unknown_names(Renamed.renamed({"units": 7, "depth": 1})) == ["depth"]


def test_forms_are_values():
    assert Sample(count=4) == Sample(count=4) != Sample()
    assert hash(Sample(count=4)) == hash(Sample(count=4))
    assert Sample() != object()
    assert repr(Sample(count=4)).startswith("Sample(count=4, rate=0.5, bias=True, ")


def test_a_form_cannot_be_changed():
    form = Sample()
    with pytest.raises(FrozenInstanceError, match="count"):
        form.count = 4  # type: ignore[misc]  # this is what is tested
    with pytest.raises(FrozenInstanceError, match="count"):
        del form.count
    assert form.count == 3


def test_a_form_takes_no_values_that_are_not_declared():
    with pytest.raises(TypeError, match="Sample has no parameter called 'other'"):
        Sample(other=1)  # type: ignore[call-arg]  # this is what is tested


def test_a_form_is_a_dataclass_to_the_standard_library():
    assert is_dataclass(Sample)
    assert [field.name for field in fields(Sample)] == list(Sample.params)
    assert asdict(Sample(count=4)) == Sample(count=4).values()
    assert replace(Sample(count=4), rate=2.0) == Sample(count=4, rate=2.0)


def test_a_form_that_extends_another_declares_its_parameters_first():
    class More(Sample):
        """A form with one more parameter, and another default."""

        among: ClassVar[str] = "no parameter"
        extra: int = param(default=1, help="One more.")
        count: int = param(default=7, help="How many.")

    assert list(More.params) == [*Sample.params, "extra"]
    assert More().count == 7
    assert Sample().count == 3
    assert More(extra=2) != More()


def test_a_name_without_param_is_refused():
    with pytest.raises(TypeError, match="Bare.size: declare it as"):

        class Bare(Form):
            """A form whose only name has a plain default."""

            size: int = 3
