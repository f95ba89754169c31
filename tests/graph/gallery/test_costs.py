"""What the gallery's networks cost, held against torch: products, and what autograd keeps."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils.flop_counter import FlopCounterMode

from backends.pytorch.compile import Built, build
from backends.pytorch.keeping import kept_bytes
from backends.pytorch.source import print_source
from graph import edits
from graph.cost import costs
from graph.gallery import entries, find
from graph.infer import Typing, infer
from graph.lower import Feed, Program, lower
from graph.model import Document

LARGE = {"evoformer"}
NAMES = [
    pytest.param(entry.name, marks=[pytest.mark.slow] if entry.name in LARGE else [])
    for entry in entries()
]
SMALL = {"deepspeech-2", "wavenet"}  # as published they read thousands of places one by one
LONGEST = 32
ROWS = {
    "lstm": 64,
    "bidirectional": 64,
    "seq2seq": 64,
}  # what oneDNN sets aside for few rows comes in pages


def sized(name: str, rows: int, small: bool) -> tuple[Document, Typing, Program]:
    """An entry at a batch of so many rows, and sequences that fit its context."""
    entry = find(name)
    document = edits.set_size(entry.build(**(entry.small if small else {})), "N", rows)
    for size in ("S", "T") if small and name not in SMALL else ():
        shorter = min(document.sizes.get(size, LONGEST), LONGEST)
        document = edits.set_size(document, size, shorter)
    typing = infer(document)
    return document, typing, lower(document, typing)


class Placing(TorchFunctionMode):
    """Makes `torch.normal` mind the device, which it overlooks."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        where = {"device": torch.get_default_device()} if func is torch.normal else {}
        return func(*args, **{**where, **(kwargs or {})})


def live(program: Program, device: str) -> Built:
    source = print_source(program)
    with torch.device(device), Placing():
        return build(source.model, source.objective, seed=0)


def rows_of(feed: Feed, sizes: dict[str, int], device: str) -> Tensor:
    """Made-up numbers; indices, classes and lengths are 1."""
    type_ = feed.type.at(sizes)
    dtype = getattr(torch, type_.dtype)
    made = torch.rand if type_.is_float else torch.ones
    return made(type_.shape, dtype=dtype, device=device)


def batch_of(document: Document, program: Program, device: str) -> dict[str, Tensor]:
    sizes = {**dict.fromkeys("SHW", 16), **document.sizes}
    feeds = (*program.inputs, *program.targets)
    return {feed.column: rows_of(feed, sizes, device) for feed in feeds}


def called(model: nn.Module, program: Program, batch: dict[str, Tensor]) -> object:
    return model(*(batch[feed.column] for feed in program.inputs))


@pytest.mark.parametrize("name", NAMES)
def test_its_products_are_those_that_torch_counts(name: str):
    assert_equal_products(name, small=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_as_published_its_products_are_those_that_torch_counts(name: str):
    assert_equal_products(name, small=name in SMALL)


def assert_equal_products(name: str, small: bool):
    document, typing, program = sized(name, 2, small)
    model = live(program, "meta").model
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        called(model, program, batch_of(document, program, "meta"))
    own = costs(document, typing).total.multiply_adds
    assert 2 * own == counter.get_total_flops()


@pytest.mark.parametrize("name", NAMES)
def test_its_activation_memory_is_what_autograd_keeps(name: str):
    torch.set_num_threads(1)
    document, typing, program = sized(name, ROWS.get(name, 3), small=True)
    built = live(program, "cpu")
    model, batch = built.model.train(), batch_of(document, program, "cpu")

    def trained() -> object:
        if built.objective is None:
            return called(model, program, batch)
        return built.objective(model, batch)[0]

    real = kept_bytes(model, trained)
    own = costs(document, typing).total.activation_bytes
    assert own == pytest.approx(real, rel=0.05)
