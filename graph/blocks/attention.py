"""Attention: every place of a sequence looks at others and takes in what matters to it."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, block, known
from graph.blocks import _attending as attending
from graph.blocks import _masks as masks
from graph.blocks._attention_memory import Attending
from graph.blocks._common import changed
from graph.blocks._heads import causal_param, heads_param, need_heads, show_heads
from graph.blocks._sequences import need_sequence
from graph.params import param
from graph.problems import Refusal
from graph.saved import Memory, Saved, memory_of, total
from graph.tensor import Dim, T, TensorType, product, show_shape


def _bool(*dims: int | str) -> TensorType:
    return T(*dims, dtype="bool")


@block(
    "multihead_attention",
    title="Multi-head attention",
    category=Category.ATTENTION,
    glyph="Mh",
    keywords=("transformer", "self-attention", "cross-attention", "mha", "heads"),
    stem="attention",
)
class MultiheadAttention(Block):
    """Each place asks all places and takes in a learned mixture of what they answer.

    Use it on sets and sequences; with only a query it looks at itself, with a key at another
    sequence. Values are the keys unless they have a wire of their own.

    Shape: `(N, Tq, E), (N, Tk, K), (N, Tk, V) -> (N, Tq, E)`, heads dividing E.

    Source: Attention Is All You Need (2017), section 3.2.2.
    """

    port_help = {
        "query": "What asks (N, Tq, E).",
        "key": "What is asked (N, Tk, K); the query itself without a wire.",
        "value": "What is taken in (N, Tk, V); the key without a wire.",
        "mask": masks.HELP,
    }

    stricter = masks.STRICTER | {
        "values without keys": "Torch would take the queries for keys, which nobody draws so.",
    }

    heads: int = heads_param()
    causal: bool = causal_param()
    dropout: float = param(
        default=0.0, ge=0, le=1, widget="slider",
        help="Chance that a place overlooks another while training.",
    )  # fmt: skip
    bias: bool = param(default=True, help="Add learned biases.")

    examples = (
        Example({}, query=T("N", "T", 16)),
        Example({"heads": 2, "causal": True, "dropout": 0.1}, query=T("N", 6, 8)),
        Example({"heads": 2}, query=T("N", "T", 8), key=T("N", "S", 6)),
        Example(
            {"heads": 3, "bias": False},
            query=T("N", 4, 9), key=T("N", 5, 6), value=T("N", 5, 7),
        ),
        Example({}, query=T("N", "T", 8), mask=_bool("N", "T")),
        Example({"causal": True}, query=T("N", 5, 8), mask=_bool("N", 5)),
        Example({"causal": True}, query=T("N", 5, 8), mask=T("N", 5)),
        Example({}, query=T("N", 5, 8), mask=T("N", 5)),
        Example({"heads": 2}, query=T("N", 3, 8), key=T("N", 5, 8), mask=_bool("N", 3, 5)),
        Example({"heads": 1, "causal": True}, query=T("N", 5, 8), mask=T("N", 5, 5)),
        Example({"heads": 2}, query=T("N", 3, 8), mask=T("N", 2, 3, 3)),
        Example({"heads": 2, "causal": True}, query=T("N", 3, 8), mask=_bool("N", 2, 3, 3)),
        Example({"causal": True}, query=T("N", 3, 8), key=T("N", 5, 8), mask=T("N", 1, 3, 5)),
        Example({"heads": 2}, query=T("N", 3, 8), mask=T("N", 3, 3, 3), fails="N×2×3×3 for each"),
        Example({"heads": 3}, query=T("N", "T", 16), fails="equal shares"),
        Example({}, query=T("N", 16), fails="needs a sequence"),
        Example({}, query=T("N", 4, 8), value=T("N", 4, 8), fails="values without keys"),
        Example({}, query=T("N", 4, 8), key=T("N", 3, 8), value=T("N", 4, 8), fails="for each key"),
        Example({}, query=T("N", 4, 8), mask=_bool("N", 5), fails="needs a mask N×4"),
        Example({}, query=T("N", "T", 8), mask=T("N", "T", dtype="int64"), fails="truth values"),
    )  # fmt: skip

    def infer(
        self,
        query: TensorType,
        key: TensorType | None = None,
        value: TensorType | None = None,
        mask: TensorType | None = None,
    ) -> TensorType:
        features = need_sequence(query, "query", "1, -1")
        need_heads(features, self.heads, "query")
        if key is None and value is not None:
            raise Refusal("receives values without keys; wire the keys too", port="key")
        for port, type_ in (("key", key), ("value", value)):
            if type_ is not None:
                need_sequence(type_, port, "1, -1")
                _need_batch(type_, query.shape[0], port)
        keys = (key or query).shape[1]
        if value is not None and value.shape[1] != keys:
            raise Refusal(
                f"needs a value for each key, but receives {keys} keys and {value.shape[1]} values",
                port="value",
                short=f"{value.shape[1]} ≠ {keys}",
            )
        masks.need_mask(
            mask, query.shape[0], query.shape[1], keys, query.dtype, heads=(self.heads,)
        )
        return query

    def emit(
        self,
        query: TensorType,
        key: TensorType | None = None,
        value: TensorType | None = None,
        mask: TensorType | None = None,
    ) -> Emit:
        features, of_keys, of_values = _widths(query, key, value)
        made = Call(
            "nn.MultiheadAttention", features, self.heads,
            **changed(
                dropout=(self.dropout, 0.0), bias=(self.bias, True),
                kdim=(of_keys, features), vdim=(of_values, features),
            ),
            batch_first=True,
        )  # fmt: skip
        asked = "{key}" if key else "{query}"
        words = ["{query}", asked, "{value}" if value else asked]
        code = masks.module_code(
            mask, self.causal, self.heads, "{query}", asked, ("attn_mask", "key_padding_mask")
        )
        text = ", ".join([*words, *code.words, "need_weights=False"])
        return Emit(
            code.before(f"{{y}}, _ = {{attention}}({text})"),
            {"attention": made},
            {"heads": self.heads},
            code.snippets,
        )

    def parameters(
        self,
        query: TensorType,
        key: TensorType | None = None,
        value: TensorType | None = None,
        mask: TensorType | None = None,
    ) -> int:
        features, of_keys, of_values = _widths(query, key, value)
        return features * (2 * features + of_keys + of_values) + self.bias * 4 * features

    def multiply_adds(
        self,
        query: TensorType,
        key: TensorType | None = None,
        value: TensorType | None = None,
        mask: TensorType | None = None,
    ) -> Dim:
        features, of_keys, of_values = _widths(query, key, value)
        n, queries, _ = query.shape
        keys = (key or query).shape[1]
        projected = 2 * queries * features + keys * (of_keys + of_values)
        return n * features * (projected + 2 * queries * keys)

    def saved(
        self,
        query: TensorType,
        key: TensorType | None = None,
        value: TensorType | None = None,
        mask: TensorType | None = None,
    ) -> Saved:
        n, asked, features = query.shape
        keys = (key or query).shape[1]
        made = Attending(
            n, self.heads, asked, keys, features, features, mask, self.causal, self.dropout
        )
        answers, projected = query.elements(), n * keys * features
        if key is None:  # torch's module keeps copies of what it receives
            kept = Memory(answers) + made.kept(3 * answers)
        elif value is None and key.shape[2] == features:
            kept = Memory(answers + key.elements()) + made.kept(2 * projected)
        else:
            copies = answers + key.elements() + (value or key).elements()
            kept = Memory(copies) + made.kept(projected)
        return Saved.holding((), kept)

    def kv_cache(
        self,
        query: TensorType,
        key: TensorType | None = None,
        value: TensorType | None = None,
        mask: TensorType | None = None,
    ) -> Dim:
        return 2 * query.elements() if self.causal and key is None else 0

    def summary(self) -> str:
        return show_heads(self.heads, self.causal)


def _widths(
    query: TensorType, key: TensorType | None, value: TensorType | None
) -> tuple[int, int, int]:
    key = key or query
    types = (query, key, value or key)
    features, of_keys, of_values = (known(t.shape[2], "the number of features") for t in types)
    return features, of_keys, of_values


def _need_batch(x: TensorType, batch: Dim, port: str) -> None:
    if x.shape[0] != batch:
        raise Refusal(
            f"needs as many rows as there are queries, {batch}, but receives {show_shape(x.shape)}",
            port=port,
            short=f"{x.shape[0]} ≠ {batch}",
        )


@block(
    "attention",
    title="Scaled dot-product attention",
    category=Category.ATTENTION,
    glyph="At",
    keywords=("sdpa", "transformer", "query", "key", "value", "softmax"),
)
class Attention(Block):
    """Mixes the values by how well each key answers each query; nothing is learned here.

    Use it to draw an attention of your own, between the projections before and after it.

    Shape: `(N, …, Tq, E), (N, …, Tk, E), (N, …, Tk, V) -> (N, …, Tq, V)`.

    Source: Attention Is All You Need (2017), section 3.2.1.
    """

    port_help = {
        "query": "What asks (N, …, Tq, E).",
        "key": "What is asked (N, …, Tk, E).",
        "value": "What is taken in (N, …, Tk, V).",
        "mask": masks.HELP,
    }

    stricter = masks.STRICTER | attending.STRICTER

    causal: bool = causal_param()

    examples = (
        Example({}, query=T("N", "T", 8), key=T("N", "T", 8), value=T("N", "T", 8)),
        Example(
            {"causal": True},
            query=T("N", 2, 5, 4), key=T("N", 2, 6, 4), value=T("N", 2, 6, 3),
        ),
        Example(
            {},
            query=T("N", 2, 5, 4), key=T("N", 2, 6, 4), value=T("N", 2, 6, 4),
            mask=_bool("N", 6),
        ),
        Example(
            {"causal": True},
            query=T("N", 5, 4), key=T("N", 5, 4), value=T("N", 5, 4), mask=_bool("N", 5, 5),
        ),
        Example(
            {"causal": True},
            query=T("N", 2, 5, 4), key=T("N", 2, 5, 4), value=T("N", 2, 5, 4), mask=T("N", 5),
        ),
        Example(
            {},
            query=T("N", 3, 2, 5, 4), key=T("N", 3, 2, 6, 4), value=T("N", 3, 2, 6, 4),
            mask=T("N", 1, 2, 5, 6),
        ),
        Example(
            {"causal": True},
            query=T("N", 2, 5, 4), key=T("N", 2, 5, 4), value=T("N", 2, 5, 4),
            mask=_bool("N", 2, 5, 5),
        ),
        Example(
            {}, query=T("N", 5, 4), key=T("N", 5, 6), value=T("N", 5, 6), fails="as many features"
        ),
        Example(
            {}, query=T("N", 5, 4), key=T("N", 5, 4), value=T("N", 6, 4), fails="a value for each"
        ),
        Example({}, query=T("N", 4), key=T("N", 4), value=T("N", 4), fails="at least a batch"),
        Example(
            {}, query=T("N", 5, 4), key=T("N", 5, 4, dtype="float64"), value=T("N", 5, 4),
            fails="one dtype",
        ),
    )  # fmt: skip

    def infer(
        self,
        query: TensorType,
        key: TensorType,
        value: TensorType,
        mask: TensorType | None = None,
    ) -> TensorType:
        attending.need_query_key_value(query, key, value)
        masks.need_mask(
            mask, query.shape[0], query.shape[-2], key.shape[-2], query.dtype,
            heads=query.shape[1:-2],
        )  # fmt: skip
        return query.with_shape(*query.shape[:-1], value.shape[-1])

    def emit(
        self, query: TensorType, key: TensorType, value: TensorType, mask: TensorType | None = None
    ) -> Emit:
        code = masks.function_code(mask, self.causal, query.rank)
        words = ", ".join(["{query}", "{key}", "{value}", *code.words])
        call = f"{{y}} = F.scaled_dot_product_attention({words})"
        return Emit(code.before(call), snippets=code.snippets)

    def multiply_adds(
        self, query: TensorType, key: TensorType, value: TensorType, mask: TensorType | None = None
    ) -> Dim:
        places = product(query.shape[:-1]) * key.shape[-2]
        return places * (query.shape[-1] + value.shape[-1])

    def saved(
        self, query: TensorType, key: TensorType, value: TensorType, mask: TensorType | None = None
    ) -> Saved:
        rows = product(query.shape[:-2])
        asked, keys = query.shape[-2], key.shape[-2]
        hides = mask is None or mask.dtype == "bool"
        scores = query.with_shape(rows, asked, keys)
        if query.rank == 4 and key.shape[-1] == value.shape[-1] and hides:
            hidden = [_spread(mask, asked, keys, self.causal)] if mask else []
            each = query.with_shape(rows, asked)
            return Saved.of(("query", "key", "value", "y"), each, *hidden)
        after = asked * keys if self.causal and not hides else 0
        kept = total(map(memory_of, (query, key)))
        if query.rank == 4 and query.dtype == "float32":  # others no device fuses
            kept = kept + Memory(0, after, scores.elements(), 4 * rows * asked)
        else:
            kept = kept + memory_of(scores) + Memory(0, after)
        return Saved.holding(("value",), kept)

    def kv_cache(
        self, query: TensorType, key: TensorType, value: TensorType, mask: TensorType | None = None
    ) -> Dim:
        return key.elements() + value.elements() if self.causal else 0

    def summary(self) -> str:
        return "causal" if self.causal else ""


def _spread(mask: TensorType, asked: Dim, keys: Dim, causal: bool) -> TensorType:
    """A mask of truth values as the numbers that torch makes of it."""
    if mask.rank == 2:
        return T(mask.shape[0], asked if causal else 1, keys)
    return T(*mask.shape)
