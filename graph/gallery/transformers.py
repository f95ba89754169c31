"""Transformers: a classifier of rows, the first translator, and one that looks at images."""

from __future__ import annotations

from graph.gallery._classifying import (
    DIGIT_CLASSES,
    ImageForm,
    class_count,
    classify,
    image_size,
    images,
)
from graph.gallery._rows import digit_size, rows
from graph.gallery._texts import DIGIT_TOKENS, FEW_FEATURES, digits_to_reverse
from graph.gallery._transformer import Layer, dropped, pre_norm, stack
from graph.gallery.draw import Drawing, Out, repeated
from graph.gallery.entry import Entry, Family
from graph.params import Form, param


class EncoderForm(Form):
    """Parameters of a Transformer that tells digits apart."""

    size: str = digit_size("8")
    features: int = param(default=64, ge=1, help="Numbers that stand for each row.")
    heads: int = param(default=4, ge=1, help="Heads of the attention; they divide the features.")
    feed_forward: int = param(default=128, ge=1, help="Features between the two dense layers.")
    layers: int = param(default=2, ge=1, le=1000, help="Layers in a row.")
    dropout: float = param(
        default=0.1, ge=0, le=1, widget="slider",
        help="Chance of each number to become 0 while training.",
    )  # fmt: skip


def _encoder(d: Drawing, form: EncoderForm) -> None:
    x = rows(d, form.size)
    x = d.add("dense", x, name="embed", features=form.features)
    x = d.add("positional_encoding", x, max_length=int(form.size))
    x = d.add(
        "transformer_encoder_layer", x, name="layers", repeat=repeated(form.layers),
        heads=form.heads, feed_forward=form.feed_forward, dropout=form.dropout,
    )  # fmt: skip
    x = d.add("layer_norm", x, name="norm")
    x = d.add("mean", x)
    classify(d, d.add("dense", x, name="logits", features=DIGIT_CLASSES))
    d.recipe(
        batch_size=32, epochs=40, learning_rate=0.003,
        optimizer="adamw", weight_decay=0.05, schedule="one-cycle",
    )  # fmt: skip


transformer_encoder = Entry(
    name="transformer-encoder",
    title="Transformer encoder",
    family=Family.TRANSFORMERS,
    summary=(
        "The rows of a handwritten digit look at each other, all at once instead of one after the "
        "other; the mean of what they know tells the digit. Sines and cosines say which row is "
        "which. The smallest network in which to see attention at work."
    ),
    source=(
        "Attention Is All You Need. A. Vaswani and others, 2017. Norm first as in On Layer "
        "Normalization in the Transformer Architecture. R. Xiong and others, 2020."
    ),
    form=EncoderForm,
    draw=_encoder,
    order=2017,
)


class TransformerForm(Form):
    """Parameters of the Transformer that translates."""

    vocabulary: int = param(default=37_000, ge=2, help="Pieces of words of both languages.")
    features: int = param(default=512, ge=1, help="Numbers that stand for each piece.")
    heads: int = param(default=8, ge=1, help="Heads of the attention; they divide the features.")
    feed_forward: int = param(default=2048, ge=1, help="Features between the two dense layers.")
    layers: int = param(default=6, ge=1, le=1000, help="Layers of the encoder, and the decoder.")
    context: int = param(default=512, ge=2, le=1 << 20, help="The longest sentence.")
    dropout: float = param(
        default=0.1, ge=0, le=1, widget="slider",
        help="Chance of each number to become 0 while training.",
    )  # fmt: skip


