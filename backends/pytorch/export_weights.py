"""The weights of an export: those of a run where they fit, fresh ones where they do not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from backends.pytorch.checkpoint import load_weights
from backends.pytorch.compile import execute, to_node_keys
from backends.pytorch.prepare import Prepared, build_model
from backends.pytorch.train import one_run
from graph.model import NodeId
from graph.problems import UserError

Weights = Mapping[str, Tensor]


def weights_of(prepared: Prepared, run: Path | None) -> tuple[Weights, list[NodeId]]:
    """The weights as `model.py` names them, and the blocks to which the run had none that fit.

    Raises:
        UserError: the run has no weights, or fresh ones cannot be drawn now.
    """
    if run is None:
        return _fresh(prepared), []
    kept = load_weights(run)
    wanted = _shapes(prepared)
    names = _node_keys(wanted, prepared)
    found = {
        name: kept[names[name]].to(like.dtype)
        for name, like in wanted.items()
        if names[name] in kept and kept[names[name]].shape == like.shape
    }
    missing = [name for name in wanted if name not in found]
    if not missing:
        return found, []
    owners = prepared.source.paths.owners()
    blocks = dict.fromkeys(owners[name.partition(".")[0]] for name in missing)
    return {**_fresh(prepared), **found}, list(blocks)


def _shapes(prepared: Prepared) -> Weights:
    """Weights without numbers: making them takes no random numbers from a run that goes on."""
    with torch.device("meta"):
        model = execute(prepared.source.model).names["Model"]()
    state: Weights = model.state_dict()
    return state


def _node_keys(state: Weights, prepared: Prepared) -> dict[str, str]:
    return dict(zip(state, to_node_keys(state, prepared.source.paths), strict=True))


def _fresh(prepared: Prepared) -> Weights:
    if not one_run.acquire(blocking=False):
        raise UserError(
            "Fresh weights cannot be drawn while a run goes on: they would take random numbers "
            "from it. Export when it has ended, or export the weights of a run."
        )
    random = torch.get_rng_state()
    try:
        return build_model(prepared).model.state_dict()
    finally:
        torch.set_rng_state(random)
        one_run.release()
