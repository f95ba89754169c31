"""Events of a run as the engine would send them, made by hand."""

from __future__ import annotations

from pathlib import Path

from app.training.record import RunRecord
from backends.protocol import EpochEnded, Finished, Job, Started, Stepped
from graph import edits
from graph.model import Document
from tests.drawing import chain

PER_EPOCH = 10


def classifier() -> Document:
    """A drawing that measures its accuracy."""
    document = chain("input dense")
    document = edits.add(document, "target")
    document = edits.add(document, "cross_entropy")
    document = edits.add(document, "accuracy")
    for goal in ("n4", "n5"):
        document = edits.connect(document, "n2", "y", goal, "prediction")
        document = edits.connect(document, "n3", "y", goal, "target")
    return document


def job(document: Document | None = None) -> Job:
    return Job(document or classifier(), Path("runs"))


def started(epochs: int = 4, done: tuple[EpochEnded, ...] = ()) -> Started:
    return Started(Path("runs/one"), "cpu", 1, 100, 320, 32, 80, PER_EPOCH, epochs, done)


def rivals() -> Document:
    """A drawing with two Optimizers, n6 and n7, on the same loss."""
    document = edits.add(edits.add(classifier(), "optimizer", name="one"), "optimizer", name="two")
    for optimizer in ("n6", "n7"):
        document = edits.connect(document, "n4", "loss", optimizer, "losses")
    return document


def stepped(first: int, losses: list[float], **parts: list[float]) -> Stepped:
    steps = tuple(range(first, first + len(losses)))
    of = {name: tuple(values) for name, values in parts.items()}
    return Stepped(steps, tuple(losses), 32 * steps[-1], 1234.0, 12.0, of)


def ended(epoch: int, loss: float, accuracy: float = 0.9, *, best: bool = True) -> EpochEnded:
    numbers = {"loss": loss, "accuracy": accuracy}
    validation = {"loss": loss + 0.1, "accuracy": accuracy - 0.1}
    return EpochEnded(epoch, epoch * PER_EPOCH, numbers, validation, 0.001, 2.1, best)


def finished(**test: float) -> Finished:
    return Finished(Path("runs/one"), 2, 2, False, test, 4.2)


def falling(epochs: int = 2, *, document: Document | None = None) -> RunRecord:
    """A run whose loss falls from 2 to nearly 0."""
    record = RunRecord(job(document), "digits.loom")
    record.take(started())
    total = epochs * PER_EPOCH
    for epoch in range(1, epochs + 1):
        first = (epoch - 1) * PER_EPOCH + 1
        losses = [2 * (1 - (first + k) / (total + 1)) for k in range(PER_EPOCH)]
        record.take(stepped(first, losses))
        record.take(ended(epoch, losses[-1], 0.5 + 0.4 * epoch / epochs))
    return record
