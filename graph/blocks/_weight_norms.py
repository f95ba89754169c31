"""Weights that are made from others before they are used: weight norm and spectral norm."""

from __future__ import annotations

from typing import Any

from graph.block import Call
from graph.params import param

NONE, WEIGHT, SPECTRAL = "none", "weight", "spectral"


def weight_norm() -> Any:  # Any: as `param`, whose answers these are
    return param(
        default=NONE,
        choices=(NONE, WEIGHT, SPECTRAL),
        title="Weight norm",
        help="weight learns how long each filter is apart from its direction; spectral divides "
        "by the most that the layer can stretch anything, as in discriminators of GANs.",
    )


def normed(layer: Call, norm: str, axis: int = 0) -> Call:
    """The layer, or the layer whose weight is normed; `axis` is that of its outputs."""
    if norm == NONE:
        return layer
    along = {"dim": axis} if norm == WEIGHT and axis else {}
    return Call(f"nn.utils.parametrizations.{norm}_norm", layer, **along)


def lengths(norm: str, outputs: int) -> int:
    """How many numbers are learned besides: a length for each output."""
    return outputs if norm == WEIGHT else 0


def show_norm(norm: str) -> str:
    """The norm as summaries show it."""
    return "" if norm == NONE else f"{norm} norm"


def kept(norm: str, outputs: int, weights: int, axis: int = 0) -> int:
    """How many numbers autograd keeps of making the weights; of a first axis it keeps no copy."""
    if norm == NONE:
        return 0
    if norm == SPECTRAL:
        return weights + outputs + weights // outputs
    return (weights + outputs) * (2 if axis else 1)
