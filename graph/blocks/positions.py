"""Positional encoding: tells attention where in the sequence each place is."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block
from graph.blocks._sequences import need_sequence
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.tensor import T, TensorType

_SINUSOIDAL = Snippet(
    "SinusoidalEncoding",
    '''\
class SinusoidalEncoding(nn.Module):
    """Adds sines and cosines of each place, slower with each feature, to a sequence."""

    def __init__(self, features: int, max_length: int) -> None:
        super().__init__()
        place = torch.arange(max_length)[:, None]
        even = torch.arange(0, features, 2)
        angle = place * torch.exp(even * (-math.log(10000.0) / features))
        table = torch.zeros(max_length, features)
        table[:, 0::2] = torch.sin(angle)
        table[:, 1::2] = torch.cos(angle)[:, : features // 2]
        self.table = nn.Buffer(table, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]
''',
)
_LEARNED = Snippet(
    "LearnedEncoding",
    '''\
class LearnedEncoding(nn.Module):
    """Adds a learned vector for each place to a sequence."""

    def __init__(self, features: int, max_length: int) -> None:
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_length, features))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]
''',
)


@block(
    "positional_encoding",
    title="Positional encoding",
    category=Category.ATTENTION,
    glyph="Po",
    keywords=("position", "sinusoidal", "transformer", "embedding", "place", "order"),
    stem="positions",
)
class PositionalEncoding(Block):
    """Adds to every place of a sequence a pattern that says where it is.

    Use it before attention, which sees no order by itself.

    Shape: `(N, T, E) -> (N, T, E)`; T is at most the longest length.

    Source: Attention Is All You Need (2017), section 3.5. Learned ones start as normal numbers of
    spread 0.02, as in Language Models are Unsupervised Multitask Learners (2019).
    """

    saves = ()

    learned: bool = param(
        default=False, help="Learn the patterns instead of taking sines and cosines."
    )
    max_length: int = param(
        default=512, title="Longest length", ge=2, le=1 << 20,
        help="How many places there are patterns for.",
    )  # fmt: skip

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"max_length": 10}, x=T("N", 10, 5)),
        Example({"learned": True, "max_length": 64}, x=T("N", "T", 8)),
        Example({"learned": True, "max_length": 7}, x=T("N", 7, 3)),
        Example({"max_length": 5}, x=T("N", 7, 3), fails="patterns for 5 places"),
        Example({}, x=T("N", 16), fails="needs a sequence"),
        Example({}, x=T("N", "T", dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_sequence(x, row="1, -1")
        length = x.shape[1]
        if isinstance(length, int) and length > self.max_length:
            raise Refusal(
                f"has patterns for {self.max_length} places, but receives {length}",
                port="x",
                short=f"{length} > {self.max_length}",
                hints=(SetParam("max_length", length),),
            )
        return x

    def emit(self, x: TensorType) -> Emit:
        snippet = _LEARNED if self.learned else _SINUSOIDAL
        made = Call(snippet.name, x.shape[2], self.max_length)
        return Emit("{y} = {encoding}({x})", {"encoding": made}, snippets=(snippet,))

    def parameters(self, x: TensorType) -> int:
        return self.max_length * need_sequence(x) if self.learned else 0

    def summary(self) -> str:
        return f"{'learned' if self.learned else 'sinusoidal'}  up to {self.max_length}"
