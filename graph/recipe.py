"""How a drawing is trained: the recipe, declared once for form, file and loop."""

from __future__ import annotations

from graph.optimizing import Optimizing
from graph.params import Form, Ints, param

DROPPING = ("step", "multi-step", "exponential", "plateau")
FALLING = ("linear", "polynomial", "cosine", "cosine-restarts", "plateau")


class Passes(Form):
    """How often rows are seen, and how many at a time."""

    epochs: int = param(default=10, ge=1, le=1_000_000, help="Passes over the training rows.")
    batch_size: int = param(default=64, ge=1, le=1 << 20, unit="rows", help="Rows in a step.")


class Recipe(Optimizing, Passes):
    """Optimiser, schedule, stopping and device of a training run."""

    sections = {
        "optimizer": "Optimizer",
        "schedule": "Learning rate",
        "accumulate": "Gradients and weights",
        "validation_fraction": "Validation and stopping",
        "seed": "Computing",
        "checkpoint_epochs": "Checkpoints",
    }

    schedule: str = param(
        default="constant",
        choices=(
            "constant", "step", "multi-step", "exponential", "linear", "polynomial", "cosine",
            "cosine-restarts", "one-cycle", "plateau",
        ),
        help="How the learning rate changes over the run. Plateau lowers it when the loss of the "
        "validation has stopped improving.",
    )  # fmt: skip
    step_size: int = param(
        default=10,
        ge=1,
        unit="epochs",
        help="Epochs between two drops of the learning rate.",
        show_if=lambda recipe: recipe.schedule == "step",
    )
    milestones: Ints = param(
        default=(5, 8),
        ge=1,
        unit="epochs",
        help="Epochs after each of which the learning rate drops.",
        show_if=lambda recipe: recipe.schedule == "multi-step",
    )
    plateau_epochs: int = param(
        default=3,
        ge=0,
        unit="epochs",
        help="Epochs without improvement that are borne before the learning rate drops.",
        show_if=lambda recipe: recipe.schedule == "plateau",
    )
    gamma: float = param(
        default=0.1,
        gt=0,
        le=1,
        help="What the learning rate is multiplied by at each drop, or in each epoch.",
        show_if=lambda recipe: recipe.schedule in DROPPING,
    )
    power: float = param(
        default=2.0,
        gt=0,
        le=100,
        help="How much faster than a straight line it falls at first; 1 is a straight line.",
        show_if=lambda recipe: recipe.schedule == "polynomial",
    )
    cycle: int = param(
        default=5,
        ge=1,
        unit="epochs",
        help="Epochs until the learning rate is set back for the first time.",
        show_if=lambda recipe: recipe.schedule == "cosine-restarts",
    )
    cycle_growth: int = param(
        default=2,
        ge=1,
        le=100,
        help="How many times as long as the one before each further cycle is.",
        show_if=lambda recipe: recipe.schedule == "cosine-restarts",
    )
    floor: float = param(
        default=0.0,
        ge=0,
        le=1,
        title="Final share",
        help="What is left at the end, as a share of the learning rate.",
        show_if=lambda recipe: recipe.schedule in FALLING,
    )
    warmup_steps: int = param(
        default=0,
        ge=0,
        unit="steps",
        help="Steps over which the learning rate rises from zero.",
        show_if=lambda recipe: recipe.schedule != "one-cycle",
    )
    accumulate: int = param(
        default=1, ge=1, le=65_536, unit="batches",
        help="Batches that make up a step: as one that is so many times as large, in the memory "
        "of one.",
    )  # fmt: skip
    clip_norm: float = param(default=0.0, ge=0, help="Largest norm of the gradients; 0 is off.")
    clip_value: float = param(
        default=0.0, ge=0, help="Largest size of any number in the gradients; 0 is off."
    )
    averaging: str = param(
        default="none",
        choices=("none", "ema", "swa"),
        title="Weight averaging",
        help="Measures and keeps means of the weights: over the last steps (EMA), or over the ends "
        "of epochs (SWA), after which statistics of BatchNorms are counted anew.",
        show_if=lambda recipe: not recipe.optimizer.startswith("schedule-free"),
    )
    ema_decay: float = param(
        default=0.999, ge=0, le=0.999999,
        help="How much of the mean stays in a step: 0.999 is a mean over about 1000 steps.",
        show_if=lambda recipe: recipe.averaging == "ema",
    )  # fmt: skip
    swa_start: int = param(
        default=5, ge=1, unit="epoch",
        title="Average from",
        help="The first epoch whose weights count.",
        show_if=lambda recipe: recipe.averaging == "swa",
    )  # fmt: skip
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
    max_steps: int = param(
        default=0, ge=0, unit="steps", title="Most steps",
        help="The run ends after so many steps, if its epochs are not over before; 0 is no limit.",
    )  # fmt: skip
    max_minutes: float = param(
        default=0.0, ge=0, unit="min", title="Time limit",
        help="The run ends after so many minutes of training; 0 is no limit. Where it ends depends "
        "on the machine.",
    )  # fmt: skip
    stop_metric: str = param(
        default="", widget="column", title="Stop at",
        help="A metric that ends the run, at the end of the epoch in which it is good enough. It "
        "is the validation's, or the training's where no rows are kept apart.",
    )  # fmt: skip
    stop_when: str = param(
        default="at least", choices=("at least", "at most"), title="When it is",
        help="Accuracies are to be high, losses and errors low.",
        show_if=lambda recipe: recipe.stop_metric,
    )  # fmt: skip
    stop_value: float = param(
        default=0.0, title="Good enough", help="The value that ends the run.",
        show_if=lambda recipe: recipe.stop_metric,
    )  # fmt: skip
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
    precision: str = param(
        default="float32",
        choices=("float32", "tf32", "bfloat16", "float16"),
        help="The numbers that are computed with; weights stay in float32. TF32 is for matrix "
        "products on a GPU, float16 scales losses so that small gradients are not lost.",
    )
    deterministic: bool = param(
        default=False,
        help="Takes only operations that give the same numbers every time; some are slower, and "
        "some do not exist on a GPU.",
    )
    compile: bool = param(
        default=False,
        help="Compiles the model by torch.compile, which takes a while before the first step. "
        "It pays on GPUs and for large models.",
    )
    checkpoint_epochs: int = param(
        default=0, ge=0, unit="epochs", title="Keep one every",
        help="The state after every so many epochs is kept, beside the last one; 0 keeps none.",
    )  # fmt: skip
    checkpoint_steps: int = param(
        default=0, ge=0, unit="steps", title="And every",
        help="The state after every so many steps is kept, too; 0 keeps none.",
    )  # fmt: skip
    checkpoints_kept: int = param(
        default=5, ge=1, le=10_000, title="Kept at most",
        help="How many of those stay: the newest.",
        show_if=lambda recipe: recipe.checkpoint_epochs or recipe.checkpoint_steps,
    )  # fmt: skip
    checkpoints_size: int = param(
        default=0, ge=0, unit="MB", title="Space for all",
        help="How much space all checkpoints of a run may take: the oldest go; 0 is no limit.",
        show_if=lambda recipe: recipe.checkpoint_epochs or recipe.checkpoint_steps,
    )  # fmt: skip

    def is_averaging(self) -> bool:
        """Whether a mean of each weight is kept beside it."""
        return self.averaging != "none"


CHECKPOINTS = tuple(name for name in Recipe.params if name.startswith("checkpoint"))
"""What is said of checkpoints: it changes nothing of what is trained."""
