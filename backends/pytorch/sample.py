"""New data from the weights of a run: what a drawing's denoiser or generator makes of noise."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from backends.pytorch.checkpoint import load_weights
from backends.pytorch.compile import build, keep_weights
from backends.pytorch.own_unit import back_in_unit, column_shaped, denoised_column
from backends.pytorch.place import Place, pick_threads
from backends.pytorch.prepare import Prepared, build_model, load_columns, prepare
from backends.pytorch.rows import Table
from backends.pytorch.sampling import new_data
from backends.pytorch.source import print_source
from backends.pytorch.stepping import learned_from, stepped
from graph.denoising import denoising, trains_diffusion
from graph.generating import generating
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, NodeId
from graph.problems import UserError
from graph.tensor import TensorType

Watch = Callable[[float], object]
AT_ONCE = 512


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


def sample_run(
    document: Document, run: Path, asked: Asked, watch: Watch = lambda share: None
) -> np.ndarray:
    """New data (count, …), made with the weights that a run kept.

    Args:
        watch: told now and then which share of the work is done; what it raises ends the work.

    Raises:
        UserError: the drawing makes nothing of noise, or the weights do not fit it.
    """
    prepared = prepare(document)
    weights = load_weights(run)
    parts = _denoiser if trains_diffusion(document) else _generator
    maker = parts(prepared, weights, run.name, asked, watch)
    work = asked.count * sum(weight.numel() for weight in maker.model.parameters())
    threads = torch.get_num_threads()
    torch.set_num_threads(pick_threads(prepared.recipe.threads, work))
    torch.manual_seed(asked.seed)
    try:
        made = maker.make()
        column = maker.column
        if column is None:
            column = column_shaped(prepared, tuple(made.shape[1:]))
        made = back_in_unit(prepared, column, made)
    except (RuntimeError, IndexError) as error:  # no memory is left, or a block refuses numbers
        raise UserError(f"{asked.count:,} rows could not be made: {error}.") from error
    finally:
        torch.set_num_threads(threads)
    answer: np.ndarray = made.numpy()
    return answer


@dataclass(frozen=True)
class Maker:
    """What makes new data, and the model that most of the work is done by."""

    model: nn.Module
    make: Callable[[], Tensor]
    column: str | None = None  # of the data, that it makes more of; None where its shape tells


def _denoiser(
    prepared: Prepared, weights: Mapping[str, Tensor], name: str, asked: Asked, watch: Watch
) -> Maker:
    parts = denoising(prepared.document, prepared.typing)
    denoiser = live(parts.denoiser, weights, name)
    decoder = live(parts.decoder, weights, name) if parts.decoder else None
    told = _told(prepared, parts.denoiser, parts.told, asked)
    model = build_model(prepared).model
    owners = prepared.source.paths.owners()
    kept = model.get_buffer(f"{next(n for n, id in owners.items() if id == parts.schedule)}.kept")
    steps = len(kept) if asked.method == "ddpm" else min(asked.steps, len(kept))
    passed = itertools.count()

    def guess(x: Tensor, step: Tensor) -> Tensor:
        watch(next(passed) / steps)
        return denoiser({parts.noisy: x, parts.step: step, **told})

    def make() -> Tensor:
        start = torch.randn(asked.count, *_sizes(parts.clean, "Add noise"))
        return new_data(
            guess, kept, start, decode, method=asked.method, steps=asked.steps, eta=asked.eta
        )

    decode = partial(_decode, decoder, parts.code) if decoder and parts.code else None
    return Maker(denoiser.model, make, denoised_column(prepared, parts))


def _decode(decoder: Part, code: NodeId, x: Tensor) -> Tensor:
    return decoder({code: x})


def _generator(
    prepared: Prepared, weights: Mapping[str, Tensor], name: str, asked: Asked, watch: Watch
) -> Maker:
    parts = generating(prepared.document, prepared.typing)
    generator = live(parts.generator, weights, name)
    told = _told(prepared, parts.generator, parts.told, asked)
    types = {id: prepared.typing.types[id]["y"] for id in parts.counted}
    sizes = {id: _sizes(type_, "an Input") for id, type_ in types.items()}

    @torch.no_grad()
    def make() -> Tensor:
        made = []
        for first in range(0, asked.count, AT_ONCE):
            watch(first / asked.count)
            rows = min(AT_ONCE, asked.count - first)
            given = {id: values[first : first + rows] for id, values in told.items()}
            for id, type_ in types.items():
                given[id] = torch.zeros(rows, *sizes[id], dtype=getattr(torch, type_.dtype))
            made.append(generator(given))
        return torch.cat(made)

    return Maker(generator.model, make)


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


def _sizes(type_: TensorType, where: str) -> tuple[int, ...]:
    sizes = [dim for dim in type_.shape[1:] if isinstance(dim, int)]
    if len(sizes) < type_.rank - 1:
        raise UserError(
            f"New data needs sizes that are numbers, but {where} works on {type_}; type "
            "numbers into the shape of the Input."
        )
    return tuple(sizes)


def _told(
    prepared: Prepared, part: Document, inputs: tuple[NodeId, ...], asked: Asked
) -> dict[NodeId, Tensor]:
    """What these Inputs tell the part that makes the data, a row for each sample."""
    known = {part.graph.nodes[id].name: id for id in inputs}
    strange = [name for name in asked.told if name not in known]
    if strange:
        names = ", ".join(known) or "nothing"
        raise UserError(f"The denoiser is not told “{strange[0]}”; it is told {names}.")
    found = {}
    for name, id in known.items():
        if name in asked.told:
            values = itertools.islice(itertools.cycle(asked.told[name]), asked.count)
            found[id] = torch.tensor(_known(prepared, id, name, list(values)))
        else:
            found[id] = _rows(prepared, id, asked.count)
    return found


def _known(prepared: Prepared, id: NodeId, name: str, values: list[int]) -> list[int]:
    """The values of an Input, where the data has no classes or has these."""
    column = prepared.data.column(_column_of(prepared, id))
    count = len(column.classes) if column else 0
    wrong = [value for value in values if count and not 0 <= value < count]
    if wrong:
        raise UserError(
            f"“{name}” takes numbers of classes, from 0 to {count - 1}, but was told {wrong[0]}."
        )
    return values


def _column_of(prepared: Prepared, id: NodeId) -> str:
    feeds = (*prepared.program.inputs, *prepared.program.targets)
    return next(feed.column for feed in feeds if feed.node == id)


def _rows(prepared: Prepared, id: NodeId, count: int) -> Tensor:
    """The first rows of a column of the data, from the start again where they are too few."""
    column = _column_of(prepared, id)
    train = load_columns(prepared).train
    rows = train[column]
    chosen = torch.arange(count) % len(rows)
    table = Table({column: rows}, Place(torch.device("cpu"), 1, torch.contiguous_format))
    recipe = learned_from(prepared.recipe, train)
    return next(stepped(table, chosen, [(0, count)], recipe))[column]


def save_samples(made: np.ndarray, out: Path) -> None:
    """Writes new data as .npy, or as .csv with a row for each.

    Raises:
        UserError: the file cannot be written.
    """
    content = io.BytesIO()
    if out.suffix.lower() == ".csv":
        np.savetxt(content, made.reshape(len(made), -1), delimiter=",", fmt="%.7g")
    else:
        np.save(content, made)
    try:
        out.write_bytes(content.getbuffer())
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror or error}.") from error


def write_samples(document: Document, run: Path, out: Path, **asked: Any) -> tuple[int, ...]:
    # Any: the attributes of Asked
    """Makes new data and writes them; answers their shape.

    Raises:
        UserError: as `sample_run` and `save_samples`.
    """
    made = sample_run(document, run, Asked(**asked))
    save_samples(made, out)
    return made.shape
