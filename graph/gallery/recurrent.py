"""Recurrent networks: digits read row by row, and sentences made of sentences."""

from __future__ import annotations

from collections.abc import Callable

from graph.gallery._classifying import DIGIT_CLASSES, classify
from graph.gallery._rows import digit_size, rows
from graph.gallery._texts import (
    ALPHABET,
    DIGIT_TOKENS,
    FEW_FEATURES,
    characters,
    digits_to_reverse,
)
from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.params import Form, param

DIGITS, TEXT = "digits", "text"
WINDOW = 64


def _units() -> int:
    number: int = param(default=64, ge=1, help="Numbers that each layer remembers.")
    return number


def _layers() -> int:
    number: int = param(default=1, ge=1, le=100, help="Layers on top of each other.")
    return number


class RecurrentForm(Form):
    """Parameters of a recurrent network."""

    data: str = param(
        default=DIGITS, choices=(DIGITS, TEXT),
        help="Tell handwritten digits apart, or continue Python's sources character by character.",
    )  # fmt: skip
    size: str = digit_size("8", show_if=lambda form: form.data == DIGITS)
    units: int = _units()
    layers: int = _layers()


class BidirectionalForm(Form):
    """Parameters of a recurrent network that reads from both ends, and so continues nothing."""

    size: str = digit_size("8")
    units: int = _units()
    layers: int = _layers()


def _reader(kind: str) -> Callable[[Drawing, RecurrentForm], None]:
    classify_digits, continue_text = _classifier(kind), _language_model(kind)

    def draw(d: Drawing, form: RecurrentForm) -> None:
        (continue_text if form.data == TEXT else classify_digits)(d, form)

    return draw


def _language_model(kind: str) -> Callable[[Drawing, RecurrentForm], None]:
    def draw(d: Drawing, form: RecurrentForm) -> None:
        characters(d, WINDOW, ALPHABET)
        tokens = d.add("input", name="tokens", shape="T", dtype="int64")
        x = d.add(
            "embedding", tokens, name="embed", vocabulary=ALPHABET, dimension=min(form.units, 64)
        )
        x = d.add(kind, x, units=form.units, layers=form.layers)
        logits = d.add("dense", x, name="logits", features=ALPHABET)
        d.add("output", logits, name="scores")
        following = d.add("target", name="following", shape="T", dtype="int64")
        d.add("cross_entropy", logits, following, classes_last=True)
        d.add("perplexity", logits, following, classes_last=True)
        d.recipe(batch_size=32, epochs=4, learning_rate=0.005, schedule="one-cycle", clip_norm=1.0)

    return draw


AnyForm = RecurrentForm | BidirectionalForm


def _classifier(kind: str, bidirectional: bool = False) -> Callable[[Drawing, AnyForm], None]:
    def draw(d: Drawing, form: AnyForm) -> None:
        x = rows(d, form.size)
        known = d.add(kind, x, units=form.units, layers=form.layers, bidirectional=bidirectional)
        logits = d.add("dense", known.at("last"), name="logits", features=DIGIT_CLASSES)
        classify(d, logits)
        d.recipe(batch_size=32, epochs=30, learning_rate=0.01, schedule="one-cycle", clip_norm=1.0)

    return draw


rnn = Entry(
    name="rnn",
    title="RNN",
    family=Family.RECURRENT,
    summary=(
        "Reads a handwritten digit like a text, one row of pixels after the other, and mixes each "
        "row with what it remembers of those before. The simplest network with a memory; what it "
        "read long ago fades."
    ),
    source="Finding Structure in Time. J. L. Elman, 1990.",
    form=RecurrentForm,
    draw=_reader("rnn"),
    order=1990,
)

lstm = Entry(
    name="lstm",
    title="LSTM",
    family=Family.RECURRENT,
    summary=(
        "Reads a handwritten digit row by row. Its cells keep a number until a gate lets it go, so "
        "that gradients reach far back and what matters is not forgotten."
    ),
    source=(
        "Long Short-Term Memory. S. Hochreiter and J. Schmidhuber, 1997. With the forget gate of "
        "Learning to Forget. F. A. Gers, J. Schmidhuber and F. Cummins, 2000."
    ),
    form=RecurrentForm,
    draw=_reader("lstm"),
    order=1997,
)

gru = Entry(
    name="gru",
    title="GRU",
    family=Family.RECURRENT,
    summary=(
        "Reads a handwritten digit row by row. Two gates decide what it forgets and what it takes "
        "in: nearly an LSTM, with a quarter fewer weights."
    ),
    source=(
        "Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine "
        "Translation. K. Cho and others, 2014. The reset gate acts after the product, as in torch."
    ),
    form=RecurrentForm,
    draw=_reader("gru"),
    order=2014,
)

