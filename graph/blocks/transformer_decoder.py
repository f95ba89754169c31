"""The decoder of Transformers: layers that look at themselves and at a memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.block import Argument, Call, Category, Emit, Example, block
from graph.blocks import _masks as masks
from graph.blocks import _transformer as parts
from graph.blocks._sequences import need_sequence
from graph.blocks._transformer import TransformerPart
from graph.params import param
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType

_PORT_HELP = {
    "x": "The sequence so far (N, T, E).",
    "memory": "What the encoder answers (N, S, E).",
    "mask": masks.HELP,
    "memory_mask": "The same of places in the memory: (N, S), (N, T, S) or (N, heads, T, S).",
}

_EXAMPLES = (
    Example({}, x=T("N", "T", 16), memory=T("N", "S", 16)),
    Example({"heads": 2, "feed_forward": 7, "causal": False}, x=T("N", 5, 8), memory=T("N", 3, 8)),
    Example(
        {"norm_first": False, "activation": "relu", "dropout": 0.0, "bias": False},
        x=T("N", 4, 8), memory=T("N", 6, 8),
    ),
    Example(
        {"heads": 2}, x=T("N", 4, 8), memory=T("N", 6, 8),
        mask=T("N", 4, dtype="bool"), memory_mask=T("N", 6, dtype="bool"),
    ),
    Example(
        {"heads": 1, "causal": False}, x=T("N", 4, 8), memory=T("N", 6, 8),
        mask=T("N", 4, 4), memory_mask=T("N", 4, 6, dtype="bool"),
    ),
    Example(
        {"heads": 2}, x=T("N", 4, 8), memory=T("N", 6, 8),
        mask=T("N", 2, 4, 4, dtype="bool"), memory_mask=T("N", 1, 4, 6),
    ),
    Example({"heads": 5}, x=T("N", "T", 16), memory=T("N", "S", 16), fails="equal shares"),
    Example({}, x=T("N", 16), memory=T("N", 4, 16), fails="needs a sequence"),
    Example({}, x=T("N", 4, 16), memory=T("N", 4, 8), fails="a memory of 16 features"),
    Example({}, x=T("N", 4, 8), memory=T(1, 4, 8), fails="a memory of as many rows"),
    Example(
        {}, x=T("N", 3, 8), memory=T("N", 5, 8), memory_mask=T("N", 3, dtype="bool"),
        fails="needs a mask N×5",
    ),
)  # fmt: skip


class _Decoder(TransformerPart):
    """A decoder layer, or several."""

    port_help = _PORT_HELP

    if TYPE_CHECKING:
        causal: bool

    def infer(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> TensorType:
        self.check_memory(x, memory)
        (n, t, _), s = x.shape, memory.shape[1]
        masks.need_mask(mask, n, t, t, x.dtype, heads=(self.heads,))
        masks.need_mask(memory_mask, n, t, s, x.dtype, "memory_mask", (self.heads,))
        return x

    def emit(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> Emit:
        names = ("tgt_mask", "tgt_key_padding_mask")
        own = masks.module_code(mask, self.causal, self.heads, "{x}", "{x}", names)
        names = ("memory_mask", "memory_key_padding_mask")
        other = masks.module_code(memory_mask, False, self.heads, "{x}", "{memory}", names)
        own = parts.told(own, "tgt_mask", "tgt_is_causal")
        other = parts.of_port(other, "memory_mask")
        words = ", ".join(["{x}", "{memory}", *own.words, *other.words])
        text = other.before(f"{{y}} = {{decoder}}({words})")
        values: dict[str, Argument] = {"heads": self.heads}
        return Emit(own.before(text), {"decoder": self.made(x.shape[2])}, values, own.snippets)

    def made(self, features: Dim) -> Call:
        return self.layer("TransformerDecoderLayer", features)

    def parameters(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> int:
        return self.decoder_layer_weights(need_sequence(x))

    def multiply_adds(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> Dim:
        n, t, _ = x.shape
        return self.decoder_layer_products(n, t, memory.shape[1], need_sequence(x))

    def saved(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> Saved:
        kept = self.decoder_layer_kept(x, memory, mask, memory_mask, self.causal)
        return Saved.holding(self.ports_kept("x"), kept)

    def kv_cache(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> Dim:
        return 2 * (x.elements() + memory.elements()) if self.causal else 0


@block(
    "transformer_decoder_layer",
    title="Transformer decoder layer",
    category=Category.ATTENTION,
    glyph="Td",
    keywords=("attention", "seq2seq", "cross-attention", "translation", "feed-forward"),
    stem="decoder",
)
class TransformerDecoderLayer(_Decoder):
    """Attention to the sequence so far, then to a memory, then two dense layers.

    Use it to write a sequence that depends on another, several in a row; each part is beside a
    shortcut and with a Layer norm.

    Shape: `(N, T, E), (N, S, E) -> (N, T, E)`, heads dividing E.

    Source: Attention Is All You Need (2017), section 3.1; norm first as in On Layer
    Normalization in the Transformer Architecture (2020).
    """

    heads: int = parts.heads()
    feed_forward: int = parts.feed_forward()
    activation: str = parts.activation()
    norm_first: bool = parts.norm_first()
    causal: bool = param(default=True, help="No place of the sequence sees what comes after it.")
    dropout: float = parts.dropout()
    bias: bool = parts.bias()

    examples = _EXAMPLES


@block(
    "transformer_decoder",
    title="Transformer decoder",
    category=Category.ATTENTION,
    glyph="TD",
    keywords=("attention", "seq2seq", "cross-attention", "translation", "layers", "stack"),
    stem="decoder",
)
class TransformerDecoder(_Decoder):
    """Several Transformer decoder layers in a row, and a Layer norm where they normalise first.

    Use it to write a sequence that depends on another. Torch makes all layers with the same
    weights at the start; training tells them apart by what they receive.

    Shape: `(N, T, E), (N, S, E) -> (N, T, E)`, heads dividing E.

    Source: Attention Is All You Need (2017), section 3.1.
    """

    layers: int = parts.layers()
    heads: int = parts.heads()
    feed_forward: int = parts.feed_forward()
    activation: str = parts.activation()
    norm_first: bool = parts.norm_first()
    causal: bool = param(default=True, help="No place of the sequence sees what comes after it.")
    dropout: float = parts.dropout()
    bias: bool = parts.bias()

    examples = (*_EXAMPLES, Example({"layers": 1}, x=T("N", 3, 8), memory=T("N", 3, 8)))

    def made(self, features: Dim) -> Call:
        norm: dict[str, Argument] = {"norm": self.norm(features)} if self.norm_first else {}
        layer = self.layer("TransformerDecoderLayer", features)
        return Call("nn.TransformerDecoder", layer, self.layers, **norm)

    def parameters(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> int:
        features = need_sequence(x)
        last = self.norm_first * self.norm_weights(features)
        return self.layers * self.decoder_layer_weights(features) + last

    def multiply_adds(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> Dim:
        return self.layers * super().multiply_adds(x, memory, mask, memory_mask)

    def saved(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> Saved:
        each = self.decoder_layer_kept(x, memory, mask, memory_mask, self.causal)
        return Saved.holding(self.ports_kept("x"), self.layers_kept(x, each, self.layers))

    def kv_cache(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None = None,
        memory_mask: TensorType | None = None,
    ) -> Dim:
        return self.layers * super().kv_cache(x, memory, mask, memory_mask)
