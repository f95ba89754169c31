"""The layer Transformers are made of."""

from __future__ import annotations

from graph.block import Category, Emit, Example, block
from graph.blocks import _masks as masks
from graph.blocks import _transformer as parts
from graph.blocks._heads import causal_param, need_heads
from graph.blocks._sequences import need_sequence
from graph.blocks._transformer import TransformerPart
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType


@block(
    "transformer_encoder_layer",
    title="Transformer encoder layer",
    category=Category.ATTENTION,
    glyph="Te",
    keywords=("attention", "bert", "vit", "gpt", "self-attention", "feed-forward"),
    stem="encoder",
)
class TransformerEncoderLayer(TransformerPart):
    """Attention, then two dense layers, each beside a shortcut and with a Layer norm.

    Use it on top of an embedding and its places, several in a row; causal makes it the layer of
    language models such as GPT.

    Shape: `(N, T, E) -> (N, T, E)`, heads dividing E.

    Source: Attention Is All You Need (2017), section 3.1; norm first as in On Layer
    Normalization in the Transformer Architecture (2020).
    """

    port_help = {"x": "A sequence (N, T, E).", "mask": masks.TRUTHS}

    heads: int = parts.heads()
    feed_forward: int = parts.feed_forward()
    activation: str = parts.activation()
    norm_first: bool = parts.norm_first()
    causal: bool = causal_param()
    dropout: float = parts.dropout()
    bias: bool = parts.bias()

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"heads": 2, "feed_forward": 7, "causal": True}, x=T("N", 5, 8)),
        Example({"norm_first": False, "activation": "relu", "dropout": 0.0}, x=T("N", "T", 8)),
        Example({"heads": 1, "bias": False, "feed_forward": 2048}, x=T("N", 3, 4)),
        Example({}, x=T("N", "T", 8), mask=T("N", "T", dtype="bool")),
        Example({"causal": True, "heads": 2}, x=T("N", 5, 8), mask=T("N", 5, 5, dtype="bool")),
        Example({"heads": 2}, x=T("N", 5, 8), mask=T("N", 2, 5, 5, dtype="bool")),
        Example({}, x=T("N", 5, 8), mask=T("N", 5, 5), fails="Multi-head attention to add"),
        Example({"heads": 5}, x=T("N", "T", 16), fails="equal shares"),
        Example({}, x=T("N", 16), fails="needs a sequence"),
        Example({}, x=T("N", 3, 8), mask=T("N", 8, dtype="bool"), fails="needs a mask N×3"),
    )

    def infer(self, x: TensorType, mask: TensorType | None = None) -> TensorType:
        need_heads(need_sequence(x, row="1, -1"), self.heads, "x")
        masks.need_truth_mask(mask, x, self.heads)
        return x

    def emit(self, x: TensorType, mask: TensorType | None = None) -> Emit:
        made = self.layer("TransformerEncoderLayer", x.shape[2])
        code = masks.module_code(
            mask, self.causal, self.heads, "{x}", "{x}", ("src_mask", "src_key_padding_mask")
        )
        text = f"{{y}} = {{layer}}({', '.join(['{x}', *code.words])})"
        return Emit(code.before(text), {"layer": made}, {"heads": self.heads}, code.snippets)

    def parameters(self, x: TensorType, mask: TensorType | None = None) -> int:
        return self.encoder_layer_weights(need_sequence(x))

    def multiply_adds(self, x: TensorType, mask: TensorType | None = None) -> Dim:
        return self.encoder_layer_products(x.shape[0], x.shape[1], need_sequence(x))

    def saved(self, x: TensorType, mask: TensorType | None = None) -> Saved:
        kept = self.encoder_layer_kept(x, mask, self.causal)
        return Saved.holding(self.ports_kept("x"), kept)

    def kv_cache(self, x: TensorType, mask: TensorType | None = None) -> Dim:
        return 2 * x.elements() if self.causal else 0
