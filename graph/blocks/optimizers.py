"""What trains some blocks of a drawing on some of its losses: Optimizer."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, Role, block, show_value
from graph.blocks._common import need_floats
from graph.mentions import WIDGET, names_in
from graph.params import param
from graph.problems import Insert, Refusal
from graph.tensor import T, TensorType, show_shape


def _is_adam(optimizer: Optimizer) -> bool:
    return optimizer.optimizer in ("adam", "adamw")


@block(
    "optimizer",
    title="Optimizer",
    category=Category.TRAINING,
    glyph="Op",
    keywords=("gan", "adam", "sgd", "train", "freeze", "frozen", "alternate", "adversarial"),
    role=Role.OPTIMIZER,
)
class Optimizer(Block):
    """Trains some blocks on some of the losses, by an optimizer of its own.

    A drawing without one trains everything on the sum of its losses. Use two where parts of it
    want different things, such as the generator and the discriminator of a GAN: in each step of
    the run they take turns in the order in which they were drawn, and each sees the losses anew.
    Use one to train a part only: what no Optimizer trains keeps its weights.

    Shape: `(), … -> ()`: the losses are added up.

    Source: Generative Adversarial Nets (2014), algorithm 1 with one step of each.
    """

    outputs = ()
    port_help = {"losses": "What the blocks are trained to make small."}

    trains: str = param(
        default="",
        help="Names of the blocks that learn, separated by commas; empty takes all that the losses "
        "depend on and no other Optimizer names.",
        widget=WIDGET,
    )
    optimizer: str = param(
        default="adam",
        choices=("sgd", "adam", "adamw", "rmsprop"),
        help="How gradients become steps.",
    )
    learning_rate: float = param(
        default=1e-3, gt=0, le=100, help="Size of a step; the recipe's schedule changes it."
    )
    momentum: float = param(
        default=0.9,
        ge=0,
        le=0.9999,
        help="How much of the last step goes into the next.",
        show_if=lambda optimizer: not _is_adam(optimizer),
    )
    beta1: float = param(
        default=0.9,
        ge=0,
        le=0.9999,
        help="How long the mean of the gradients remembers; GANs often take 0.5 or less.",
        show_if=_is_adam,
    )
    beta2: float = param(
        default=0.999,
        ge=0,
        le=0.999999,
        help="How long the mean of their squares remembers.",
        show_if=_is_adam,
    )
    weight_decay: float = param(default=0.0, ge=0, le=10, help="Pull of the weights to zero.")

    examples = (
        Example({}, losses=[T()]),
        Example({"trains": "generator, encoder", "beta1": 0.5}, losses=[T(), T(dtype="float64")]),
        Example({}, losses=[T("N")], fails="needs losses"),
        Example({}, losses=[T(dtype="int64")], fails="needs floating-point"),
    )

    def infer(self, *losses: TensorType) -> tuple[TensorType, ...]:
        for loss in losses:
            need_floats(loss, "losses")
            if loss.rank:
                shape = show_shape(loss.shape)
                raise Refusal(
                    f"needs losses, which are single numbers, but receives {shape}",
                    port="losses",
                    short=f"{shape} ≠ scalar",
                    hints=_mean(losses, loss.rank),
                )
        return ()

    def emit(self, *losses: TensorType) -> Emit:
        return Emit("")

    def summary(self) -> str:
        rate = f"{self.optimizer}  {show_value(self.learning_rate)}"
        return f"{rate}  {', '.join(names_in(self.trains))}".rstrip()


def _mean(losses: tuple[TensorType, ...], rank: int) -> tuple[Insert, ...]:
    """The mean before the port, where it has one wire: an offer names the port, not the wire."""
    return (Insert("mean", "losses", (("axes", tuple(range(rank))),)),) if len(losses) == 1 else ()
