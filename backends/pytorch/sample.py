"""New data from the weights of a run: noise that a drawing's denoiser takes away step by step."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from backends.pytorch.checkpoint import load_weights
from backends.pytorch.compile import build, keep_weights
from backends.pytorch.place import Place, pick_threads
from backends.pytorch.prepare import Prepared, build_model, load_columns, prepare
from backends.pytorch.rows import Table
from backends.pytorch.sampling import new_data
from backends.pytorch.source import print_source
from graph.denoising import Denoising, denoising
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, NodeId
from graph.problems import UserError


@dataclass(frozen=True)
class Asked:
    """What is wanted.

    Attributes:
        method: `ddim` in few steps, or `ddpm` in all.
        eta: how much noise DDIM puts back, from 0 to 1.
        told: whole numbers for each Input that tells the denoiser more, taken in turn; without
            them the first rows of the data.
    """

    count: int = 64
    method: str = "ddim"
    steps: int = 50
    eta: float = 0.0
    seed: int = 0
    told: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A part of a drawing as a live model that knows its Inputs by their nodes."""

    model: nn.Module
    names: Mapping[NodeId, str]

    def __call__(self, given: Mapping[NodeId, Tensor]) -> Tensor:
        answer = self.model(**{self.names[id]: value for id, value in given.items()})
        assert isinstance(answer, Tensor)  # it has one Output
        return answer


def sample_run(document: Document, run: Path, asked: Asked) -> np.ndarray:
    """New data (count, …), made with the weights that a run kept.

    Raises:
        UserError: the drawing trains no diffusion model, or the weights do not fit it.
    """
    prepared = prepare(document)
    parts = denoising(document, prepared.typing)
    weights = load_weights(run)
    denoiser = live(parts.denoiser, weights, run.name)
    decoder = live(parts.decoder, weights, run.name) if parts.decoder else None
    told = _told(prepared, parts, asked)
    model = build_model(prepared).model
    owners = prepared.source.paths.owners()
    kept = model.get_buffer(f"{next(n for n, id in owners.items() if id == parts.schedule)}.kept")

    def guess(x: Tensor, step: Tensor) -> Tensor:
        return denoiser({parts.noisy: x, parts.step: step, **told})

    decode = partial(_decode, decoder, parts.code) if decoder and parts.code else None
    work = asked.count * sum(weight.numel() for weight in denoiser.model.parameters())
    threads = torch.get_num_threads()
    torch.set_num_threads(pick_threads(prepared.recipe.threads, work))
    torch.manual_seed(asked.seed)
    try:
        start = torch.randn(asked.count, *_sizes(parts))
        made = new_data(
            guess, kept, start, decode, method=asked.method, steps=asked.steps, eta=asked.eta
        )
    except RuntimeError as error:  # torch has no memory left, or a block refuses numbers
        raise UserError(f"{asked.count:,} rows could not be made: {error}.") from error
    finally:
        torch.set_num_threads(threads)
    answer: np.ndarray = made.numpy()
    return answer


def _decode(decoder: Part, code: NodeId, x: Tensor) -> Tensor:
    return decoder({code: x})


def live(document: Document, weights: Mapping[str, Tensor], name: str) -> Part:
    """The model of a part of a drawing, with the weights of the whole.

    Raises:
        UserError: some of them are missing or of another shape.
    """
    program = lower(document, infer(document))
    source = print_source(program)
    model = build(source.model, "", 0).model.eval()
    wanted = len(model.state_dict())
    fits = len(keep_weights(model, source.paths, weights))
    if fits < wanted:
        raise UserError(
            f"The weights of {name} do not fit this drawing: {wanted - fits} of {wanted} that it "
            "needs to make new data are missing or have another shape."
        )
    return Part(model, {feed.node: feed.name for feed in program.inputs})


def _sizes(parts: Denoising) -> tuple[int, ...]:
    sizes = [dim for dim in parts.clean.shape[1:] if isinstance(dim, int)]
    if len(sizes) < parts.clean.rank - 1:
        raise UserError(
            f"New data needs sizes that are numbers, but Add noise works on {parts.clean}; type "
            "numbers into the shape of the Input."
        )
    return tuple(sizes)


def _told(prepared: Prepared, parts: Denoising, asked: Asked) -> dict[NodeId, Tensor]:
    """What tells the denoiser more, a row for each sample."""
    graph = parts.denoiser.graph
    known = {graph.nodes[id].name: id for id in parts.told}
    strange = [name for name in asked.told if name not in known]
    if strange:
        names = ", ".join(known) or "nothing"
        raise UserError(f"The denoiser is not told “{strange[0]}”; it is told {names}.")
    found = {}
    for name, id in known.items():
        if name in asked.told:
            values = itertools.islice(itertools.cycle(asked.told[name]), asked.count)
            found[id] = torch.tensor(list(values))
        else:
            found[id] = _rows(prepared, id, asked.count)
    return found


def _rows(prepared: Prepared, id: NodeId, count: int) -> Tensor:
    """The first rows of a column of the data, from the start again where they are too few."""
    feeds = (*prepared.program.inputs, *prepared.program.targets)
    column = next(feed.column for feed in feeds if feed.node == id)
    rows = load_columns(prepared).train[column]
    chosen = torch.arange(count) % len(rows)
    table = Table({column: rows}, Place(torch.device("cpu"), 1, torch.contiguous_format))
    return next(table.batches(chosen, [(0, count)]))[column]


def write_samples(document: Document, run: Path, out: Path, **asked: Any) -> tuple[int, ...]:
    # Any: the attributes of Asked
    """Writes new data as .npy, or as .csv with a row for each; answers their shape.

    Raises:
        UserError: as `sample_run`, or the file cannot be written.
    """
    made = sample_run(document, run, Asked(**asked))
    try:
        if out.suffix.lower() == ".csv":
            np.savetxt(out, made.reshape(len(made), -1), delimiter=",", fmt="%.7g")
        else:
            np.save(out, made)
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror or error}.") from error
    return made.shape
