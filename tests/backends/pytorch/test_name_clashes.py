"""Names that meet in the code of composites, and what is calculated, change no number."""

from __future__ import annotations

import pytest

from graph.gallery.draw import Drawing, Out
from graph.model import Document, Repeat
from graph.params import Expr, Plain, Value
from tests.backends.pytorch.evaluating import check_drawing, check_numbers


def back(d: Drawing, x: Out) -> Out:
    return d.add("dense", x, features=6)


def instances(calculated: str, parameter: str = "width", *values: Plain) -> Document:
    """Instances of a definition that calculates a width from its parameter."""
    d = Drawing()
    with d.define("Part", **{parameter: 4}):
        d.result(back(d, d.add("dense", d.port("a", "6"), features=Expr(calculated))))
    x = d.add("input", shape="6")
    for value in values or (2, 4, 8):
        x = d.add("Part", x, **{parameter: value})
    d.add("output", x)
    return d.document


def row(calculated: str, count: int = 4) -> Document:
    """A repeated definition whose parameter is calculated with the index."""
    d = Drawing()
    with d.define("Part", width=4):
        d.result(back(d, d.add("dense", d.port("x", "6"), features=Expr("width"))))
    x = d.add("Part", d.add("input", shape="6"), width=Expr(calculated), repeat=Repeat(count))
    d.add("output", x)
    return d.document


@pytest.mark.parametrize("parameter", ["x", "i", "in_features", "out_features", "Part", "y", "_a"])
def test_a_parameter_may_be_called_like_what_the_code_has(parameter: str) -> None:
    check_drawing(instances(f"{parameter} * 3 + 1", parameter))


def test_a_parameter_may_be_called_like_a_definition_that_is_used() -> None:
    d = Drawing()
    with d.define("Inner", size=6):
        d.result(back(d, d.add("dense", d.port("x", "6"), features=Expr("size"))))
    with d.define("Outer", Inner=3):
        x = d.port("x", "6")
        d.result(d.add("add", d.add("Inner", x, size=Expr("Inner")), x))
    x = d.add("input", shape="6")
    for value in (1, 2, 4):
        x = d.add("Outer", x, Inner=value)
    d.add("output", x)
    check_drawing(d.document)


def test_a_row_s_variable_does_not_hide_a_parameter_of_the_same_name() -> None:
    d = Drawing()
    with d.define("Inner", width=4, size=6):
        x = d.add("dense", d.port("x", "6"), features=Expr("width"))
        d.result(back(d, d.add("dense", x, features=Expr("size"))))
    with d.define("Outer", width=3):
        values: dict[str, Value] = {"width": Expr("width + i * i"), "size": Expr("width")}
        d.result(d.add("Inner", d.port("x", "6"), repeat=Repeat(4), **values))
    x = d.add("input", shape="6")
    for value in (3, 5):
        x = d.add("Outer", x, width=value)
    d.add("output", x)
    check_drawing(d.document)


@pytest.mark.parametrize(
    "calculated",
    [
        "width / 2", "8 / width", "2 ** width", "2**(width%3)", "1+(width*width)",
        "-width ** 2 + 999", "2 ** -1 * width", "(width + 1) ** - -2", "+width * 3", "1e1 * width",
        "width * 2 # twice",
    ],
)  # fmt: skip
def test_what_is_calculated_is_written_as_it_counts(calculated: str) -> None:
    check_drawing(instances(calculated))
    check_drawing(row(calculated.replace("width", "(2 ** (i + 1))"), 3))


def test_numbers_of_two_kinds_that_are_equal_stay_apart() -> None:
    d = Drawing()
    with d.define("Part", slope=0.5, width=2):
        y = d.add("leaky_relu", d.port("x", "6"), negative_slope=Expr("slope"))
        d.result(back(d, d.add("dense", y, features=Expr("width"))))
    x = d.add("input", shape="6")
    x = d.add("Part", d.add("Part", x, slope=1.0, width=1), slope=2.0, width=2)
    d.add("output", x)
    check_drawing(d.document)


