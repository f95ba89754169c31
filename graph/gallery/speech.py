"""Networks for sound: Deep Speech 2 writes down what it hears, WaveNet makes up waves."""

from __future__ import annotations

from graph.gallery._classifying import DIGIT_CLASSES
from graph.gallery._rows import rows
from graph.gallery.draw import Drawing, Out, repeated
from graph.gallery.entry import Entry, Family
from graph.model import Repeat
from graph.params import Expr, Form, Value, param

SPECTROGRAMS = "spectrograms"
DIGITS = "digits"
DIGITS_PX = "16"
FEW_UNITS = 64
_KERNELS = ((11, 41), (11, 21), (11, 21))
_STRIDES = ((2, 2), (1, 2), (1, 2))
_CHANNELS = (32, 32, 96)


class DeepSpeech2Form(Form):
    """Parameters of Deep Speech 2."""

    data: str = param(
        default=SPECTROGRAMS, choices=(SPECTROGRAMS, DIGITS),
        help="Spectrograms and what is said in them, made up here until you bring your own, or "
        "the handwritten digits, each read row by row and written down with one letter.",
    )  # fmt: skip
    frequencies: int = param(
        default=161, ge=8, help="How many frequencies a spectrogram has.",
        show_if=lambda form: form.data == SPECTROGRAMS,
    )  # fmt: skip
    letters: int = param(
        default=29, ge=2, help="Letters of the alphabet, with the blank as letter 0.",
        show_if=lambda form: form.data == SPECTROGRAMS,
    )  # fmt: skip
    convolutions: int = param(default=2, ge=1, le=3, help="Convolutions in front, up to 3.")
    layers: int = param(default=7, ge=1, le=100, help="Recurrent layers, 1 to 7 in the paper.")
    units: int = param(default=800, ge=1, help="Numbers that each layer and direction remembers.")


def _deep_speech_2(d: Drawing, form: DeepSpeech2Form) -> None:
    is_speech = form.data == SPECTROGRAMS
    if is_speech:
        d.data("speech", letters=form.letters - 1, frequencies=form.frequencies, stride=2)
        x = d.add("input", name="spectrogram", shape=f"T, {form.frequencies}")
    else:
        x = rows(d, DIGITS_PX)
    x = d.add("unsqueeze", x, name="one_channel")
    for number in range(1, form.convolutions + 1):
        with d.section(f"conv{number}"):
            x = _convolution(d, x, number - 1)
    x = d.add("permute", x, name="places_first", order=(0, 2, 1, 3))
    x = d.add("flatten", x, start_axis=2)
    with d.section("first"):
        x = _both_ways(d, x, form.units)
    if form.layers > 1:
        about = "Reads a normalised sequence from both ends and adds up what it answers."
        with d.define("RecurrentLayer", about, units=form.units):
            y = _batch_norm(d, d.port("x", f"T, {form.units}"), "norm")
            d.result(_both_ways(d, y, Expr("units")))
        x = d.add("RecurrentLayer", x, name="layers", repeat=repeated(form.layers - 1))
    x = _batch_norm(d, x, "norm")
    letters = form.letters if is_speech else DIGIT_CLASSES + 1
    logits = d.add("dense", x, name="logits", features=letters, bias=False)
    scores = d.add("log_softmax", logits, name="log_shares")
    d.add("output", scores, name="letters")
    if is_speech:
        _heard(d, scores)
    else:
        label = d.add("target", name="label")
        word = d.add("unsqueeze", label, name="word")
        d.add("ctc", scores, word, blank=DIGIT_CLASSES)
        d.add("ctc_error_rate", scores, word, blank=DIGIT_CLASSES)
    epochs = 8 if form.units <= FEW_UNITS else 20
    d.recipe(
        batch_size=32, epochs=epochs, learning_rate=0.002, schedule="one-cycle", clip_norm=10.0
    )
    d.sizes(T=500, S=50)


def _heard(d: Drawing, scores: Out) -> None:
    """What was said, and how much of both is there: the rest fills up the batch."""
    said = d.add("target", name="said", shape="S", dtype="int64")
    places = d.add("target", name="places", dtype="int64")
    length = d.add("target", name="said_letters", dtype="int64")
    d.add("ctc", scores, said, places, length)
    d.add("ctc_error_rate", scores, said, places, length)


