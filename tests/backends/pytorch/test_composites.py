"""Definitions, repeats and shared weights compute what their drawings say."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from backends.pytorch.compile import Built, build, keep_weights, to_node_keys
from backends.pytorch.source import Source, print_source
from graph.check import check
from graph.cost import costs
from graph.gallery.draw import Drawing, Out
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, NodeId, Repeat
from graph.params import Expr


def printed(document: Document) -> Source:
    typing = infer(document)
    assert not typing.problems
    source = print_source(lower(document, typing))
    assert not source.gaps
    return source


def built(document: Document) -> tuple[Source, Built]:
    source = printed(document)
    model = build(source.model, source.objective, 0)
    numbers = sum(weight.numel() for weight in model.model.parameters())
    assert numbers == costs(document, infer(document)).total.parameters
    return source, model


def define_block(d: Drawing) -> None:
    """A residual block of dense layers."""
    with d.define("ResidualBlock", "Adds what it makes.", width=4, wide=8):
        x = d.port("x", "6")
        y = d.add("dense", x, name="first", features=Expr("wide"))
        y = d.add("dense", d.chain(y, "tanh"), name="second", features=Expr("width"))
        d.result(d.add("add", y, x))


def weights(model: nn.Module, source: Source) -> dict[str, Tensor]:
    return to_node_keys(model.state_dict(), source.paths)


def by_hand(x: Tensor, kept: dict[str, Tensor], at: str, first: Out, second: Out) -> Tensor:
    """What a residual block answers, from the weights at a path."""
    one, two = (f"{at}/{end.node}.dense" for end in (first, second))
    y = torch.tanh(x @ kept[f"{one}.weight"].T + kept[f"{one}.bias"])
    return x + y @ kept[f"{two}.weight"].T + kept[f"{two}.bias"]


def inner(d: Drawing, definition: str, kind: str) -> NodeId:
    """The one block of a kind in a definition."""
    nodes = d.document.definitions[definition].graph.nodes.values()
    (found,) = (node.id for node in nodes if node.kind == kind)
    return found


def block_inside(d: Drawing) -> tuple[Out, Out]:
    nodes = d.document.definitions["ResidualBlock"].graph.nodes.values()
    first, second = (node for node in nodes if node.kind == "dense")
    return Out(first.id, "y"), Out(second.id, "y")


def test_instances_differ_in_what_becomes_arguments_of_their_class() -> None:
    d = Drawing()
    define_block(d)
    x = d.add("input", shape="6")
    x = d.add("ResidualBlock", x, width=6, wide=12)
    x = d.add("dense", x, features=10)
    x = d.add("ResidualBlock", x, width=10, wide=12)
    d.add("output", x)
    source, model = built(d.document)
    assert "def __init__(self, width: int) -> None:" in source.text
    assert "self.first = nn.Linear(width, 12)" in source.text
    assert "self.residual_block = ResidualBlock(6)" in source.text
    assert model.model(torch.randn(3, 6)).shape == (3, 10)


def test_what_the_definition_calculates_is_calculated_in_the_class() -> None:
    d = Drawing()
    with d.define("Narrow", width=4):
        x = d.add("dense", d.port("x", "8"), name="inner", features=Expr("width // 2 + 1"))
        d.result(d.add("dense", x, name="outer", features=Expr("width")))
    x = d.add("input", shape="8")
    for width in (8, 14, 20):
        x = d.add("Narrow", x, width=width)
    d.add("output", x)
    source, _ = built(d.document)
    assert "self.inner = nn.Linear" in source.text or "nn.Linear(" in source.text
    assert "width // 2 + 1" in source.text


@pytest.mark.parametrize("mode", ["chain", "shared"])
def test_a_repeated_block_follows_itself(mode: str) -> None:
    d = Drawing()
    define_block(d)
    x = d.add("input", shape="6")
    y = d.add("ResidualBlock", x, width=6, repeat=Repeat(3, mode))
    d.add("output", y)
    source, model = built(d.document)
    kept = weights(model.model, source)
    given = torch.randn(5, 6)
    wanted = given
    for number in range(3):
        at = f"{y.node}[{number}]" if mode == "chain" else str(y.node)
        wanted = by_hand(wanted, kept, at, *block_inside(d))
    torch.testing.assert_close(model.model(given), wanted)
    assert len(kept) == (12 if mode == "chain" else 4)


def test_concat_joins_what_each_finds_to_what_all_before_found() -> None:
    d = Drawing()
    with d.define("Layer", growth=2):
        x = d.add("conv2d", d.port("x", "3, 5, 5"), out_channels=Expr("growth"), padding=1)
        d.result(d.chain(x, "relu"))
    x = d.add("input", shape="3, 5, 5")
    y = d.add("Layer", x, repeat=Repeat(4, "concat"))
    d.add("output", y)
    source, model = built(d.document)
    assert "Layer(3 + 2 * i) for i in range(4)" in source.text
    kept, given = weights(model.model, source), torch.randn(2, 3, 5, 5)
    conv = inner(d, "Layer", "conv2d")
    wanted = given
    for number in range(4):
        at = f"{y.node}[{number}]/{conv}.conv"
        found = nn.functional.conv2d(wanted, kept[f"{at}.weight"], kept[f"{at}.bias"], padding=1)
        wanted = torch.cat([wanted, found.relu()], dim=1)
    torch.testing.assert_close(model.model(given), wanted)


def test_sum_adds_up_what_does_not_go_on_and_expressions_see_the_index() -> None:
    d = Drawing()
    with d.define("Layer", dilation=1):
        x = d.port("x", "4, T")
        y = d.add("conv1d", x, out_channels=4, padding=Expr("dilation"), dilation=Expr("dilation"))
        d.result(d.add("add", y, x))
        d.result(d.chain(y, "tanh"), "skip")
    x = d.add("input", shape="4, T")
    y = d.add("Layer", x, repeat=Repeat(5, "sum"), dilation=Expr("2 ** (i % 3)"))
    d.add("output", y.at("skip"), name="skips")
    source, model = built(d.document)
    assert "Layer(2 ** (i % 3)) for i in range(5)" in source.text
    kept, x_ = weights(model.model, source), torch.randn(2, 4, 30)
    conv = inner(d, "Layer", "conv1d")
    given, wanted = x_, torch.zeros(2, 4, 30)
    for number in range(5):
        at, wide = f"{y.node}[{number}]/{conv}.conv", 2 ** (number % 3)
        made = nn.functional.conv1d(
            x_, kept[f"{at}.weight"], kept[f"{at}.bias"], padding=wide, dilation=wide
        )
        x_, wanted = x_ + made, wanted + made.tanh()
    torch.testing.assert_close(model.model(given), wanted)


def test_a_drawn_cell_goes_along_a_sequence_as_torch_s_does() -> None:
    d = Drawing()
    with d.define("Cell", units=6):
        x, state = d.port("x", "5"), d.port("state", "6")
        y = d.add(
            "add",
            d.add("dense", x, name="seen", features=Expr("units")),
            d.add("dense", state, name="known", features=Expr("units")),
        )
        y = d.chain(y, "tanh")
        d.result(y, "answer")
        d.result(y, "next_state")
    x, start = d.add("input", shape="T, 5"), d.add("input", name="start", shape="6")
    y = d.add("Cell", x, start, repeat=Repeat(1, "scan"))
    d.add("output", y, name="all")
    d.add("output", y.at("next_state"), name="last")
    source, model = built(d.document)
    reference = nn.RNN(5, 6, batch_first=True)
    kept = weights(model.model, source)
    ends = {n.name: n.id for n in d.document.definitions["Cell"].graph.nodes.values()}
    with torch.no_grad():
        for ours, theirs in (("seen", "ih"), ("known", "hh")):
            for part in ("weight", "bias"):
                value = kept[f"{y.node}/{ends[ours]}.dense.{part}"]
                getattr(reference, f"{part}_{theirs}_l0").copy_(value)
    given, first = torch.randn(3, 7, 5), torch.randn(3, 6)
    answers, last = model.model(given, first)
    wanted, end = reference(given, first.unsqueeze(0))
    torch.testing.assert_close(answers, wanted)
    torch.testing.assert_close(last, end[0])


@pytest.mark.parametrize(
    ("kind", "shape", "params"),
    [
        ("relu", "4, 6, 6", {}),
        ("conv2d", "4, 6, 6", {"out_channels": 4}),
        ("lstm", "T, 8", {"units": 8}),
        ("multihead_attention", "T, 8", {"heads": 2}),
        ("transformer_encoder_layer", "T, 8", {"heads": 2}),
        ("causal_conv1d", "4, T", {"out_channels": 4}),
        ("batch_norm", "4, 6, 6", {}),
    ],
)
def test_any_block_can_follow_itself(kind: str, shape: str, params: dict[str, int]) -> None:
    d = Drawing()
    x = d.add("input", shape=shape)
    d.add("output", d.add(kind, x, repeat=Repeat(2), **params))
    source, model = built(d.document)
    sizes = [9 if part.strip() == "T" else int(part) for part in shape.split(",")]
    assert model.model.eval()(torch.randn(2, *sizes)).isfinite().all()
    numbers = {key.partition("]")[0] for key in weights(model.model, source)}
    assert len(numbers) in (0, 2)


def test_two_blocks_may_share_their_weights() -> None:
    d = Drawing()
    define_block(d)
    one, two = d.add("input", name="one", shape="6"), d.add("input", name="two", shape="6")
    first = d.add("ResidualBlock", one, name="judge", width=6)
    second = d.add("ResidualBlock", two, name="again", shares=first, width=6)
    d.add("output", first, name="of_one")
    d.add("output", second, name="of_two")
    source, model = built(d.document)
    assert "self.again" not in source.text
    given = torch.randn(4, 6)
    left, right = model.model(given, given)
    assert torch.equal(left, right)
    assert len(weights(model.model, source)) == 4


def test_weights_of_other_sizes_cannot_be_shared() -> None:
    d = Drawing()
    one, two = d.add("input", name="one", shape="6"), d.add("input", name="two", shape="7")
    first = d.add("dense", one, name="judge", features=3)
    d.add("output", first, name="of_one")
    d.add("output", d.add("dense", two, name="again", shares=first, features=3), name="of_two")
    typing = infer(d.document)
    source = print_source(lower(d.document, typing))
    assert any("shares the weights of “judge”" in text for _, text in source.gaps)


def test_weights_find_their_block_when_it_moves_into_a_definition() -> None:
    def drawing(is_grouped: bool) -> Document:
        d = Drawing()
        x = d.add("input", shape="6")
        if is_grouped:
            with d.define("Part", width=4):
                d.document = d.document
                d.result(d.add("dense", d.port("x", "6"), name="dense", features=5))
            x = d.add("Part", x)
        else:
            x = d.add("dense", x, name="dense", features=5)
        d.add("output", x)
        return d.document

    flat, grouped = drawing(False), drawing(True)
    source, model = built(flat)
    kept = {key.replace("n2.", "n3."): value for key, value in weights(model.model, source).items()}
    later, other = built(grouped)
    assert len(keep_weights(other.model, later.paths, kept)) == 2


def test_a_chain_of_modules_is_a_sequential() -> None:
    d = Drawing()
    with d.define("ConvNorm", channels=4):
        x = d.add("conv2d", d.port("x", "3, 8, 8"), out_channels=Expr("channels"), bias=False)
        x = d.add("batch_norm", x)
        d.result(d.add("leaky_relu", x, negative_slope=0.2))
    x = d.add("input", shape="3, 8, 8")
    d.add("output", d.add("ConvNorm", d.add("ConvNorm", x), channels=8))
    source, _ = built(d.document)
    assert "class ConvNorm(nn.Sequential):" in source.text
    assert "nn.LeakyReLU(negative_slope=0.2)," in source.text


def test_the_code_is_the_same_each_time() -> None:
    d = Drawing()
    define_block(d)
    x = d.add("input", shape="6")
    d.add("output", d.add("ResidualBlock", x, width=6, repeat=Repeat(2)))
    assert printed(d.document) == printed(d.document)


def test_what_is_wrong_inside_is_told_at_the_instance() -> None:
    d = Drawing()
    with d.define("Wrong"):
        d.result(d.add("conv2d", d.port("x", "6"), name="filters"))
    x = d.add("input", shape="6")
    d.add("output", d.add("Wrong", x, name="here"))
    typing = infer(d.document)
    (problem,) = (p for p in check(d.document, typing) if p.code == "refused")
    assert "Wrong “here” does not work inside: Conv 2D “filters”" in problem.text
    assert len(problem.nodes) == 2


@pytest.mark.parametrize("kind", ["dense", "conv1d", "gru"])
def test_weights_find_their_block_when_it_is_repeated(kind: str) -> None:
    def drawing(repeat: Repeat | None) -> Document:
        d = Drawing()
        x = d.add("input", shape="8, 8")
        sizes = {"dense": {"features": 8}, "conv1d": {"out_channels": 8}, "gru": {"units": 8}}
        d.add("output", d.add(kind, x, repeat=repeat, **sizes[kind]))
        return d.document

    once, thrice = drawing(None), drawing(Repeat(3))
    source, model = built(once)
    kept = weights(model.model, source)
    later, other = built(thrice)
    assert len(keep_weights(other.model, later.paths, kept)) == len(kept)
    back = weights(other.model, later)
    assert len(keep_weights(model.model, source.paths, back)) == len(kept)


def test_what_most_instances_leave_as_it_is_has_a_default() -> None:
    d = Drawing()
    with d.define("Filters", channels=4, kernel=1, stride=1):
        x = d.add(
            "conv2d", d.port("x", "3, 8, 8"), out_channels=Expr("channels"),
            kernel_size=Expr("kernel"), stride=Expr("stride"),
        )  # fmt: skip
        d.result(d.chain(x, "relu"))
    x = d.add("input", shape="3, 9, 9")
    x = d.add("Filters", x, channels=5)
    x = d.add("Filters", x, channels=6)
    x = d.add("Filters", x, channels=7, kernel=3)
    d.add("output", d.add("Filters", x, channels=8, stride=2))
    source, _ = built(d.document)
    assert "kernel: int = 1,\n        stride: int = 1," in source.text
    for call in ("Filters(3, 5)", "Filters(6, 7, 3)", "Filters(7, 8, 1, 2)"):
        assert f"= {call}" in source.text
