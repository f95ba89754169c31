"""A selective state space: a recurrent layer whose states each place steers."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block
from graph.blocks._sequences import need_sequence
from graph.params import param
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType

_SELECTIVE = Snippet(
    "SelectiveStateSpace",
    '''\
class SelectiveStateSpace(nn.Module):
    """Each feature has states that fade; each place says how fast and what enters."""

    def __init__(self, features: int, states: int, rank: int) -> None:
        super().__init__()
        self.sizes = [rank, states, states]
        self.steer = nn.Linear(features, rank + 2 * states, bias=False)
        self.pace = nn.Linear(rank, features, bias=False)
        usual = torch.exp(torch.rand(features) * math.log(100) + math.log(0.001))
        self.usual_pace = nn.Parameter(torch.log(torch.exp(usual) - 1))
        fading = torch.arange(1, states + 1).repeat(features, 1)
        self.log_fading = nn.Parameter(torch.log(fading))
        self.skip = nn.Parameter(torch.ones(features))

    def forward(self, x: Tensor) -> Tensor:
        pace, write, read = self.steer(x).split(self.sizes, dim=-1)
        step = F.softplus(self.pace(pace) + self.usual_pace)
        kept = torch.exp(-step[..., None] * torch.exp(self.log_fading))
        entering = (step * x)[..., None] * write[:, :, None]
        state = torch.zeros_like(entering[:, 0])
        answers = []
        for place in range(x.shape[1]):
            state = kept[:, place] * state + entering[:, place]
            answers.append((state @ read[:, place, :, None]).squeeze(-1))
        return torch.stack(answers, dim=1) + self.skip * x
''',
)


@block(
    "selective_state_space",
    title="Selective state space",
    category=Category.RECURRENT,
    glyph="S6",
    keywords=("mamba", "s6", "ssm", "s4", "scan", "recurrent", "sequence"),
    stem="state_space",
)
class SelectiveStateSpace(Block):
    """Reads a sequence into states that fade; each place says how fast, and what it adds.

    Use it on long sequences in place of attention, between dense layers, as in Mamba. Each
    feature has states of its own.

    Shape: `(N, T, E) -> (N, T, E)`.

    Source: Mamba: Linear-Time Sequence Modeling with Selective State Spaces (2023), algorithm 2,
    with the simplified B of its code. It reads one place after the other in plain code: right
    rather than fast, above all on a GPU.
    """

    states: int = param(default=16, ge=1, help="How many numbers each feature remembers.")
    rank: int = param(
        default=4, ge=1, help="Numbers from which each place sets the pace of all features."
    )

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"states": 3, "rank": 1}, x=T("N", 6, 5)),
        Example({}, x=T("N", 16), fails="needs a sequence"),
        Example({}, x=T("N", "T", dtype="int64"), fails="needs floating-point"),
        Example({}, x=T("N", 8, "T"), fails="the number of features"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_sequence(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        made = Call("SelectiveStateSpace", need_sequence(x), self.states, self.rank)
        return Emit("{y} = {cells}({x})", {"cells": made}, snippets=(_SELECTIVE,))

    def parameters(self, x: TensorType) -> int:
        return need_sequence(x) * (3 * self.states + 2 * self.rank + 2)

    def multiply_adds(self, x: TensorType) -> Dim:
        places = x.shape[0] * x.shape[1]
        return places * need_sequence(x) * (3 * self.states + 2 * self.rank)

    def saved(self, x: TensorType) -> Saved:
        n, places, features = x.shape
        inside = features * self.states
        each = self.rank + 2 * self.states + 4 * features + 2 * inside
        return Saved(("x",), numbers=n * places * each + inside)

    def summary(self) -> str:
        return f"{self.states} states"