def _convolution(d: Drawing, x: Out, number: int) -> Out:
    """A convolution over time and frequency, with the sizes of the paper."""
    kernel = _KERNELS[number]
    x = d.add(
        "conv2d", x, name="conv", out_channels=_CHANNELS[number], kernel_size=kernel,
        stride=_STRIDES[number], padding=(kernel[0] // 2, kernel[1] // 2), bias=False,
    )  # fmt: skip
    x = d.add("batch_norm", x, name="norm")
    return d.add("hardtanh", x, name="clipped", low=0.0, high=20.0)


def _both_ways(d: Drawing, x: Out, units: Value) -> Out:
    """Reads from both ends and adds up what it answers from each."""
    x = d.add("gru", x, units=units, bidirectional=True)
    halves = d.add("chunk", x, name="directions", parts=2, axis=-1)
    return d.add("add", halves, halves.at("y2"), name="both")


def _batch_norm(d: Drawing, x: Out, name: str) -> Out:
    """Batch norm of a sequence (N, T, features) over all places of all samples."""
    x = d.add("permute", x, name=f"{name}_channels")
    x = d.add("batch_norm", x, name=name)
    return d.add("permute", x, name=f"{name}_places")


deep_speech_2 = Entry(
    name="deepspeech-2",
    title="Deep Speech 2",
    family=Family.SOUND,
    summary=(
        "Writes down speech, letter by letter: convolutions look at the spectrogram, recurrent "
        "layers read it from both ends, and CTC learns which letter belongs where without being "
        "told. “said” holds the letters, “said_letters” how many they are, “places” how many "
        "places of the answer count; each place stands for two of the spectrogram. Small, it "
        "hears made-up letters."
    ),
    source=(
        "Deep Speech 2: End-to-End Speech Recognition in English and Mandarin. D. Amodei and "
        "others, 2015. With the norm before each recurrent layer instead of within it."
    ),
    form=DeepSpeech2Form,
    draw=_deep_speech_2,
    small={"frequencies": 20, "letters": 9, "convolutions": 1, "layers": 1, "units": 48},
    order=2015,
)


class WaveNetForm(Form):
    """Parameters of WaveNet."""

    window: int = param(default=1024, ge=4, le=2000, help="Values of a wave that it sees at once.")
    levels: int = param(default=256, ge=2, help="How many values a wave can have.")
    layers: int = param(
        default=10, ge=1, le=20, help="Layers of a stack; each looks back twice as far."
    )
    stacks: int = param(
        default=1, ge=1, le=100, help="Stacks on top of each other; several in the paper."
    )
    channels: int = param(default=32, ge=1, help="Channels between the layers.")
    skip_channels: int = param(default=256, ge=1, help="Channels in which all layers add up.")


# Waves of mean 0 and spread 1 seldom reach farther.
REACH = 4.0


def _wavenet(d: Drawing, form: WaveNetForm) -> None:
    d.data("sines", window=form.window, noise=0.0)
    wave = d.add("input", name="wave", shape=f"{form.window}, 1")
    level = _quantised(d, wave, form.levels)
    x = d.add("one_hot", level, classes=form.levels)
    x = d.add("permute", x, name="channels_first")
    x = d.add("causal_conv1d", x, name="first", out_channels=form.channels)
    x = _skips(d, x, form)
    x = d.add("relu", x, name="relu1")
    x = d.add("conv1d", x, name="mix", out_channels=form.skip_channels, kernel_size=1)
    x = d.add("relu", x, name="relu2")
    logits = d.add("conv1d", x, name="logits", out_channels=form.levels, kernel_size=1)
    d.add("output", logits, name="next_level")
    guess = d.add("slice", logits, name="guess", axis=2, stop=-1)
    following = d.add("slice", level, name="following", axis=1, start=1)
    d.add("cross_entropy", guess, following)
    d.add("accuracy", guess, following)
    d.recipe(batch_size=16, epochs=10, learning_rate=0.001)


def _quantised(d: Drawing, wave: Out, levels: int) -> Out:
    """The level of each value of a wave, counted from 0: section 2.2 of the paper."""
    with d.section("wave"):
        x = d.add("squeeze", wave, name="flat", axis=2)
        x = d.add("scale_shift", x, name="scaled", scale=1 / REACH)
    return d.add("mu_law_encode", x, name="level", codes=levels)


def _skips(d: Drawing, x: Out, form: WaveNetForm) -> Out:
    """What all layers found, added up; the last has nothing to hand on."""
    sizes = {"channels": form.channels, "skip_channels": form.skip_channels}
    about = "Looks back so far, gated; hands on a sum, and what it found to the end."
    with d.define("ResidualBlock", about, **sizes, dilation=1):
        x_in = d.port("x", f"{form.channels}, T")
        gated = _gated(d, x_in, Expr("2 * channels"), Expr("dilation"))
        y = d.add("conv1d", gated, name="residual", out_channels=Expr("channels"), kernel_size=1)
        y = d.add("add", x_in, y)
        found = _to_skip(d, gated, Expr("skip_channels"))
        d.result(y)
        d.result(found, "skip")
    count = form.layers * form.stacks
    skips = []
    if count > 1:
        layers = d.add(
            "ResidualBlock", x, name="layers", dilation=Expr(f"2 ** (i % {form.layers})"),
            repeat=Repeat(count - 1, "sum"),
        )  # fmt: skip
        x = layers
        skips.append(layers.at("skip"))
    with d.section("last"):
        gated = _gated(d, x, 2 * form.channels, 2 ** ((count - 1) % form.layers))
        skips.append(_to_skip(d, gated, form.skip_channels))
    return d.add("add", *skips, name="skips") if count > 1 else skips[0]


def _gated(d: Drawing, x: Out, channels: Value, dilation: Value) -> Out:
    both = d.add("causal_conv1d", x, name="conv", out_channels=channels, dilation=dilation)
    return d.add("gated_tanh", both, name="gated", axis=1)


def _to_skip(d: Drawing, gated: Out, channels: Value) -> Out:
    return d.add("conv1d", gated, name="to_skip", out_channels=channels, kernel_size=1)


wavenet = Entry(
    name="wavenet",
    title="WaveNet",
    family=Family.SOUND,
    summary=(
        "Makes up a wave value by value, each from thousands before it: filters that see only the "
        "past, twice as far with each layer, pass through gates, and what all layers found adds "
        "up. Here it continues sums of sine waves; every place of a window is a task, so there is "
        "no target but the wave itself, one place later."
    ),
    source=(
        "WaveNet: A Generative Model for Raw Audio. A. van den Oord and others, 2016."
    ),
    form=WaveNetForm,
    draw=_wavenet,
    small={
        "window": 64, "levels": 64, "layers": 5, "stacks": 1, "channels": 24, "skip_channels": 48,
    },
    order=2016,
)  # fmt: skip
