"""What single blocks compute, written anew with torch's functions: no code of blocks is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional

Weights = Mapping[str, Tensor]  # by what torch calls them, such as weight_ih
Values = Mapping[str, object]
Made = dict[str, Tensor]
Meaning = Callable[[list[Tensor], Values, Weights, bool], Made]

PORTS = ("x", "xs", "training", "evaluation", "prediction", "target", "batch", "state", "cell")


def dense(xs: list[Tensor], params: Values, weights: Weights, training: bool) -> Made:
    made = xs[0] @ weights["weight"].T
    assert ("bias" in weights) == params.get("bias", True)
    return {"y": made + weights["bias"] if "bias" in weights else made}


def batch_norm(xs: list[Tensor], params: Values, weights: Weights, training: bool) -> Made:
    """By the statistics of the batch in training, by those kept in evaluation."""
    (x,) = xs
    mean = x.mean(0) if training else weights["running_mean"]
    variance = x.var(0, correction=0) if training else weights["running_var"]
    made = (x - mean) / torch.sqrt(variance + 1e-5)
    return {"y": made * weights["weight"] + weights["bias"] if "weight" in weights else made}


def layer_norm(xs: list[Tensor], params: Values, weights: Weights, training: bool) -> Made:
    x = xs[0] - xs[0].mean(-1, keepdim=True)
    made = x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5)
    return {"y": made * weights["weight"] + weights["bias"]}


def dropout(xs: list[Tensor], params: Values, weights: Weights, training: bool) -> Made:
    """All or nothing is dropped, so that it draws no numbers."""
    assert params["p"] in (0, 1)
    return {"y": 0 * xs[0] if training and params["p"] else xs[0]}


def gru_cell(xs: list[Tensor], params: Values, weights: Weights, training: bool) -> Made:
    given = weights["weight_ih"] @ xs[0].T + weights["bias_ih"][:, None]
    before = xs[1] if len(xs) > 1 else xs[0].new_zeros(len(xs[0]), len(weights["weight_ih"]) // 3)
    kept = weights["weight_hh"] @ before.T + weights["bias_hh"][:, None]
    (reset_x, update_x, new_x), (reset_h, update_h, new_h) = given.chunk(3), kept.chunk(3)
    update = torch.sigmoid(update_x + update_h)
    new = torch.tanh(new_x + torch.sigmoid(reset_x + reset_h) * new_h)
    return {"next_state": ((1 - update) * new).T + update.T * before}


def lstm_cell(xs: list[Tensor], params: Values, weights: Weights, training: bool) -> Made:
    nothing = xs[0].new_zeros(len(xs[0]), len(weights["weight_ih"]) // 4)
    before, cell = (*xs[1:], nothing, nothing)[:2]
    gates = xs[0] @ weights["weight_ih"].T + before @ weights["weight_hh"].T
    into, forget, new, out = (gates + weights["bias_ih"] + weights["bias_hh"]).chunk(4, 1)
    cell = torch.sigmoid(forget) * cell + torch.sigmoid(into) * torch.tanh(new)
    return {"next_state": torch.sigmoid(out) * torch.tanh(cell), "next_cell": cell}


def gru(xs: list[Tensor], params: Values, weights: Weights, training: bool) -> Made:
    one_layer = {name.removesuffix("_l0"): weight for name, weight in weights.items()}
    answers: list[Tensor] = []
    for x in xs[0].unbind(1):
        answers.append(gru_cell([x, *answers[-1:]], params, one_layer, training)["next_state"])
    return {"sequence": torch.stack(answers, 1), "last": answers[-1], "state": answers[-1][None]}


def parameter(xs: list[Tensor], params: Values, weights: Weights, training: bool) -> Made:
    (weight,) = weights.values()
    return {"y": weight.expand(len(xs[0]), *weight.shape)}


def plain(function: Callable[..., Tensor]) -> Meaning:
    """The meaning of a block without weights that gives one value."""
    return lambda xs, params, weights, training: {"y": function(*xs)}


def _slope(params: Values) -> float:
    slope = params.get("negative_slope", 0.01)
    assert isinstance(slope, (int, float))
    return slope


MEANINGS: Mapping[str, Meaning] = {
    "dense": dense,
    "batch_norm": batch_norm,
    "layer_norm": layer_norm,
    "dropout": dropout,
    "gru": gru,
    "gru_cell": gru_cell,
    "lstm_cell": lstm_cell,
    "parameter": parameter,
    "leaky_relu": lambda xs, params, *_: {"y": functional.leaky_relu(xs[0], _slope(params))},
    "prelu": lambda xs, _, weights, __: {
        "y": torch.where(xs[0] > 0, xs[0], xs[0] * weights["weight"])
    },
    "chunk": lambda xs, *_: dict(zip(("y1", "y2"), xs[0].chunk(2, -1), strict=True)),
    "split": lambda xs, params, *_: dict(
        zip(("y1", "y2"), xs[0].split(list(params["sizes"]), -1), strict=True)  # type: ignore[call-overload]  # numbers
    ),
    "top_k": lambda xs, params, *_: (
        dict(zip(("values", "indices"), xs[0].sort(-1, descending=True), strict=True))
        | {"values": xs[0].sort(-1, descending=True)[0][..., : int(str(params["k"]))]}
    ),
    "train_or_evaluate": lambda xs, _, __, training: {"y": xs[0] if training else xs[1]},
    "tanh": plain(torch.tanh),
    "add": plain(lambda *xs: torch.stack(xs).sum(0)),
    "concat": plain(lambda *xs: torch.cat(xs, 1)),
    "stack": plain(lambda *xs: torch.stack(xs, 1)),
    "mean": plain(lambda x: x.mean(1)),
    "mse": lambda xs, *_: {"loss": ((xs[0] - xs[1]) ** 2).mean()},
    "l1": lambda xs, *_: {"loss": (xs[0] - xs[1]).abs().mean()},
    "loss_weight": lambda xs, params, *_: {"loss": params["weight"] * xs[0]},
    "mean_absolute_error": lambda xs, *_: {"error": (xs[0] - xs[1]).abs().mean()},
}
