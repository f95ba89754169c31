"""Weights and checkpoints in the folder of a run; nothing read here can run code."""

from __future__ import annotations

import pickle
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from backends.pytorch.compile import keep_weights, to_node_keys
from backends.pytorch.paths import Paths
from backends.pytorch.weights_file import weights_parts
from backends.runs.checkpoints import checkpoints_of
from backends.runs.folder import RECIPE, WEIGHTS, Sink, read_json, write_stream
from graph.problems import UserError

NEEDED = {"model", "optimizers", "step", "history"}


def write_weights(path: Path, state: Mapping[str, Tensor], paths: Paths) -> None:
    """Writes weights by the blocks that they belong to.

    Raises:
        UserError: the file cannot be written; what was there is untouched.
    """
    tensors = to_node_keys(state, paths)

    def write(sink: Sink) -> None:
        for part in weights_parts(tensors):
            sink.write(part)

    write_stream(path, write)


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


def write_checkpoint(path: Path, state: Mapping[str, Any]) -> None:
    """Writes all that a run needs to go on.

    Raises:
        UserError: the file cannot be written; what was there is untouched.
    """
    # torch takes whatever can be written to; a sink, because it hides why a disk refuses
    write_stream(path, lambda sink: torch.save(state, sink))  # type: ignore[arg-type]


def load_checkpoint(
    folder: Path, warn: Callable[[str], object]
) -> dict[str, Any] | None:  # Any: as `Run.state_dict` gives it
    """The last state in which a run can go on; None where it was killed before there was one.

    Args:
        warn: told of each checkpoint that is damaged; the one before is taken then.

    Raises:
        UserError: all of them are damaged.
    """
    found, reason = checkpoints_of(folder), ""
    for path in found:
        try:
            return read_checkpoint(path)
        except UserError as error:
            reason = str(error)
            warn(f"{reason} The one before is taken.")
    if found:
        raise UserError(f"{reason} The run {folder.name} has no other; start a new run.")
    return None


def read_checkpoint(path: Path) -> dict[str, Any]:  # Any: as above
    """The state in a file.

    Raises:
        UserError: it is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:  # torch itself does not look at the checksums
            wrong = archive.testzip()
        if wrong is not None:
            raise ValueError(f"{wrong} has changed")
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, zipfile.BadZipFile,
            zlib.error, pickle.UnpicklingError) as error:  # fmt: skip
        reason = str(error).partition("\n")[0]
        raise UserError(f"The checkpoint {path} is damaged: {reason}.") from error
    if not isinstance(state, dict) or not state.keys() >= NEEDED:
        raise UserError(f"The checkpoint {path} is damaged: it lacks the state of a run.")
    return state
