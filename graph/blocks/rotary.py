"""Rotary positions and attention whose heads share keys, as in today's language models."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block, known
from graph.blocks import _masks as masks
from graph.blocks._attending import STRICTER, need_batch_of_sequences
from graph.blocks._attention_memory import Attending
from graph.blocks._heads import causal_param, heads_param, need_heads
from graph.blocks._rotating import HALVES, PAIRS
from graph.blocks._sequences import need_sequence
from graph.params import param
from graph.problems import Hint, Refusal, SetParam
from graph.saved import Memory, Saved
from graph.tensor import Dim, T, TensorType

_EVEN = {"an even number of features": "Torch takes any; a feature alone has nothing to turn to."}


@block(
    "rotary_encoding",
    title="Rotary encoding",
    category=Category.ATTENTION,
    glyph="Ro",
    keywords=("rope", "position", "roformer", "llama", "rotate"),
    stem="rotary",
)
class RotaryEncoding(Block):
    """Turns pairs of features by angles that grow with the place.

    Use it on queries and keys before Scaled dot-product attention, which then sees how far apart
    two places are; it learns nothing and has no longest length.

    Shape: `(N, …, T, E) -> (N, …, T, E)`, E even.

    Source: RoFormer: Enhanced Transformer with Rotary Position Embedding (2021), section 3.4.2.
    Halves are as in GPT-NeoX and Llama: the same with features in another order.
    """

    stricter = STRICTER | _EVEN

    pairs: str = param(
        default="neighbours", choices=("neighbours", "halves"),
        help="Which features are turned together: 1 and 2, or the first of each half.",
    )  # fmt: skip
    base: float = param(
        default=10_000.0, ge=1, help="How much slower the last pair turns than the first."
    )

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"pairs": "halves"}, x=T("N", 4, "T", 8)),
        Example({"base": 500.0}, x=T("N", 2, 5, 6, dtype="float64")),
        Example({}, x=T("N", "T", 5), fails="an even number"),
        Example({}, x=T("N", 16), fails="at least a batch"),
        Example({}, x=T("N", "T", 4, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_batch_of_sequences(x, "x")
        _need_even(known(x.shape[-1], "the number of features", "x"))
        return x

    def emit(self, x: TensorType) -> Emit:
        snippet = PAIRS if self.pairs == "neighbours" else HALVES
        text = f"{{y}} = {snippet.name}({{x}}, {{base}})"
        return Emit(text, values={"base": self.base}, snippets=(snippet,))

    def saved(self, x: TensorType) -> Saved:
        return Saved.of((), x.with_shape(*x.shape[-2:]))

    def summary(self) -> str:
        return self.pairs


def _need_even(features: int) -> None:
    if features % 2:
        raise Refusal(
            f"turns pairs and needs an even number of features, but receives {features}",
            port="x",
            short=f"{features} % 2",
        )


_PLAIN = '''\
class GroupedQueryAttention(nn.Module):
    """Attention to itself in which several heads share keys and values."""

    def __init__(self, features: int, heads: int, groups: int, bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.groups = groups
        shared = features // heads * groups
        self.query = nn.Linear(features, features, bias=bias)
        self.key = nn.Linear(features, shared, bias=bias)
        self.value = nn.Linear(features, shared, bias=bias)
        self.out = nn.Linear(features, features, bias=bias)

    def forward(
        self, x: Tensor, attn_mask: Tensor | None = None, is_causal: bool = False
    ) -> Tensor:
        query = self.query(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        key = self.key(x).unflatten(-1, (self.groups, -1)).transpose(1, 2)
        value = self.value(x).unflatten(-1, (self.groups, -1)).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(
            query, key, value, attn_mask, is_causal=is_causal, enable_gqa=True
        )
        return self.out(mixed.transpose(1, 2).flatten(2))
'''
_GROUPED = Snippet("GroupedQueryAttention", _PLAIN)
_TURNING = Snippet(
    "RotaryAttention",
    _PLAIN.replace("GroupedQueryAttention", "RotaryAttention")
    .replace("share keys and values.", "share keys; turned by place.")
    .replace(
        "    def __init__(self, features: int, heads: int, groups: int, bias: bool) -> None:",
        "    def __init__(\n"
        "        self, features: int, heads: int, groups: int, bias: bool, base: float\n"
        "    ) -> None:",
    )
    .replace(
        "        self.groups = groups", "        self.groups = groups\n        self.base = base"
    )
    .replace(
        "        mixed =",
        "        query = rotate_halves(query, self.base)\n"
        "        key = rotate_halves(key, self.base)\n"
        "        mixed =",
    ),
)


@block(
    "grouped_query_attention",
    title="Grouped-query attention",
    category=Category.ATTENTION,
    glyph="Gq",
    keywords=("gqa", "multi-query", "mqa", "llama", "self-attention", "heads"),
    stem="attention",
)
class GroupedQueryAttention(Block):
    """Attention of a sequence to itself, in which several heads share keys and values.

    Use it in large language models, where it needs less memory than Multi-head attention: one
    group is multi-query attention, a group for each head is multi-head attention.

    Shape: `(N, T, E) -> (N, T, E)`, heads dividing E and groups dividing heads.

    Source: GQA: Training Generalized Multi-Query Transformer Models (2023); rotary positions as
    in Llama.
    """

    port_help = {"x": "A sequence (N, T, E).", "mask": masks.HELP}
    stricter = (
        masks.STRICTER
        | _EVEN
        | {"heads among": "The heads of a group share keys, so that all groups have as many."}
    )

    heads: int = heads_param()
    groups: int = param(default=2, ge=1, help="How many heads of keys and values there are.")
    rotary: bool = param(
        default=False, help="Turn queries and keys by their place, which then needs no encoding."
    )
    base: float = param(
        default=10_000.0, ge=1, show_if=lambda layer: layer.rotary,
        help="How much slower the last pair of features turns than the first.",
    )  # fmt: skip
    causal: bool = causal_param()
    bias: bool = param(default=False, help="Add learned biases.")

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"heads": 6, "groups": 1, "causal": True, "bias": True}, x=T("N", 5, 12)),
        Example({"heads": 4, "groups": 4, "rotary": True}, x=T("N", "T", 8)),
        Example({"rotary": True, "causal": True}, x=T("N", 5, 8), mask=T("N", 5, dtype="bool")),
        Example({}, x=T("N", 5, 8), mask=T("N", 5, 5)),
        Example({"heads": 2}, x=T("N", 5, 8), mask=T("N", 2, 5, 5)),
        Example({"heads": 4, "groups": 3}, x=T("N", "T", 16), fails="heads among"),
        Example({"heads": 3, "groups": 3}, x=T("N", "T", 16), fails="equal shares"),
        Example({"heads": 4, "rotary": True}, x=T("N", "T", 12), fails="an even number"),
        Example({}, x=T("N", 16), fails="needs a sequence"),
        Example({}, x=T("N", 3, 8), mask=T("N", 8, dtype="bool"), fails="needs a mask N×3"),
    )

    def infer(self, x: TensorType, mask: TensorType | None = None) -> TensorType:
        features = need_sequence(x, row="1, -1")
        need_heads(features, self.heads, "x")
        if self.heads % self.groups:
            divisors = [n for n in range(1, self.heads + 1) if self.heads % n == 0]
            nearest = min(divisors, key=lambda n: abs(n - self.groups))
            hints: tuple[Hint, ...] = (SetParam("groups", nearest),)
            raise Refusal(
                f"shares {self.heads} heads among {self.groups} groups, which leaves a rest",
                short=f"{self.heads} % {self.groups}",
                hints=hints,
            )
        if self.rotary:
            _need_even(features // self.heads)
        masks.need_mask(mask, x.shape[0], x.shape[1], x.shape[1], x.dtype, heads=(self.heads,))
        return x

    def emit(self, x: TensorType, mask: TensorType | None = None) -> Emit:
        made = _TURNING if self.rotary else _GROUPED
        base = (self.base,) if self.rotary else ()
        layer = Call(made.name, x.shape[2], self.heads, self.groups, self.bias, *base)
        code = masks.function_code(mask, self.causal, 4)
        words = ", ".join(["{x}", *code.words])
        text = code.before(f"{{y}} = {{attention}}({words})")
        text = text.replace("{query}", "{x}").replace("{key}", "{x}")
        snippets = (HALVES, made) if self.rotary else (made,)
        return Emit(text, {"attention": layer}, snippets=(*code.snippets, *snippets))

    def parameters(self, x: TensorType, mask: TensorType | None = None) -> int:
        features = need_sequence(x)
        shared = features // self.heads * self.groups
        return 2 * (features**2 + features * shared) + self.bias * 2 * (features + shared)

    def multiply_adds(self, x: TensorType, mask: TensorType | None = None) -> Dim:
        features = need_sequence(x)
        shared = features // self.heads * self.groups
        n, t, _ = x.shape
        return n * t * features * (2 * features + 2 * shared + 2 * t)

    def saved(self, x: TensorType, mask: TensorType | None = None) -> Saved:
        n, t, _ = x.shape
        features = need_sequence(x)
        shared = features // self.heads * self.groups
        made = Attending(n, self.heads, t, t, features, features, mask, self.causal)
        kept = made.kept()
        if made.is_fused:  # each group's keys and values are there once
            kept = kept + Memory(-2 * n * t * (features - shared))
        return Saved.holding(("x",), kept)

    def kv_cache(self, x: TensorType, mask: TensorType | None = None) -> Dim:
        shared = known(x.shape[2], "the number of features") // self.heads * self.groups
        return 2 * x.shape[0] * x.shape[1] * shared if self.causal else 0

    def summary(self) -> str:
        words = [f"{self.heads} heads", f"{self.groups} of keys"]
        words += ["rotary"] if self.rotary else []
        words += ["causal"] if self.causal else []
        return "  ".join(words)
