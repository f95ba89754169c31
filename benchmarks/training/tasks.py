"""The five trainings that are compared: the drawing, and the same network written by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from torch import nn

from benchmarks.handwritten import Gpt, Lstm, Mlp, Resnet18, make_model
from graph import edits
from graph.data import DataSpec
from graph.fileio import load
from graph.gallery import find
from graph.model import Document
from graph.params import Value

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
GPT = {"vocabulary": 96, "context": 64, "features": 128, "heads": 4, "layers": 3}
SHAPES = 4


@dataclass(frozen=True)
class Task:
    """A training.

    Attributes:
        draw: makes the drawing, with its data.
        model: makes the network by hand, its weights in the same order.
        recipe: what of the recipe is not as the drawing has it. Schedules are left out: by hand,
            what PyTorch has for them would cost more than it costs here.
        limit: the largest ratio in the window.
        is_language: whether the model answers with scores for each place of a text.
    """

    title: str
    draw: Callable[[], Document]
    model: Callable[[], nn.Module]
    recipe: Mapping[str, Value] = field(default_factory=dict)
    limit: float = 1.02
    is_language: bool = False

    def document(self) -> Document:
        """The drawing with the recipe that it is trained by."""
        document = self.draw()
        for name, value in {"schedule": "constant", "warmup_steps": 0, **self.recipe}.items():
            document = edits.set_recipe(document, name, value)
        return document


def _example(name: str) -> Callable[[], Document]:
    return lambda: load(EXAMPLES / f"{name}.loom").document


def _resnet() -> Document:
    data = DataSpec("shapes", {"rows": 200, "classes": SHAPES})
    return edits.set_data(find("resnet-18").build(image_size=32, classes=SHAPES), data)


def _gpt() -> Document:
    data = DataSpec("stdlib", {"window": GPT["context"], "alphabet": 96, "characters": 15_000})
    return edits.set_data(find("gpt-2").build(size="own", dropout=0.0, **GPT), data)


TASKS: Mapping[str, Task] = {
    "classic-cnn": Task("classic CNN", _example("classic-cnn"), make_model, {"epochs": 4}),
    "resnet-18": Task(
        "ResNet-18", _resnet, lambda: Resnet18(SHAPES), {"epochs": 3, "batch_size": 16}
    ),
    "gpt": Task(
        "small GPT", _gpt, lambda: Gpt(**GPT), {"epochs": 3, "batch_size": 8}, is_language=True
    ),
    "lstm": Task("LSTM", _example("digits-lstm"), lambda: Lstm(64), {"epochs": 20}),
    "mlp": Task("tiny MLP", _example("moons-mlp"), Mlp, {"epochs": 250}, limit=1.05),
}
