"""How gradients become steps: declared once for the recipe and for Optimizer blocks."""

from __future__ import annotations

from graph.params import Form, param

WITH_MOMENTUM = ("sgd", "rmsprop", "muon", "schedule-free-sgd")
WITH_BETAS = ("adam", "adamw", "nadam", "radam", "lion", "muon", "schedule-free-adamw")
WITHOUT_EPSILON = ("sgd", "lbfgs", "lion", "schedule-free-sgd")


def _has_momentum(form: Optimizing) -> bool:
    return form.optimizer in ("sgd", "muon") and form.momentum > 0


def _decays(form: Optimizing) -> bool:
    return form.optimizer != "lbfgs"


class Optimizing(Form):
    """An optimizer and its numbers."""

    optimizer: str = param(
        default="adam",
        choices=(
            "sgd", "adam", "adamw", "nadam", "radam", "adagrad", "rmsprop", "lbfgs", "lion", "muon",
            "schedule-free-adamw", "schedule-free-sgd",
        ),
        help="How gradients become steps. Muon takes the matrices of layers, and AdamW what they "
        "leave. LBFGS computes the loss several times in a step. The schedule-free ones need no "
        "schedule: what is validated and kept is a mean of the weights.",
    )  # fmt: skip
    learning_rate: float = param(
        default=1e-3, gt=0, le=100,
        help="Size of a step; the schedule changes it. Adam likes about 0.001, SGD 0.1, LBFGS 1, "
        "and Lion a tenth of what Adam likes.",
    )  # fmt: skip
    momentum: float = param(
        default=0.9, ge=0, le=0.9999,
        help="How much of the last step goes into the next.",
        show_if=lambda form: form.optimizer in WITH_MOMENTUM,
    )  # fmt: skip
    nesterov: bool = param(
        default=False,
        help="Takes the gradient where the momentum leads to.",
        show_if=_has_momentum,
    )
    dampening: float = param(
        default=0.0, ge=0, le=1,
        help="How much less of a new gradient goes into the momentum.",
        show_if=lambda form: (
            form.optimizer == "sgd" and form.momentum > 0 and not form.nesterov
        ),
    )  # fmt: skip
    beta1: float = param(
        default=0.9, ge=0, le=0.9999,
        help="How long the mean of the gradients remembers; GANs often take 0.5 or less.",
        show_if=lambda form: form.optimizer in WITH_BETAS,
    )  # fmt: skip
    beta2: float = param(
        default=0.999, ge=0, le=0.999999,
        help="How long the mean of their squares remembers; Lion likes 0.99.",
        show_if=lambda form: form.optimizer in WITH_BETAS,
    )  # fmt: skip
    alpha: float = param(
        default=0.99, ge=0, le=0.999999,
        help="How long the mean of the squares of gradients remembers.",
        show_if=lambda form: form.optimizer == "rmsprop",
    )  # fmt: skip
    epsilon: float = param(
        default=1e-8, gt=0, le=1,
        help="Keeps what is divided by above zero; more of it makes first steps smaller.",
        show_if=lambda form: form.optimizer not in WITHOUT_EPSILON,
    )  # fmt: skip
    inner_steps: int = param(
        default=20, ge=1, le=1000,
        help="How often LBFGS may move the weights on the rows of one step.",
        show_if=lambda form: form.optimizer == "lbfgs",
    )  # fmt: skip
    history: int = param(
        default=10, ge=1, le=1000,
        help="From how many of its last moves LBFGS guesses the curvature.",
        show_if=lambda form: form.optimizer == "lbfgs",
    )  # fmt: skip
    weight_decay: float = param(
        default=0.0, ge=0, le=10, help="Pull of the weights to zero.", show_if=_decays
    )
    decay_all: bool = param(
        default=True,
        title="Decay biases",
        help="Whether biases and the scales of norms are pulled to zero, too; for transformers "
        "they usually are not.",
        show_if=lambda form: _decays(form) and form.weight_decay > 0,
    )

    def states(self) -> int:
        """How many numbers the optimizer keeps for each weight."""
        match self.optimizer:
            case "sgd":
                return int(self.momentum > 0)
            case "rmsprop":
                return 1 + (self.momentum > 0)
            case "lbfgs":
                return 2 * self.history + 4  # moves, differences; gradient, direction and copies
            case "adagrad" | "lion" | "muon" | "schedule-free-sgd":
                return 1
        return 2
