"""Weights and checkpoints in the folder of a run; nothing read here can run code."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from backends.pytorch.compile import keep_weights, to_node_keys
from backends.pytorch.loop import Run
from backends.pytorch.paths import Paths
from backends.runs.folder import CHECKPOINT, RECIPE, WEIGHTS, read_json, write_bytes
from graph.problems import UserError


def save_weights(path: Path, state: Mapping[str, Tensor], paths: Paths) -> None:
    """Writes weights by the blocks that they belong to.

    Raises:
        UserError: the file cannot be written; what was there is untouched.
    """
    tensors = {
        key: value.detach().to("cpu", memory_format=torch.contiguous_format).clone()
        for key, value in to_node_keys(state, paths).items()
    }
    write_bytes(path, save(tensors, {"format": "pt"}))


def load_weights(run: Path) -> dict[str, Tensor]:
    """The weights that a run kept, by the blocks that they belong to.

    Raises:
        UserError: it has none, or they are damaged.
    """
    wanted = str(read_json(run / RECIPE).get("keep", "best"))
    path = run / WEIGHTS.get(wanted, WEIGHTS["best"])
    try:
        return load(path.read_bytes())
    except FileNotFoundError:
        raise UserError(
            f"The run {run.name} has kept no weights yet; an epoch of it must end first."
        ) from None
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise UserError(f"The weights {path} cannot be read: {error}.") from error


def start_from(model: nn.Module, paths: Paths, run: Path) -> tuple[int, int]:
    """Gives the model what fits of the weights of a run; answers how many fit, and of how many.

    Raises:
        UserError: the run has no weights.
    """
    return len(keep_weights(model, paths, load_weights(run))), len(model.state_dict())


def save_checkpoint(folder: Path, run: Run) -> None:
    """Writes all that the run needs to go on.

    Raises:
        UserError: the file cannot be written; what was there is untouched.
    """
    # torch's own writer hides why a disk refuses
    content = io.BytesIO()
    torch.save(run.state_dict(), content)
    write_bytes(folder / CHECKPOINT, content.getbuffer())


def load_checkpoint(folder: Path) -> dict[str, Any]:  # Any: as `Run.state_dict` gives it
    """The state in which a run can go on.

    Raises:
        UserError: there is none, or it is damaged.
    """
    path = folder / CHECKPOINT
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise UserError(f"The run {folder.name} has no checkpoint to go on with.") from None
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, zipfile.BadZipFile,
            pickle.UnpicklingError) as error:  # fmt: skip
        reason = str(error).partition("\n")[0]
        raise UserError(f"The checkpoint {path} is damaged: {reason}.") from error
    if (
        not isinstance(state, dict)
        or not {"model", "optimizers", "step", "history"} <= state.keys()
    ):
        raise UserError(f"The checkpoint {path} is damaged: it lacks the state of a run.")
    return state
