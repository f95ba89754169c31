"""Linear attention: its cost grows with the length, not with its square."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, Snippet, block
from graph.blocks._attending import STRICTER, need_query_key_value
from graph.blocks._heads import causal_param
from graph.problems import Refusal
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, product

_LINEAR = Snippet(
    "attend_linearly",
    '''\
def attend_linearly(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Mixes values by products of positive features, summed over the keys first."""
    query, key = F.elu(query) + 1, F.elu(key) + 1
    known = key.transpose(-2, -1) @ value
    total = query @ key.sum(-2)[..., None]
    return query @ known / total
''',
)
_CAUSAL = Snippet(
    "attend_linearly_so_far",
    '''\
def attend_linearly_so_far(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Mixes values by products of positive features, summed over the keys so far."""
    query, key = F.elu(query) + 1, F.elu(key) + 1
    known = (key[..., None] * value[..., None, :]).cumsum(-3)
    total = (query * key.cumsum(-2)).sum(-1, keepdim=True)
    return (query[..., None, :] @ known).squeeze(-2) / total
''',
)


@block(
    "linear_attention",
    title="Linear attention",
    category=Category.ATTENTION,
    glyph="La",
    keywords=("kernel", "efficient", "long sequences", "query", "key", "value"),
)
class LinearAttention(Block):
    """Mixes the values by how well each key answers each query, without comparing all pairs.

    Use it on long sequences, between the projections before and after it; it tells places apart
    less sharply than the softmax of usual attention.

    Shape: `(N, …, Tq, E), (N, …, Tk, E), (N, …, Tk, V) -> (N, …, Tq, V)`; causal with Tq = Tk.
    Causal attention keeps E·V numbers for each place, for clear code rather than little memory.

    Source: Transformers are RNNs (2020), equations 5 and 9, with elu(x) + 1.
    """

    port_help = {
        "query": "What asks (N, …, Tq, E).",
        "key": "What is asked (N, …, Tk, E).",
        "value": "What is taken in (N, …, Tk, V).",
    }
    stricter = STRICTER | {
        "a key for each query": "Torch repeats places where there is one.",
        "all in one dtype": "Torch converts some products and not others.",
    }

    causal: bool = causal_param()

    examples = (
        Example({}, query=T("N", "T", 8), key=T("N", "S", 8), value=T("N", "S", 6)),
        Example({}, query=T("N", 2, 5, 4), key=T("N", 2, 6, 4), value=T("N", 2, 6, 3)),
        Example(
            {"causal": True},
            query=T("N", 2, "T", 4), key=T("N", 2, "T", 4), value=T("N", 2, "T", 3),
        ),
        Example(
            {"causal": True},
            query=T("N", 5, 4), key=T("N", 6, 4), value=T("N", 6, 4),
            fails="a key for each query",
        ),
        Example(
            {}, query=T("N", 5, 4), key=T("N", 5, 6), value=T("N", 5, 6), fails="as many features"
        ),
        Example({}, query=T("N", 4), key=T("N", 4), value=T("N", 4), fails="at least a batch"),
    )  # fmt: skip

    def infer(self, query: TensorType, key: TensorType, value: TensorType) -> TensorType:
        need_query_key_value(query, key, value)
        if self.causal and query.shape[-2] != key.shape[-2]:
            raise Refusal(
                f"is causal and needs a key for each query, but receives {query.shape[-2]} "
                f"queries and {key.shape[-2]} keys",
                port="key",
                short=f"{key.shape[-2]} ≠ {query.shape[-2]}",
            )
        return query.with_shape(*query.shape[:-1], value.shape[-1])

    def emit(self, query: TensorType, key: TensorType, value: TensorType) -> Emit:
        snippet = _CAUSAL if self.causal else _LINEAR
        text = f"{{y}} = {snippet.name}({{query}}, {{key}}, {{value}})"
        return Emit(text, snippets=(snippet,))

    def multiply_adds(self, query: TensorType, key: TensorType, value: TensorType) -> Dim:
        read = query.elements() * value.shape[-1]
        if self.causal:
            return read
        return read + query.elements() + product(key.shape) * value.shape[-1]

    def saved(self, query: TensorType, key: TensorType, value: TensorType) -> Saved:
        rows = product(query.shape[:-2])
        places, asked, width = key.shape[-2], query.shape[-2], query.shape[-1]
        wide = value.shape[-1]
        numbers = rows * (places * width + asked * width + asked * (wide + 1))
        if self.causal:
            numbers = numbers + rows * places * width * (wide + 1)
        else:
            numbers = numbers + rows * width * (wide + 1)
        return Saved(("query", "key", "value"), numbers=numbers)

    def summary(self) -> str:
        return "causal" if self.causal else ""
