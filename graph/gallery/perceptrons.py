"""The perceptron and the multilayer perceptron."""

from __future__ import annotations

from graph.gallery import _classifying as classifying
from graph.gallery.draw import Drawing
from graph.gallery.entry import Entry, Family
from graph.params import Form, param

PIXELS = "64"


class Perceptron(Form):
    """A perceptron has nothing to choose but its bias."""

    bias: bool = param(default=True, help="Add a learned threshold to each answer.")


def draw_perceptron(d: Drawing, form: Perceptron) -> None:
    """One layer, straight from pixels to classes."""
    d.data("digits", layout="flat")
    d.recipe(learning_rate=0.01)
    x = d.add("input", name="pixels", shape=PIXELS)
    x = d.add("dense", x, name="weights", features=10, bias=form.bias)
    classifying.classify(d, x)


PERCEPTRON = Entry(
    name="perceptron",
    title="Perceptron",
    family=Family.PERCEPTRONS,
    order=1958,
    summary="The oldest network that learns: every answer is a weighted sum of the pixels. It "
    "finds a plane between classes where there is one, and no more. It is drawn with one answer "
    "for each of ten digits and trained by gradients; Rosenblatt's rule moved the weights only "
    "after a mistake.",
    source="The Perceptron: A Probabilistic Model for Information Storage and Organization in "
    "the Brain. F. Rosenblatt, 1958.",
    form=Perceptron,
    draw=draw_perceptron,
)


class Mlp(Form):
    """Sizes of a multilayer perceptron."""

    layers: int = param(default=2, ge=1, le=100, help="Hidden layers, one behind the other.")
    features: int = param(default=128, ge=1, le=1 << 20, help="Numbers in each hidden layer.")
    activation: str = param(
        default="relu", choices=("relu", "gelu", "tanh", "sigmoid"), help="What bends the sums."
    )
    dropout: float = param(
        default=0.0, ge=0, le=0.95, help="Share of hidden numbers left out at random in training."
    )


def draw_mlp(d: Drawing, form: Mlp) -> None:
    """Dense layers with an activation after each but the last."""
    d.data("digits", layout="flat")
    x = d.add("input", name="pixels", shape=PIXELS)
    for number in range(1, form.layers + 1):
        x = d.add("dense", x, name=f"hidden{number}", features=form.features)
        x = d.add(form.activation, x)
        if form.dropout:
            x = d.add("dropout", x, p=form.dropout)
    x = d.add("dense", x, name="classifier", features=10)
    classifying.classify(d, x)


MLP = Entry(
    name="mlp",
    title="Multilayer perceptron",
    family=Family.PERCEPTRONS,
    order=1986,
    summary="Perceptrons in layers, with a bend between them. One hidden layer can already come "
    "near any function, and backpropagation tells each weight its share of the error. Use it on "
    "rows of numbers that have no order in space or time.",
    source="Learning Representations by Back-Propagating Errors. "
    "D. Rumelhart, G. Hinton and R. Williams, 1986.",
    form=Mlp,
    draw=draw_mlp,
)
