"""How a drawing is trained: the recipe, declared once for form, file and loop."""

from __future__ import annotations

from graph.optimizing import Optimizing
from graph.params import Form, param


class Passes(Form):
    """How often rows are seen, and how many at a time."""

    epochs: int = param(default=10, ge=1, le=1_000_000, help="Passes over the training rows.")
    batch_size: int = param(default=64, ge=1, le=1 << 20, unit="rows", help="Rows in a step.")


class Recipe(Optimizing, Passes):
    """Optimiser, schedule, stopping and device of a training run."""

    schedule: str = param(
        default="constant",
        choices=("constant", "step", "cosine", "one-cycle"),
        help="How the learning rate changes over the run.",
    )
    step_size: int = param(
        default=10,
        ge=1,
        unit="epochs",
        help="Epochs between two drops of the learning rate.",
        show_if=lambda recipe: recipe.schedule == "step",
    )
    gamma: float = param(
        default=0.1,
        gt=0,
        le=1,
        help="What the learning rate is multiplied by at each drop.",
        show_if=lambda recipe: recipe.schedule == "step",
    )
    warmup_steps: int = param(
        default=0,
        ge=0,
        unit="steps",
        help="Steps over which the learning rate rises from zero.",
        show_if=lambda recipe: recipe.schedule != "one-cycle",
    )
    clip_norm: float = param(default=0.0, ge=0, help="Largest norm of the gradients; 0 is off.")
    validation_fraction: float = param(
        default=0.1, ge=0, le=0.9, help="Share of the training rows kept apart to validate on."
    )
    early_stopping: bool = param(
        default=False, help="Stop when the loss has stopped improving, before the epochs are over."
    )
    patience: int = param(
        default=5,
        ge=1,
        unit="epochs",
        help="Epochs without improvement before the run stops.",
        show_if=lambda recipe: recipe.early_stopping,
    )
    min_delta: float = param(
        default=0.0,
        ge=0,
        help="How much less the loss must be to count as an improvement.",
        show_if=lambda recipe: recipe.early_stopping,
    )
    keep: str = param(
        default="best",
        choices=("best", "last"),
        title="Weights kept",
        help="Those of the epoch with the lowest loss, or those of the last epoch. "
        "The loss is the validation's, or the training's where no rows are kept apart.",
    )
    seed: int = param(
        default=0, ge=0, le=(1 << 31) - 1, help="Start of all random numbers of the run."
    )
    device: str = param(
        default="auto", choices=("auto", "cpu", "cuda", "mps"), help="Where the run computes."
    )
    threads: int = param(
        default=0, ge=0, le=1024, help="Processor threads; 0 leaves one core to the window."
    )
    memory_format: str = param(
        default="auto",
        choices=("auto", "contiguous", "channels-last"),
        help="How images lie in memory; auto takes what is faster.",
    )
