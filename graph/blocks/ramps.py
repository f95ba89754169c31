"""A number that changes while a model trains: Ramp."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block, show_value
from graph.params import param
from graph.tensor import T, TensorType

_RAMP = Snippet(
    "Ramp",
    '''\
class Ramp(nn.Module):
    """A number that goes from one value to another over the first uses in training."""

    def __init__(self, start: float, end: float, steps: int) -> None:
        super().__init__()
        self.start, self.end, self.steps = start, end, steps
        self.register_buffer("done", torch.zeros((), dtype=torch.int64))

    def forward(self) -> Tensor:
        share = (self.done / self.steps).clamp(max=1.0)
        if self.training:
            self.done += 1
        return self.start + (self.end - self.start) * share
''',
)


@block(
    "ramp",
    title="Ramp",
    category=Category.TRAINING,
    glyph="Ra",
    keywords=("warm-up", "warmup", "anneal", "annealing", "schedule", "beta", "kl", "loss weight"),
)
class Ramp(Block):
    """A number that grows or falls steadily while training, and then stays.

    Multiply a loss by it, so that it counts little at first, such as the Gaussian KL of a
    variational autoencoder. Afterwards it has the value that training left it with.

    Shape: `() -> ()`.

    Source: Generating Sentences from a Continuous Space (2016), section 3.1, with a straight line.
    """

    start: float = param(default=0.0, help="Its value at the first step.")
    end: float = param(default=1.0, help="Its value from the last step on.")
    steps: int = param(
        default=1000, ge=1,
        help="Steps from one to the other; where Optimizers take turns each turn is one.",
    )  # fmt: skip

    examples = (
        Example({}),
        Example({"steps": 1}),
        Example({"start": 1.0, "end": 0.1, "steps": 3}),
    )

    def infer(self) -> TensorType:
        return T()

    def emit(self) -> Emit:
        made = Call("Ramp", self.start, self.end, self.steps)
        return Emit("{y} = {ramp}()", {"ramp": made}, snippets=(_RAMP,))

    def summary(self) -> str:
        return f"{show_value(self.start)} → {show_value(self.end)}  {self.steps} steps"
