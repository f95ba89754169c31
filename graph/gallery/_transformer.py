"""Transformer layers, drawn block by block as their papers differ in the details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graph.gallery.draw import Drawing, Out, repeated
from graph.params import Expr, Value


@dataclass(frozen=True)
class Layer:
    """What a layer looks like.

    Attributes:
        heads: heads of its attention.
        wide: features between its two dense layers.
        eps: what its norms add to the variance.
        gelu: which GELU it has, `none` the exact one and `tanh` its approximation.
        causal: whether no place sees those after it.
        dropout: chance of each number to become 0 while training; at 0 there is no such block.
    """

    heads: int
    wide: int
    eps: float = 1e-5
    gelu: str = "none"
    causal: bool = False
    dropout: float = 0.0


def pre_norm(d: Drawing, x: Out, layer: Layer) -> Out:
    """Attention, then dense layers, each normalised first and beside a shortcut."""
    y = d.add("layer_norm", x, name="norm1", eps=layer.eps)
    x = d.add("add", x, _attend(d, y, layer), name="add1")
    y = d.add("layer_norm", x, name="norm2", eps=layer.eps)
    return d.add("add", x, _feed_forward(d, y, layer), name="add2")


def post_norm(d: Drawing, x: Out, layer: Layer) -> Out:
    """Attention, then dense layers, each beside a shortcut and normalised with it."""
    x = d.add("add", x, _attend(d, x, layer), name="add1")
    x = d.add("layer_norm", x, name="norm1", eps=layer.eps)
    x = d.add("add", x, _feed_forward(d, x, layer), name="add2")
    return d.add("layer_norm", x, name="norm2", eps=layer.eps)


def stack(
    d: Drawing,
    x: Out,
    count: int,
    draw: Callable[[Drawing, Out, Layer], Out],
    layer: Layer,
    features: int,
) -> Out:
    """Several layers, one behind the other, as instances of a definition."""
    about = "Attention, then dense layers, each beside a shortcut."
    sizes = {"features": features, "heads": layer.heads, "wide": layer.wide}
    dropout = {"dropout": layer.dropout} if layer.dropout else {}
    with d.define("TransformerLayer", about, **sizes, **dropout):
        d.result(draw(d, d.port("x", f"T, {features}"), layer))
    return d.add("TransformerLayer", x, name="layers", repeat=repeated(count))


def dropped(d: Drawing, x: Out, chance: Value, name: str = "dropout") -> Out:
    """The same with numbers left out while training, unless the chance is 0."""
    return d.add("dropout", x, name=name, p=chance) if chance else x


def _attend(d: Drawing, x: Out, layer: Layer) -> Out:
    chance: Value = Expr("dropout") if layer.dropout else 0.0
    x = d.add(
        "multihead_attention", x, name="attention",
        heads=Expr("heads"), causal=layer.causal, dropout=chance,
    )  # fmt: skip
    return dropped(d, x, chance, "dropout1")


def _feed_forward(d: Drawing, x: Out, layer: Layer) -> Out:
    x = d.add("dense", x, name="wide", features=Expr("wide"))
    x = d.add("gelu", x, name="gelu", approximate=layer.gelu)
    x = d.add("dense", x, name="narrow", features=Expr("features"))
    return dropped(d, x, Expr("dropout") if layer.dropout else 0.0, "dropout2")
