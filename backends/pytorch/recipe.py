"""How a model is trained: the values of a recipe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Optimizing:
    """An optimizer and its numbers."""

    # sgd, adam, adamw, nadam, radam, adagrad, rmsprop, lbfgs, lion, muon, schedule-free-adamw,
    # schedule-free-sgd
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    momentum: float = 0.9  # of sgd, rmsprop, muon and schedule-free-sgd
    nesterov: bool = False
    dampening: float = 0.0
    beta1: float = 0.9  # of those that are like Adam, and of lion
    beta2: float = 0.999
    alpha: float = 0.99  # of rmsprop
    epsilon: float = 1e-8
    inner_steps: int = 20  # of lbfgs
    history: int = 10
    weight_decay: float = 0.0
    decay_all: bool = True  # biases and the scales of norms, too


@dataclass(frozen=True, kw_only=True)
class Part(Optimizing):
    """What one optimizer trains, and how, where several take turns in every step.

    Attributes:
        name: the name of its loss among those that the objective answers.
        modules: the modules of the model whose weights it trains; all where none is named.
    """

    name: str
    modules: tuple[str, ...] = ()


# What may be changed while a run goes on; a part's learning rate is called `part.learning_rate`.
KNOBS = (
    "learning_rate",
    "epochs",
    "clip_norm",
    "clip_value",
    "early_stopping",
    "patience",
    "min_delta",
    "max_steps",
    "max_minutes",
    "stop_metric",
    "stop_when",
    "stop_value",
)
FROZEN = "frozen"  # may be changed, too


@dataclass(frozen=True)
class Change:
    """A value of the recipe that changes while the run goes on, after so many steps."""

    step: int
    name: str  # one of KNOBS, or FROZEN
    value: float | str


@dataclass(frozen=True)
class Group:
    """Weights that learn otherwise than the rest; one in several groups takes part in each.

    Attributes:
        modules: names of modules, in which `*` stands for any number: `stages.*.conv`.
    """

    modules: tuple[str, ...]
    learning_rate: float = 1.0  # what that of the recipe is multiplied by
    weight_decay: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Recipe(Optimizing):
    """How a model is trained."""

    epochs: int = 10
    batch_size: int = 64
    # constant, step, multi-step, exponential, linear, polynomial, cosine, cosine-restarts,
    # one-cycle, plateau
    schedule: str = "constant"
    step_size: int = 10  # epochs between two drops of the step schedule
    milestones: tuple[int, ...] = (5, 8)  # epochs after which the multi-step schedule drops
    plateau_epochs: int = 3  # without improvement, after which the plateau schedule drops
    gamma: float = 0.1  # what each drop multiplies the learning rate by
    power: float = 2.0  # of the polynomial
    cycle: int = 5  # epochs of the first cycle of cosine-restarts
    cycle_growth: int = 2  # how many times as long as the last each further cycle is
    floor: float = 0.0  # the share of the learning rate that is left at the end
    warmup_steps: int = 0
    accumulate: int = 1  # batches that make up a step
    clip_norm: float = 0.0  # 0: gradients are not clipped
    clip_value: float = 0.0
    averaging: str = "none"  # the weights that are measured and kept are means: none, ema, swa
    ema_decay: float = 0.999  # how much of the mean stays in a step
    swa_start: int = 5  # the first epoch whose end counts
    validation_fraction: float = 0.1
    early_stopping: bool = False
    patience: int = 5  # epochs without improvement before an early stop
    min_delta: float = 0.0  # how much less loss is an improvement to early stopping
    max_steps: int = 0  # 0: as many as the epochs have
    max_minutes: float = 0.0  # of training; 0: as many as it takes
    stop_metric: str = ""  # a metric that ends the run where it reaches a value: loss, …
    stop_when: str = "at least"  # at least, at most
    stop_value: float = 0.0
    keep: str = "best"  # the weights that a run ends with: best, last
    seed: int = 0
    device: str = "auto"  # auto, cpu, cuda, mps
    threads: int = 0  # 0: all cores but one
    memory_format: str = "auto"  # auto, contiguous, channels-last
    precision: str = "float32"  # float32, tf32, bfloat16, float16
    deterministic: bool = False
    compile: bool = False
    parts: tuple[Part, ...] = ()  # what takes turns, in place of all weights by one optimizer
    groups: tuple[Group, ...] = ()
    frozen: str = ""  # names of modules, as in a Group, that do not learn: `stem, stages.*.conv`
    recomputed: tuple[str, ...] = ()  # modules that are computed again for their gradients
    changes: tuple[Change, ...] = ()  # in the order of their steps
    steps: tuple[Any, ...] = ()  # Steps between the data and the model. Any: they need torch
