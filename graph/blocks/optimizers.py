"""What trains some blocks of a drawing on some of its losses: Optimizer."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, Role, block, show_value
from graph.blocks._common import need_floats
from graph.mentions import WIDGET, names_in
from graph.optimizing import Optimizing
from graph.params import param
from graph.problems import Insert, Refusal
from graph.tensor import T, TensorType, show_shape


@block(
    "optimizer",
    title="Optimizer",
    category=Category.TRAINING,
    glyph="Op",
    keywords=("gan", "adam", "sgd", "train", "freeze", "frozen", "alternate", "adversarial"),
    role=Role.OPTIMIZER,
)
class Optimizer(Optimizing, Block):
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

    examples = (
        Example({}, losses=[T()]),
        Example({"optimizer": "sgd", "nesterov": True}, losses=[T()]),
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