@pytest.mark.parametrize("mode", ["chain", "shared", "concat", "sum", "scan", None])
@pytest.mark.parametrize("name", ["block", "item", "block2", "part", "step", "self", "x", "y"])
@pytest.mark.parametrize("end", ["in", "out"])
def test_a_port_may_be_called_like_what_the_code_has(end: str, name: str, mode: str | None) -> None:
    d = Drawing()
    several = mode in ("sum", "scan")
    with d.define("Part"):
        x = d.port(name if end == "in" else "given", "6")
        y = d.add("dense", d.add("add", x, d.port("z", "6")) if several else x, features=6)
        d.result(y, name if end == "out" else "made")
        if several:
            d.result(d.add("tanh", y), "w")
    x = d.add("input", shape="6")
    wires = [x, x] if several else [x]
    if mode == "scan":
        wires[0] = d.add("stack", x, d.add("tanh", x), axis=1)
    made = d.add("Part", *wires, repeat=Repeat(2, mode) if mode else None)
    d.add("output", made.at("w") if several else made)
    check_numbers(d.document)


def two_ways(d: Drawing, name: str = "Part") -> None:
    """A definition with two inputs and two outputs."""
    with d.define(name):
        x, z = d.port("x", "6"), d.port("z", "6")
        d.result(back(d, x))
        d.result(d.add("add", x, d.add("tanh", z)), "w")


@pytest.mark.parametrize("mode", ["chain", "shared", "sum"])
@pytest.mark.parametrize("read", [["y"], ["w"], ["y", "w"]], ids="".join)
@pytest.mark.parametrize("wired", ["pq", "qp", "pa", "ap", "pp"])
def test_what_goes_round_is_set_before_nothing_else_is_lost(
    mode: str, read: list[str], wired: str
) -> None:
    d = Drawing()
    two_ways(d)
    a = d.add("input", name="a", shape="6")
    ends = {"a": a, "p": back(d, a), "q": back(d, a)}
    made = d.add("Part", *(ends[end] for end in wired), repeat=Repeat(3, mode))
    d.add("output", back(d, d.add("add", *(back(d, made.at(out)) for out in read))))
    check_numbers(d.document)


@pytest.mark.parametrize("name", ["x", "y", "steps"])
@pytest.mark.parametrize("read", [["y"], ["w"], ["y", "w"]], ids="".join)
def test_a_sequence_is_not_lost_when_its_state_is_set(name: str, read: list[str]) -> None:
    d = Drawing()
    two_ways(d, "Cell")
    a = d.add("input", name="a", shape="6")
    b = d.add("input", name=name, shape="6")
    steps = d.add("dense", d.add("stack", b, d.add("tanh", b), axis=1), features=6)
    made = d.add("Cell", steps, a, repeat=Repeat(1, "scan"))
    for out in read:
        d.add("output", made.at(out), name=f"end_{out}")
    check_drawing(d.document)


def test_a_loop_s_variable_is_not_that_of_a_value_that_is_still_read() -> None:
    d = Drawing()
    two_ways(d, "Y")
    x, a = d.add("input", name="x", shape="6"), d.add("input", name="a", shape="6")
    made = d.add("Y", a, a, name="judge", repeat=Repeat(2))
    d.add("output", d.add("add", back(d, made), back(d, made.at("w")), x))
    check_drawing(d.document)


def test_an_output_called_y_is_made_by_a_loop_that_reads_another_y() -> None:
    d = Drawing()
    with d.define("Part"):
        x = d.port("given", "6")
        d.result(back(d, d.add("add", x, d.add("tanh", d.port("z", "6")))), "made")
    x, a = d.add("input", name="x", shape="6"), d.add("input", name="a", shape="6")
    d.add("output", x, name="other")
    d.add("output", d.add("Part", a, back(d, a), repeat=Repeat(2)), name="y")
    check_drawing(d.document)


def test_what_goes_round_unread_is_no_output_called_y() -> None:
    d = Drawing()
    two_ways(d)
    x, a = d.add("input", name="x", shape="6"), d.add("input", name="a", shape="6")
    d.add("output", x, name="other")
    d.add("output", d.add("Part", a, a, repeat=Repeat(2)).at("w"), name="y")
    check_drawing(d.document)


def test_rows_through_values_and_rows_of_a_count_stay_apart() -> None:
    d = Drawing()
    with d.define("Inner", width=4):
        d.result(back(d, d.add("dense", d.port("x", "6"), features=Expr("width"))))
    with d.define("Outer", depth=2, period=2):
        width = Expr("5 + i ** 3 % period")
        repeat = Repeat(Expr("depth"))
        d.result(d.add("Inner", d.port("x", "6"), width=width, repeat=repeat))
    x = d.add("input", shape="6")
    for depth, period in ((3, 2), (4, 3), (4, 1), (5, 7)):
        x = d.add("Outer", x, depth=depth, period=period)
    d.add("output", x)
    check_drawing(d.document)