def _transformer(d: Drawing, form: TransformerForm) -> None:
    table = d.add(
        "parameter", name="token_table", shape=(form.vocabulary, form.features),
        spread=form.features**-0.5,
    )  # fmt: skip

    def layers(half: str, *wires: Out) -> Out:
        return d.add(
            f"transformer_{half}_layer", *wires, name=half, repeat=repeated(form.layers),
            heads=form.heads, feed_forward=form.feed_forward, activation="relu", norm_first=False,
            dropout=form.dropout,
        )  # fmt: skip

    digits_to_reverse(d, longest=form.context - 1)
    ends = []
    for stem, shape in (("source", "S"), ("written", "T")):
        x = d.add("input", name=stem, shape=shape, dtype="int64")
        x = d.add("index", table, x, name=f"embed_{stem}")
        x = d.add("scale_shift", x, name=f"scaled_{stem}", scale=form.features**0.5)
        x = d.add("positional_encoding", x, name=f"places_{stem}", max_length=form.context)
        ends.append(dropped(d, x, form.dropout, f"dropout_{stem}"))
    memory, x = ends
    memory = layers("encoder", memory)
    x = layers("decoder", x, memory)
    turned = d.add("permute", table, name="head", order=(1, 0))
    logits = d.add("matmul", x, turned, name="logits")
    d.add("output", logits, name="scores")
    following = d.add("target", name="following", shape="T", dtype="int64")
    d.add("cross_entropy", logits, following, classes_last=True, label_smoothing=0.1)
    d.add("perplexity", logits, following, classes_last=True)
    if form.features <= FEW_FEATURES:
        d.recipe(
            epochs=4, batch_size=32, learning_rate=0.002, warmup_steps=100, schedule="cosine",
            clip_norm=1.0,
        )  # fmt: skip
    else:
        d.recipe(batch_size=64, learning_rate=7e-4, warmup_steps=4000, schedule="cosine")
    d.sizes(S=min(64, form.context), T=min(64, form.context))


transformer = Entry(
    name="transformer",
    title="Transformer",
    family=Family.TRANSFORMERS,
    summary=(
        "Translates with attention alone: an encoder reads the sentence, a decoder writes the "
        "other one and looks at itself and at the encoder. One table of vectors serves both "
        "languages and the logits, so it is drawn once and wired three times. While training, "
        "“written” holds the right words so far: a mark for the start, then the translation; "
        "“following” is the translation and a mark for the end. The preset is the base model of "
        "the paper, of 63 million parameters. Small, it learns to write digits backwards."
    ),
    source=(
        "Attention Is All You Need. A. Vaswani and others, 2017. The learning rate falls with a "
        "cosine instead of the inverse square root."
    ),
    form=TransformerForm,
    draw=_transformer,
    small={
        "vocabulary": DIGIT_TOKENS, "features": 64, "heads": 4, "feed_forward": 128, "layers": 2,
        "context": 32, "dropout": 0.0,
    },
    order=2017,
)  # fmt: skip


class VitForm(ImageForm):
    """Parameters of the Vision Transformer."""

    image_size: int = image_size(224, 8)
    patch: int = param(default=16, ge=1, unit="px", help="Height and width of each patch.")
    features: int = param(default=768, ge=1, help="Numbers that stand for each patch.")
    heads: int = param(default=12, ge=1, help="Heads of the attention; they divide the features.")
    layers: int = param(default=12, ge=1, le=1000, help="Layers in a row.")
    dropout: float = param(
        default=0.0, ge=0, le=1, widget="slider",
        help="Chance of each number to become 0 while training.",
    )  # fmt: skip


def _vit(d: Drawing, form: VitForm) -> None:
    x = images(d, form)
    side = form.patch
    x = d.add("patch_embedding", x, patch_size=(side, side), features=form.features)
    x = d.add("class_token", x)
    places = (form.image_size // side) ** 2 + 1
    x = d.add("positional_encoding", x, learned=True, max_length=places)
    x = dropped(d, x, form.dropout)
    layer = Layer(form.heads, 4 * form.features, eps=1e-6, dropout=form.dropout)
    x = stack(d, x, form.layers, pre_norm, layer, form.features)
    x = d.add("layer_norm", x, name="norm", eps=1e-6)
    x = d.add("select", x, name="summary", axis=1, index=0)
    classify(d, d.add("dense", x, name="logits", features=class_count(form)))
    d.recipe(
        batch_size=64, epochs=40, learning_rate=0.001, optimizer="adamw", weight_decay=0.05,
        schedule="one-cycle", clip_norm=1.0,
    )  # fmt: skip


vit = Entry(
    name="vit-b-16",
    title="Vision Transformer",
    family=Family.TRANSFORMERS,
    summary=(
        "Cuts an image into patches and reads them like words. A class token before them gathers "
        "what the image shows. With enough images it is better than convolutions, of which it "
        "knows nothing. The preset is ViT-B/16, of 86,567,656 parameters for 1000 classes."
    ),
    source=(
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale. "
        "A. Dosovitskiy and others, 2020."
    ),
    form=VitForm,
    draw=_vit,
    small={
        "data": "digits", "image_size": 16, "patch": 4, "features": 64, "heads": 4, "layers": 4,
    },
    order=2020,
)  # fmt: skip
