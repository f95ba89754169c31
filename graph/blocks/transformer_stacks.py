"""Whole encoders of Transformers, and the whole of the first paper."""

from __future__ import annotations

from graph.block import Argument, Call, Category, Emit, Example, block
from graph.blocks import _masks as masks
from graph.blocks import _transformer as parts
from graph.blocks._heads import causal_param, need_heads
from graph.blocks._sequences import need_sequence
from graph.blocks._transformer import TransformerPart
from graph.params import param
from graph.problems import Refusal
from graph.saved import Memory, Saved, memory_of
from graph.tensor import Dim, T, TensorType, product, show_shape


@block(
    "transformer_encoder",
    title="Transformer encoder",
    category=Category.ATTENTION,
    glyph="TE",
    keywords=("attention", "bert", "vit", "gpt", "self-attention", "layers", "stack"),
    stem="encoder",
)
class TransformerEncoder(TransformerPart):
    """Several Transformer encoder layers in a row, and a Layer norm where they normalise first.

    Use it on top of an embedding and its places. Torch makes all layers with the same weights at
    the start; training tells them apart by what they receive.

    Shape: `(N, T, E) -> (N, T, E)`, heads dividing E.

    Source: Attention Is All You Need (2017), section 3.1.
    """

    port_help = {"x": "A sequence (N, T, E).", "mask": masks.TRUTHS}

    layers: int = parts.layers()
    heads: int = parts.heads()
    feed_forward: int = parts.feed_forward()
    activation: str = parts.activation()
    norm_first: bool = parts.norm_first()
    causal: bool = causal_param()
    dropout: float = parts.dropout()
    bias: bool = parts.bias()

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"layers": 1, "heads": 2, "feed_forward": 7, "causal": True}, x=T("N", 5, 8)),
        Example({"norm_first": False, "activation": "relu", "dropout": 0.0}, x=T("N", "T", 8)),
        Example({"layers": 3, "heads": 1, "bias": False}, x=T("N", 3, 4)),
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
        features = x.shape[2]
        options: dict[str, Argument] = {"norm": self.norm(features)} if self.norm_first else {}
        made = Call(
            "nn.TransformerEncoder",
            self.layer("TransformerEncoderLayer", features),
            self.layers,
            **options,
            enable_nested_tensor=False,
        )
        code = masks.module_code(
            mask, self.causal, self.heads, "{x}", "{x}", ("mask", "src_key_padding_mask")
        )
        code = parts.told(code, "mask", "is_causal")
        text = f"{{y}} = {{layers}}({', '.join(['{x}', *code.words])})"
        return Emit(code.before(text), {"layers": made}, {"heads": self.heads}, code.snippets)

    def parameters(self, x: TensorType, mask: TensorType | None = None) -> int:
        features = need_sequence(x)
        last = self.norm_first * self.norm_weights(features)
        return self.layers * self.encoder_layer_weights(features) + last

    def multiply_adds(self, x: TensorType, mask: TensorType | None = None) -> Dim:
        n, t, _ = x.shape
        return self.layers * self.encoder_layer_products(n, t, need_sequence(x))

    def saved(self, x: TensorType, mask: TensorType | None = None) -> Saved:
        each = self.encoder_layer_kept(x, mask, self.causal)
        return Saved.holding(self.ports_kept("x"), self.layers_kept(x, each, self.layers))

    def kv_cache(self, x: TensorType, mask: TensorType | None = None) -> Dim:
        return 2 * self.layers * x.elements() if self.causal else 0