bidirectional = Entry(
    name="bidirectional",
    title="Bidirectional LSTM",
    family=Family.RECURRENT,
    summary=(
        "Reads a handwritten digit row by row from the top and from the bottom at once, and joins "
        "what both know at their ends. Every place of such a network knows what comes after it, "
        "which helps wherever the whole is there before an answer is due."
    ),
    source=(
        "Bidirectional Recurrent Neural Networks. M. Schuster and K. K. Paliwal, 1997. With LSTM "
        "cells as in Framewise Phoneme Classification. A. Graves and J. Schmidhuber, 2005."
    ),
    form=BidirectionalForm,
    draw=_classifier("lstm", bidirectional=True),
    order=1998,
)


class Seq2SeqForm(Form):
    """Parameters of a translator of two recurrent networks."""

    source_words: int = param(default=50_000, ge=2, help="Words of the language that it reads.")
    target_words: int = param(default=50_000, ge=2, help="Words of the language that it writes.")
    dimension: int = param(default=1000, ge=1, help="Numbers in the vector of each word.")
    units: int = param(default=1000, ge=1, help="Numbers that each layer remembers.")
    layers: int = param(default=4, ge=1, le=100, help="Layers of either network.")
    attention: bool = param(default=True, help="Look back at what was read before each word.")
    dropout: float = param(
        default=0.2, ge=0, le=1, widget="slider",
        help="Chance of each number between layers to become 0 while training.",
    )  # fmt: skip


def _seq2seq(d: Drawing, form: Seq2SeqForm) -> None:
    def lstm(name: str, *wires: Out) -> Out:
        return d.add(
            "lstm", *wires, name=name,
            units=form.units, layers=form.layers, dropout=form.dropout,
        )  # fmt: skip

    digits_to_reverse(d)
    words = d.add("input", name="words", shape="S", dtype="int64")
    x = d.add("flip", words, name="backwards")
    x = d.add(
        "embedding", x, name="embed_source",
        vocabulary=form.source_words, dimension=form.dimension,
    )  # fmt: skip
    read = lstm("encoder", x)
    written = d.add("input", name="written", shape="T", dtype="int64")
    x = d.add(
        "embedding", written, name="embed_target",
        vocabulary=form.target_words, dimension=form.dimension,
    )  # fmt: skip
    x = lstm("decoder", x, read.at("state"), read.at("cell"))
    if form.attention:
        x = _look_back(d, x, read, form.units)
    logits = d.add("dense", x, name="logits", features=form.target_words)
    d.add("output", logits, name="scores")
    following = d.add("target", name="following", shape="T", dtype="int64")
    d.add("cross_entropy", logits, following, classes_last=True)
    d.add("perplexity", logits, following, classes_last=True)
    if form.units <= FEW_FEATURES:
        d.recipe(epochs=5, batch_size=32, learning_rate=0.005, schedule="one-cycle", clip_norm=5.0)
    else:
        d.recipe(batch_size=128, learning_rate=0.001, clip_norm=5.0)
    d.sizes(S=30, T=30)


def _look_back(d: Drawing, asked: Out, read: Out, units: int) -> Out:
    """Global attention with the score “general” of the paper, and its attentional state."""
    known = d.add("dense", read, name="score", features=units, bias=False)
    turned = d.add("permute", known, name="turned")
    scores = d.add("matmul", asked, turned, name="scores_of_places")
    shares = d.add("softmax", scores, name="shares")
    context = d.add("matmul", shares, read, name="context")
    x = d.add("concat", context, asked, name="both", axis=2)
    x = d.add("dense", x, name="attend", features=units, bias=False)
    return d.add("tanh", x, name="attended")


seq2seq = Entry(
    name="seq2seq",
    title="Sequence to sequence",
    family=Family.RECURRENT,
    summary=(
        "One LSTM reads a sentence backwards; a second one starts from what the first remembers "
        "and writes the sentence in another language, word by word. Before each word it can look "
        "back at all that was read. While training, “written” holds the right words so far: a "
        "mark for the start, then the translation; “following” is the translation and a mark for "
        "the end. Without attention, with 160,000 and 80,000 words, it is the network of 384 "
        "million parameters of the first paper. Small, it learns to write digits backwards."
    ),
    source=(
        "Sequence to Sequence Learning with Neural Networks. I. Sutskever, O. Vinyals and "
        "Q. V. Le, 2014. Effective Approaches to Attention-based Neural Machine Translation. "
        "M.-T. Luong, H. Pham and C. D. Manning, 2015. Sections 3 and 3.1, without input feeding."
    ),
    form=Seq2SeqForm,
    draw=_seq2seq,
    small={
        "source_words": DIGIT_TOKENS, "target_words": DIGIT_TOKENS, "dimension": 32, "units": 64,
        "layers": 1, "dropout": 0.0,
    },
    order=2015,
)  # fmt: skip
