"""The layer Transformers are made of."""

from __future__ import annotations

from graph.block import Argument, Block, Call, Category, Emit, Example, block
from graph.blocks import _masks as masks
from graph.blocks._common import changed
from graph.blocks._heads import causal_param, heads_param, need_heads, show_heads
from graph.blocks._sequences import need_sequence
from graph.params import param
from graph.tensor import Dim, T, TensorType


@block(
    "transformer_encoder_layer",
    title="Transformer encoder layer",
    category=Category.ATTENTION,
    glyph="Te",
    keywords=("attention", "bert", "vit", "gpt", "self-attention", "feed-forward"),
    stem="encoder",
)
class TransformerEncoderLayer(Block):
    """Attention, then two dense layers, each beside a shortcut and with a Layer norm.

    Use it on top of an embedding and its places, several in a row; causal makes it the layer of
    language models such as GPT.

    Shape: `(N, T, E) -> (N, T, E)`, heads dividing E.

    Source: Attention Is All You Need (2017), section 3.1; norm first as in On Layer
    Normalization in the Transformer Architecture (2020).
    """

    port_help = {"x": "A sequence (N, T, E).", "mask": masks.HELP}

    stricter = masks.STRICTER

    heads: int = heads_param()
    feed_forward: int = param(default=256, ge=1, help="Features between its two dense layers.")
    activation: str = param(
        default="gelu", choices=("relu", "gelu"), help="What stands between the dense layers."
    )
    norm_first: bool = param(
        default=True, help="Normalise before each part, which trains more steadily."
    )
    causal: bool = causal_param()
    dropout: float = param(
        default=0.1, ge=0, le=1, widget="slider",
        help="Chance of each number to become 0 while training, in all its parts.",
    )  # fmt: skip
    bias: bool = param(default=True, help="Add learned biases, in the norms too.")

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"heads": 2, "feed_forward": 7, "causal": True}, x=T("N", 5, 8)),
        Example({"norm_first": False, "activation": "relu", "dropout": 0.0}, x=T("N", "T", 8)),
        Example({"heads": 1, "bias": False, "feed_forward": 2048}, x=T("N", 3, 4)),
        Example({}, x=T("N", "T", 8), mask=T("N", "T", dtype="bool")),
        Example({"causal": True, "heads": 2}, x=T("N", 5, 8), mask=T("N", 5, 5, dtype="bool")),
        Example({"heads": 5}, x=T("N", "T", 16), fails="equal shares"),
        Example({}, x=T("N", 16), fails="needs a sequence"),
        Example({}, x=T("N", 3, 8), mask=T("N", 8, dtype="bool"), fails="needs a mask N×3"),
    )

    def infer(self, x: TensorType, mask: TensorType | None = None) -> TensorType:
        need_heads(need_sequence(x, row="1, -1"), self.heads, "x")
        masks.need_mask(mask, x.shape[0], x.shape[1], x.shape[1], x.dtype)
        return x

    def emit(self, x: TensorType, mask: TensorType | None = None) -> Emit:
        options: dict[str, Argument] = changed(
            dim_feedforward=(self.feed_forward, 2048),
            dropout=(self.dropout, 0.1),
            activation=(self.activation, "relu"),
        )
        options["batch_first"] = True
        options |= changed(norm_first=(self.norm_first, False), bias=(self.bias, True))
        made = Call("nn.TransformerEncoderLayer", x.shape[2], self.heads, **options)
        code = masks.module_code(
            mask, self.causal, self.heads, "{x}", "{x}", ("src_mask", "src_key_padding_mask")
        )
        text = f"{{y}} = {{layer}}({', '.join(['{x}', *code.words])})"
        return Emit(code.before(text), {"layer": made}, {"heads": self.heads}, code.snippets)

    def parameters(self, x: TensorType, mask: TensorType | None = None) -> int:
        features = need_sequence(x)
        weights = 4 * features**2 + 2 * features * self.feed_forward + 2 * features
        return weights + self.bias * (4 * features + self.feed_forward + features + 2 * features)

    def multiply_adds(self, x: TensorType, mask: TensorType | None = None) -> Dim:
        features = need_sequence(x)
        products = 4 * features**2 + 2 * features * self.feed_forward
        return x.shape[0] * x.shape[1] * (2 * x.shape[1] * features + products)

    def summary(self) -> str:
        return f"{show_heads(self.heads, self.causal)}  ff {self.feed_forward}"