@block(
    "transformer",
    title="Transformer",
    category=Category.ATTENTION,
    glyph="Tr",
    keywords=("attention", "seq2seq", "translation", "encoder", "decoder"),
)
class Transformer(TransformerPart):
    """An encoder that reads one sequence and a decoder that writes another.

    Use it between embeddings with their places, for both sequences, and a dense layer that
    chooses the next token. It has a Layer norm behind the encoder and behind the decoder.

    Shape: `(N, S, E), (N, T, E) -> (N, T, E)`, heads dividing E.

    Source: Attention Is All You Need (2017), section 3; with both last norms, as in torch.
    """

    port_help = {
        "source": "The sequence that is read (N, S, E).",
        "target": "The sequence written so far (N, T, E).",
        "source_mask": "Which places of the source count (N, S): truth values.",
        "target_mask": "Which places of the target count (N, T): truth values.",
    }
    stricter = parts.STRICTER | {
        "needs truth values": "Torch takes numbers to add, too, and warns when both are mixed.",
    }

    encoder_layers: int = param(default=2, ge=1, help="Layers that read.")
    decoder_layers: int = param(default=2, ge=1, help="Layers that write.")
    heads: int = parts.heads()
    feed_forward: int = parts.feed_forward()
    activation: str = parts.activation()
    norm_first: bool = param(
        default=False, help="Normalise before each part, which trains more steadily."
    )
    causal: bool = param(default=True, help="No place of the target sees what comes after it.")
    dropout: float = parts.dropout()
    bias: bool = parts.bias()

    examples = (
        Example({}, source=T("N", "S", 16), target=T("N", "T", 16)),
        Example(
            {"encoder_layers": 1, "decoder_layers": 3, "heads": 1, "norm_first": True},
            source=T("N", 3, 8), target=T("N", 4, 8),
        ),
        Example(
            {"activation": "relu", "causal": False, "bias": False, "feed_forward": 2048},
            source=T("N", 3, 8), target=T("N", 4, 8),
        ),
        Example(
            {"heads": 2}, source=T("N", 3, 8), target=T("N", 4, 8),
            source_mask=T("N", 3, dtype="bool"), target_mask=T("N", 4, dtype="bool"),
        ),
        Example(
            {}, source=T("N", "S", 8), target=T("N", "T", 8), source_mask=T("N", "S", dtype="bool")
        ),
        Example({"heads": 5}, source=T("N", 3, 16), target=T("N", 4, 16), fails="equal shares"),
        Example({}, source=T("N", 3, 8), target=T("N", 4, 16), fails="a memory of 16 features"),
        Example(
            {}, source=T("N", 3, 8), target=T("N", 4, 8), source_mask=T("N", 3),
            fails="needs truth values",
        ),
        Example(
            {}, source=T("N", 3, 8), target=T("N", 4, 8), target_mask=T("N", 3, dtype="bool"),
            fails="needs truth values for each place N×4",
        ),
    )  # fmt: skip

    def infer(
        self,
        source: TensorType,
        target: TensorType,
        source_mask: TensorType | None = None,
        target_mask: TensorType | None = None,
    ) -> TensorType:
        need_heads(need_sequence(target, "target", "1, -1"), self.heads, "target")
        self.check_memory(target, source, "source")
        _need_padding(source_mask, source, "source_mask")
        _need_padding(target_mask, target, "target_mask")
        return target

    def emit(
        self,
        source: TensorType,
        target: TensorType,
        source_mask: TensorType | None = None,
        target_mask: TensorType | None = None,
    ) -> Emit:
        words = ["{source}", "{target}"]
        if self.causal:
            words += ["tgt_mask=causal_mask({target}, {target})", "tgt_is_causal=True"]
        lines = []
        if source_mask:
            lines = ["{_padding} = ~{source_mask}"]
            words += ["src_key_padding_mask={_padding}", "memory_key_padding_mask={_padding}"]
        if target_mask:
            words.append("tgt_key_padding_mask=~{target_mask}")
        lines.append(f"{{y}} = {{transformer}}({', '.join(words)})")
        snippets = (masks.CAUSAL,) if self.causal else ()
        return Emit("\n".join(lines), {"transformer": self.made(target.shape[2])}, {}, snippets)

    def made(self, features: Dim) -> Call:
        # Torch's own encoder takes nested tensors for padding, which few functions can do with.
        encoder = Call(
            "nn.TransformerEncoder",
            self.layer("TransformerEncoderLayer", features),
            self.encoder_layers,
            norm=self.norm(features),
            enable_nested_tensor=False,
        )
        return Call(
            "nn.Transformer", features, self.heads, custom_encoder=encoder,
            num_decoder_layers=self.decoder_layers, **self.options(),
        )  # fmt: skip

    def parameters(
        self,
        source: TensorType,
        target: TensorType,
        source_mask: TensorType | None = None,
        target_mask: TensorType | None = None,
    ) -> int:
        features = need_sequence(target)
        reading = self.encoder_layers * self.encoder_layer_weights(features)
        writing = self.decoder_layers * self.decoder_layer_weights(features)
        return reading + writing + 2 * self.norm_weights(features)

    def multiply_adds(
        self,
        source: TensorType,
        target: TensorType,
        source_mask: TensorType | None = None,
        target_mask: TensorType | None = None,
    ) -> Dim:
        features = need_sequence(target)
        (n, t, _), s = target.shape, source.shape[1]
        reading = self.encoder_layers * self.encoder_layer_products(n, s, features)
        return reading + self.decoder_layers * self.decoder_layer_products(n, t, s, features)

    def saved(
        self,
        source: TensorType,
        target: TensorType,
        source_mask: TensorType | None = None,
        target_mask: TensorType | None = None,
    ) -> Saved:
        reading = self.encoder_layer_kept(source, source_mask, False)
        writing = self.decoder_layer_kept(target, source, target_mask, source_mask, self.causal)
        kept = self.layers_kept(source, reading, self.encoder_layers)
        kept = kept + self.layers_kept(target, writing, self.decoder_layers)
        if not self.norm_first:  # those that normalise first have the last norms counted
            for x in (source, target):
                kept = kept + memory_of(x) + Memory(2 * product(x.shape[:2]))
        return Saved.holding(self.ports_kept("source", "target"), kept)

    def kv_cache(
        self,
        source: TensorType,
        target: TensorType,
        source_mask: TensorType | None = None,
        target_mask: TensorType | None = None,
    ) -> Dim:
        each = 2 * (target.elements() + source.elements())
        return self.decoder_layers * each if self.causal else 0

    def summary(self) -> str:
        return f"{self.encoder_layers} + {self.decoder_layers} layers  {super().summary()}"


def _need_padding(mask: TensorType | None, x: TensorType, port: str) -> None:
    if mask is not None and (mask.dtype != "bool" or mask.shape != x.shape[:2]):
        raise Refusal(
            f"needs truth values for each place {show_shape(x.shape[:2])}, but receives {mask}",
            port=port,
            short=f"{show_shape(mask.shape)} ≠ {show_shape(x.shape[:2])}",
        )
