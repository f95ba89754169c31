"""Biases of attention's scores that say how far apart two places are."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block, known
from graph.blocks._common import need_float32, need_floats
from graph.params import param
from graph.problems import Hint, Refusal, SetParam
from graph.saved import Saved
from graph.tensor import T, TensorType, show_shape

_HELP = {"scores": "How well keys answer queries (N, heads, Tq, Tk), before the softmax."}
_STRICTER = {"needs scores": "Torch adds it to anything that has enough axes, heads or not."}


def _need_scores(scores: TensorType) -> None:
    if scores.rank != 4:
        raise Refusal(
            f"needs scores (N, heads, Tq, Tk), but receives {show_shape(scores.shape)}",
            port="scores",
            short=f"rank {scores.rank} ≠ 4",
        )


_DISTANCES = Snippet(
    "subtract_distances",
    '''\
def subtract_distances(scores: Tensor) -> Tensor:
    """Takes from scores the distance of both places, more slowly with each head."""
    heads, queries, keys = scores.shape[1:]
    device = scores.device
    places = torch.arange(queries, device=device)[:, None]
    distances = (places - torch.arange(keys, device=device)).abs()
    slopes = 2.0 ** (-8.0 / heads * torch.arange(1, heads + 1, device=device))
    return scores - (slopes[:, None, None] * distances).to(scores.dtype)
''',
)


@block(
    "alibi",
    title="ALiBi",
    category=Category.ATTENTION,
    glyph="Al",
    keywords=("linear biases", "position", "extrapolation", "distance", "scores"),
)
class Alibi(Block):
    """Lowers the scores of attention by the distance of the places; nothing is learned.

    Use it between the product of queries and keys and the softmax, instead of an encoding of
    places; the model then reads longer texts than it was trained on.

    Shape: `(N, heads, Tq, Tk) -> (N, heads, Tq, Tk)`; head h of H subtracts the distance times
    `2^(-8·h / H)`.

    Source: Train Short, Test Long (2021), section 3; its slopes for any number of heads, and the
    same to both sides, so that a causal mask gives the paper's.
    """

    saves = ()
    port_help = _HELP
    stricter = _STRICTER

    examples = (
        Example({}, scores=T("N", 4, "T", "T")),
        Example({}, scores=T("N", 3, 5, 7, dtype="float64")),
        Example({}, scores=T("N", "T", "T"), fails="needs scores"),
        Example({}, scores=T("N", 4, 5, 5, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, scores: TensorType) -> TensorType:
        need_floats(scores, "scores")
        _need_scores(scores)
        return scores

    def emit(self, scores: TensorType) -> Emit:
        return Emit("{y} = subtract_distances({scores})", snippets=(_DISTANCES,))


_BUCKETS = Snippet(
    "RelativeBias",
    '''\
class RelativeBias(nn.Module):
    """Adds to scores what was learned for each head and distance; far ones share it."""

    def __init__(
        self, heads: int, buckets: int, max_distance: int, both_ways: bool
    ) -> None:
        super().__init__()
        self.table = nn.Embedding(buckets, heads)
        self.buckets = buckets // 2 if both_ways else buckets
        self.max_distance = max_distance
        self.both_ways = both_ways

    def forward(self, scores: Tensor) -> Tensor:
        queries, keys = scores.shape[2:]
        places = torch.arange(queries, device=scores.device)[:, None]
        ahead = torch.arange(keys, device=scores.device) - places
        distance = ahead.abs() if self.both_ways else (-ahead).clamp(min=0)
        exact = self.buckets // 2
        share = torch.log(distance.clamp(min=1) / exact)
        share = share / math.log(self.max_distance / exact)
        shared = exact + (share * (self.buckets - exact)).long()
        shared = shared.clamp(max=self.buckets - 1)
        bucket = torch.where(distance < exact, distance, shared)
        if self.both_ways:
            bucket = bucket + self.buckets * (ahead > 0)
        return scores + self.table(bucket).permute(2, 0, 1)
''',
)


@block(
    "relative_position_bias",
    title="Relative position bias",
    category=Category.ATTENTION,
    glyph="Rb",
    keywords=("t5", "buckets", "position", "distance", "scores", "learned"),
    stem="bias",
)
class RelativePositionBias(Block):
    """Adds to the scores of attention what each head learned about distances.

    Use it between the product of queries and keys and the softmax, instead of an encoding of
    places. Near distances have a bucket each; farther ones share, the more the farther.

    Shape: `(N, heads, Tq, Tk) -> (N, heads, Tq, Tk)`.

    Source: Exploring the Limits of Transfer Learning (T5, 2019), section 2.1, as in its code.
    """

    port_help = _HELP
    stricter = _STRICTER | {
        "a farthest distance above": "Torch divides by the logarithm of 1, or turns buckets round."
    }

    buckets: int = param(default=32, ge=4, help="How many distances are told apart.")
    max_distance: int = param(
        default=128, title="Farthest distance", ge=2, unit="places",
        help="From here on all distances share the last bucket.",
    )  # fmt: skip
    both_ways: bool = param(
        default=True, help="Half of the buckets are for places ahead; off in causal attention."
    )

    examples = (
        Example({}, scores=T("N", 4, "T", "T")),
        Example({"both_ways": False, "buckets": 7, "max_distance": 9}, scores=T("N", 3, 12, 10)),
        Example({"buckets": 4, "max_distance": 2}, scores=T("N", 1, 3, 3)),
        Example({"max_distance": 8}, scores=T("N", 4, 5, 5), fails="a farthest distance above 8"),
        Example({}, scores=T("N", "T", "T"), fails="needs scores"),
        Example({}, scores=T("N", 4, 5, 5, dtype="float64"), fails="weights of float32"),
        Example({}, scores=T("N", "H", 5, 5), fails="number of heads"),
    )

    def exact(self) -> int:
        return self.buckets // 4 if self.both_ways else self.buckets // 2

    def heads(self, scores: TensorType) -> int:
        return known(scores.shape[1], "the number of heads", "scores")

    def infer(self, scores: TensorType) -> TensorType:
        need_float32(scores, "scores")
        _need_scores(scores)
        self.heads(scores)
        if self.max_distance <= self.exact():
            hints: tuple[Hint, ...] = (SetParam("max_distance", 4 * self.exact()),)
            raise Refusal(
                f"tells distances up to {self.exact()} apart and needs a farthest distance above "
                f"{self.exact()}, but has {self.max_distance}",
                short=f"{self.max_distance} ≤ {self.exact()}",
                hints=hints,
            )
        return scores

    def emit(self, scores: TensorType) -> Emit:
        made = Call(
            "RelativeBias", self.heads(scores), self.buckets, self.max_distance, self.both_ways
        )
        return Emit("{y} = {bias}({scores})", {"bias": made}, snippets=(_BUCKETS,))

    def parameters(self, scores: TensorType) -> int:
        return self.buckets * self.heads(scores)

    def saved(self, scores: TensorType) -> Saved:
        return Saved.of((), TensorType(scores.shape[2:], "int64"))
