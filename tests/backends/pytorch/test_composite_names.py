"""Names in classes of definitions and in loops hide nothing, and numbers are of their types."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from backends.pytorch.compile import build, to_node_keys
from backends.pytorch.source import Source, print_source
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, Repeat
from graph.params import Expr


def model_of(document: Document) -> tuple[Source, nn.Module]:
    typing = infer(document)
    assert not typing.problems
    source = print_source(lower(document, typing))
    assert not source.gaps
    model = build(source.model, source.objective, 0).model
    assert len(to_node_keys(model.state_dict(), source.paths)) == len(model.state_dict())
    return source, model


def drawn(d: Drawing) -> tuple[Source, nn.Module]:
    return model_of(d.document)


def assert_formatted(text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--diff", "--isolated", "-"],
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def rows(*sizes: int) -> Tensor:
    return torch.randn(2, *sizes, generator=torch.Generator().manual_seed(1))


def test_two_values_that_go_round_do_not_overwrite_each_other():
    d = Drawing()
    with d.define("Cross"):
        a, b = d.port("a", "6"), d.port("b", "6")
        d.result(d.add("add", a, b), "u")
        d.result(d.add("tanh", b), "v")
    given = d.add("input", shape="6")
    kept = d.add("tanh", given, name="kept")
    running = d.add("sigmoid", d.add("sigmoid", given))
    crossed = d.add("Cross", kept, running, repeat=Repeat(3, "chain"))
    d.add("output", d.add("concat", crossed, kept, crossed.at("v")))
    x = rows(6)
    u = kept_ = torch.tanh(x)
    v = torch.sigmoid(torch.sigmoid(x))
    for _ in range(3):
        u, v = u + v, torch.tanh(v)
    torch.testing.assert_close(drawn(d)[1](x), torch.cat([u, kept_, v], dim=1))


def test_a_total_alone_leaves_what_goes_round():
    d = Drawing()
    with d.define("Step"):
        x = d.port("x", "6")
        d.result(d.add("tanh", x))
        d.result(d.add("sigmoid", x), "skip")
    x = d.chain(d.add("input", shape="6"), "tanh", "tanh")
    d.add("output", d.add("tanh", d.add("Step", x, repeat=Repeat(3, "sum")).at("skip")))
    x_ = rows(6).tanh().tanh()
    wanted = (x_.sigmoid() + x_.tanh().sigmoid() + x_.tanh().tanh().sigmoid()).tanh()
    torch.testing.assert_close(drawn(d)[1](rows(6)), wanted)


def test_the_last_loop_keeps_an_input_that_is_called_like_its_answer():
    d = Drawing()
    with d.define("Mix"):
        a, b = d.port("a", "6"), d.port("b", "6")
        d.result(d.add("add", a, b), "u")
    with d.define("Whole"):
        given = d.port("given", "6")
        one = d.chain(given, "tanh", "tanh")
        other = d.chain(given, "sigmoid", "sigmoid")
        d.result(d.add("Mix", one, other, repeat=Repeat(2)), "y")
    d.add("output", d.add("Whole", d.add("input", shape="6")))
    x = rows(6)
    wanted = x.tanh().tanh() + 2 * x.sigmoid().sigmoid()
    torch.testing.assert_close(drawn(d)[1](x), wanted)


def test_a_state_does_not_overwrite_the_sequence():
    d = Drawing()
    with d.define("Cell"):
        x, h = d.port("x", "6"), d.port("h", "6")
        state = d.add("tanh", d.add("add", x, h))
        d.result(d.add("sigmoid", state), "out")
        d.result(state, "state")
    steps = d.chain(d.add("input", shape="4, 6"), "tanh", "tanh")
    start = d.add("tanh", d.add("input", shape="6"))
    cell = d.add("Cell", steps, start, repeat=Repeat(1, "scan"))
    d.add("output", d.add("add", cell.at("state"), start))
    sequence, h = rows(4, 6), rows(6)
    state = h.tanh()
    for step in sequence.tanh().tanh().unbind(1):
        state = (step + state).tanh()
    torch.testing.assert_close(drawn(d)[1](sequence, h), state + h.tanh())


def test_a_loop_variable_is_not_called_like_a_running_value():
    d = Drawing()
    with d.define("Y"):
        a, b = d.port("a", "6"), d.port("b", "6")
        d.result(d.add("dense", a, features=6), "u")
        d.result(d.add("dense", b, features=6), "v")
    given = d.add("input", shape="6")
    one, other = d.chain(given, "tanh", "tanh"), d.chain(given, "sigmoid", "sigmoid")
    both = d.add("Y", one, other, name="both", repeat=Repeat(2))
    d.add("output", d.add("tanh", d.add("add", both, both.at("v"))))
    assert drawn(d)[1](rows(6)).shape == (2, 6)


@pytest.mark.parametrize("mode", ["chain", "shared", "scan", None])
@pytest.mark.parametrize("port", ["block", "item", "self", "x_step", "part"])
def test_ports_may_be_called_like_parts_of_a_loop(port: str, mode: str | None):
    d = Drawing()
    with d.define("Part"):
        x, h = d.port(port, "6"), d.port("h", "6")
        made = d.add("add", x, h)
        d.result(made, f"{port}_part")
        d.result(d.add("tanh", made), "second")
    shape = "6, 6" if mode == "scan" else "6"
    repeat = Repeat(1 if mode == "scan" else 3, mode) if mode else None
    part = d.add("Part", d.add("input", shape=shape), d.add("input", shape="6"), repeat=repeat)
    d.add("output", part)
    d.add("output", part.at("second"))
    first = rows(6, 6) if mode == "scan" else rows(6)
    made, _ = drawn(d)[1](first, rows(6))
    assert made.shape == first.shape


NAMES = ["half", "x", "F", "torch", "Inner", "Model", "LinearNoise", "isinstance", "nn", "e", "max"]


@pytest.mark.parametrize("name", NAMES)
def test_parameters_may_be_called_like_anything(name: str):
    d = Drawing()
    with d.define("Inner", width=3):
        x = d.port("x", "6")
        d.result(d.add("dense", d.add("dense", x, features=Expr("width")), features=6))
    with d.define("Outer", **{name: 4}):
        x = d.add("dense", d.port("x", "6"), features=Expr(f"2*{name}+1"))
        d.result(d.add("Inner", d.add("dense", x, features=6), width=Expr(name)))
    x = d.add("Outer", d.add("input", shape="6"), **{name: 8})
    d.add("output", d.add("Outer", x, **{name: 7}))
    _, model = drawn(d)
    assert model(rows(6)).shape == (2, 6)
    assert {17, 15} <= {weight.shape[0] for weight in model.parameters()}


def test_a_formula_is_about_parameters_not_about_sizes_of_the_same_name():
    d = Drawing()
    with d.define("Part", in_features=4):
        d.result(d.add("dense", d.port("x", "6"), features=Expr("3 * in_features + 1")))
    x = d.add("input", shape="5")
    for size in (8, 6, 6):
        x = d.add("Part", x, in_features=size)
    d.add("output", x)
    _, model = drawn(d)
    assert [tuple(w.shape) for w in model.parameters() if w.dim() == 2] == [
        (25, 5), (19, 25), (19, 19)
    ]  # fmt: skip


def test_the_index_of_a_row_hides_no_argument():
    d = Drawing()
    with d.define("Inner", width=3, features=4):
        x = d.add("dense", d.port("x", "6"), features=Expr("width"))
        d.result(d.add("dense", d.add("dense", x, features=Expr("features")), features=6))
    with d.define("Outer", width=5):
        x = d.port("x", "6")
        widths = {"width": Expr("i**3 + width"), "features": Expr("width")}
        d.result(d.add("tanh", d.add("Inner", x, repeat=Repeat(4), **widths)))
    x = d.add("Outer", d.add("input", shape="6"), width=7)
    d.add("output", d.add("Outer", x, width=9))
    _, model = drawn(d)
    wanted = [(i**3 + width, width) for width in (7, 9) for i in range(4)]
    sizes = [w.shape[0] for w in model.parameters() if w.dim() == 2]
    assert list(zip(sizes[::3], sizes[1::3], strict=True)) == wanted


def test_numbers_that_are_equal_but_of_other_types_are_arguments_of_their_own():
    d = Drawing()
    with d.define("Part", pad=0, p=0.0):
        x = d.port("x", "3, 8, 8")
        x = d.add("conv2d", x, out_channels=3, kernel_size=3, padding=Expr("pad"))
        d.result(d.add("dropout", x, p=Expr("p")))
    x = d.add("Part", d.add("input", shape="3, 8, 8"), pad=1, p=1.0)
    d.add("output", d.add("Part", x))
    assert "pad: int = 0, p: float = 0.0" in drawn(d)[0].text


@pytest.mark.parametrize("text", ["(width + width) / 2 + 1", "width / 1 + 2", "width * 2.0 + 1"])
def test_sizes_that_are_divided_stay_whole(text: str):
    d = Drawing()
    with d.define("Part", width=4):
        x = d.add("dense", d.port("x", "6"), features=Expr(text))
        d.result(d.add("dense", x, features=6))
    x = d.add("Part", d.add("input", shape="6"), width=8)
    d.add("output", d.add("Part", x, width=6))
    assert drawn(d)[1](rows(6)).shape == (2, 6)


@pytest.mark.parametrize(
    "text", ["3+i*i", "3 + i ** 2", "(3+i)*(1+i)", "2 ** (i+2)", "4+i*i/1", "3 - -i*i", "(i*i)+1"]
)
def test_formulas_are_written_as_ruff_would(text: str):
    d = Drawing()
    with d.define("Part", k=4):
        x = d.add("dense", d.port("x", "6"), features=Expr("(k+1)*k ** 2+k*(k//2)"))
        d.result(d.add("dense", x, features=6))
    x = d.add("input", shape="6")
    d.add("output", d.add("Part", x, k=Expr(text), repeat=Repeat(5)))
    source, model = drawn(d)
    assert model(rows(6)).shape == (2, 6)
    assert_formatted(source.text)


def test_a_chain_whose_sizes_differ_in_part_reads_its_arguments():
    d = Drawing()
    with d.define("Pool", size=(2, 4, 4)):
        x = d.add("tanh", d.port("x", "1, 6, 6, 6"))
        d.result(d.add("adaptive_max_pool3d", x, output_size=Expr("size")))
    x = d.add("input", shape="1, 6, 6, 6")
    d.add("output", d.add("Pool", x, size=(2, 4, 4)))
    d.add("output", d.add("Pool", x, size=(2, 3, 5)))
    one, other = drawn(d)[1](rows(1, 6, 6, 6))
    assert (one.shape[2:], other.shape[2:]) == ((2, 4, 4), (2, 3, 5))


def test_slices_between_arguments_are_written_as_ruff_would():
    d = Drawing()
    with d.define("Cut", start=1, stop=3):
        x = d.port("x", "9")
        one = d.add("slice", x, axis=1, start=Expr("start"), stop=Expr("stop"))
        d.result(d.add("concat", one, d.add("slice", x, axis=1, start=Expr("start"))))
    x = d.add("input", shape="9")
    d.add("output", d.add("Cut", x))
    d.add("output", d.add("Cut", x, start=2, stop=5))
    source, model = drawn(d)
    x_ = rows(9)
    torch.testing.assert_close(model(x_)[1], torch.cat([x_[:, 2:5], x_[:, 2:]], dim=1))
    assert_formatted(source.text)


def test_a_layer_that_just_fits_without_its_comma_is_broken():
    d = Drawing()
    with d.define("Part", padding=1, dilation=1, bias=True):
        x = d.add("tanh", d.port("x", "3, 9, 9"))
        given = {name: Expr(name) for name in ("padding", "dilation", "bias")}
        d.result(d.add("conv2d", x, out_channels=32, kernel_size=3, **given))
    x = d.add("Part", d.add("input", shape="3, 9, 9"), padding=2, dilation=3, bias=False)
    d.add("output", d.add("Part", x))
    source, _ = drawn(d)
    assert_formatted(source.text)


def test_many_outputs_have_a_line_each():
    d = Drawing()
    with d.define("Many"):
        x = d.port("x", "6")
        for number in range(12):
            d.result(d.add("dense", x, features=number + 1), f"out{number}")
    many = d.add("Many", d.add("input", shape="6"))
    d.add("output", d.add("concat", *d.outs(many)))
    assert_formatted(drawn(d)[0].text)


def test_descriptions_that_begin_with_a_quote_are_written_as_ruff_would():
    d = Drawing()
    with d.define("Part", '"Twice" in the paper'):
        d.result(d.add("dense", d.port("x", "6"), features=6))
    d.add("output", d.add("Part", d.add("input", shape="6")))
    for description in ("", "About it."):
        document = replace(d.document, name='"Net" it is', description=description)
        assert_formatted(model_of(document)[0].text)
