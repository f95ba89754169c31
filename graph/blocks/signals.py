"""Sound as pictures: Spectrogram, Mel filter bank, Log compression."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block, known
from graph.blocks._common import changed, need_float32, need_floats
from graph.params import param
from graph.problems import Insert, Refusal, SetParam
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, show_shape

_SPECTROGRAM = Snippet(
    "Spectrogram",
    '''\
class Spectrogram(nn.Module):
    """How strong each frequency is in each short piece of a sound."""

    def __init__(self, fft_size: int, hop_length: int, power: float = 1.0) -> None:
        super().__init__()
        self.fft_size = fft_size
        self.hop_length = hop_length
        self.power = power
        self.window = nn.Buffer(torch.hann_window(fft_size), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        waves = torch.stft(
            x, self.fft_size, self.hop_length, window=self.window, return_complex=True
        )
        return waves.abs() ** self.power
''',
)
_MEL = Snippet(
    "MelFilterBank",
    '''\
class MelFilterBank(nn.Module):
    """Sums frequencies in triangles that are equally wide to the ear."""

    def __init__(
        self, bins: int, mels: int, sample_rate: int, lowest: float, highest: float
    ) -> None:
        super().__init__()
        frequency = torch.linspace(0, sample_rate / 2, bins)
        start = 2595 * math.log10(1 + lowest / 700)
        stop = 2595 * math.log10(1 + highest / 700)
        corner = 700 * (10 ** (torch.linspace(start, stop, mels + 2) / 2595) - 1)
        width = corner[1:] - corner[:-1]
        rising = (frequency - corner[:-2, None]) / width[:-1, None]
        falling = (corner[2:, None] - frequency) / width[1:, None]
        filters = torch.minimum(rising, falling).clamp(min=0)
        self.filters = nn.Buffer(filters, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.filters @ x
''',
)


@block(
    "spectrogram",
    title="Spectrogram",
    category=Category.SIGNAL,
    glyph="Sx",
    keywords=("stft", "fourier", "fft", "frequency", "audio", "speech", "sound"),
)
class Spectrogram(Block):
    """Says how strong each frequency is in each piece of a sound: a short-time Fourier transform.

    Use it to turn sound into a picture that convolutions can read.

    Shape: `(N, L) -> (N, fft_size // 2 + 1, L // hop_length + 1)`, from L - 1 for odd pieces; sound
    is mirrored at its ends, so that pieces are centred. The window is that of Hann, as long as a
    piece.
    """

    fft_size: int = param(
        default=400, title="Piece", ge=2, le=1 << 20, unit="samples",
        help="How many samples are looked at together; more tell frequencies better apart.",
    )  # fmt: skip
    hop_length: int = param(
        default=160, title="Hop", ge=1, le=1 << 20, unit="samples",
        help="How many samples one piece starts behind the one before.",
    )  # fmt: skip
    power: str = param(
        default="magnitude", choices=("magnitude", "power"), title="Measure",
        help="The size of each frequency, or its square, which is its energy.",
    )  # fmt: skip

    examples = (
        Example({"fft_size": 8, "hop_length": 4}, x=T("N", 64)),
        Example({"fft_size": 9, "hop_length": 2, "power": "power"}, x=T("N", 30)),
        Example({"fft_size": 4, "hop_length": 3}, x=T("N", "L")),
        Example({}, x=T("N", 1600)),
        Example({}, x=T("N", 200), fails="more than 200 samples"),
        Example({}, x=T("N", 1, 1600), fails="needs sound (N, L)"),
        Example({}, x=T("N", 1600, dtype="int64"), fails="needs floating-point"),
        Example({}, x=T("N", 1600, dtype="float64"), fails="has weights of float32"),
    )
    stricter = {"needs sound (N, L)": "Torch takes one sound without a batch axis."}

    def infer(self, x: TensorType) -> TensorType:
        need_float32(x)
        if x.rank != 2:
            raise Refusal(
                f"needs sound (N, L), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} ≠ 2",
                hints=(Insert("flatten", "x"),) if x.rank > 2 else (),
            )
        length, half = x.shape[1], self.fft_size // 2
        if isinstance(length, int) and length <= half:
            raise Refusal(
                f"needs more than {half} samples to mirror at the ends, but receives {length}",
                port="x",
                short=f"{length} ≤ {half}",
                hints=(SetParam("fft_size", max(2, 2 * length - 2)),) if length > 1 else (),
            )
        pieces = (length - self.fft_size % 2) // self.hop_length + 1
        return x.with_shape(x.shape[0], half + 1, pieces)

    def emit(self, x: TensorType) -> Emit:
        power = 2.0 if self.power == "power" else 1.0
        made = Call("Spectrogram", self.fft_size, self.hop_length, **changed(power=(power, 1.0)))
        return Emit("{y} = {spectrogram}({x})", {"spectrogram": made}, snippets=(_SPECTROGRAM,))

    def saved(self, x: TensorType) -> Saved:
        strength = self.infer(x)
        pieces = strength.with_shape(x.shape[0], self.fft_size, strength.shape[-1])
        return Saved.of(("x",), pieces, *[strength] * 3)

    def summary(self) -> str:
        return f"{self.fft_size} every {self.hop_length}"


@block(
    "mel_filter_bank",
    title="Mel filter bank",
    category=Category.SIGNAL,
    glyph="Ml",
    keywords=("mel scale", "melspectrogram", "audio", "speech", "sound", "whisper"),
    stem="mel",
)
class MelFilterBank(Block):
    """Sums the frequencies of a spectrogram in bands that are equally wide to the ear.

    Use it behind a Spectrogram, to read speech from few numbers.

    Shape: `(N, F, T) -> (N, mels, T)`.

    Source: A Scale for the Measurement of the Psychological Magnitude Pitch (1937); the formula
    and the triangles are those of HTK, which torchaudio takes too.
    """

    saves = ()

    mels: int = param(default=80, title="Bands", ge=1, le=1 << 16, help="How many bands.")
    sample_rate: int = param(
        default=16000, ge=2, le=1 << 24, unit="Hz", help="Samples a second of the sound."
    )
    lowest: float = param(default=0.0, ge=0, unit="Hz", help="Where the first band starts.")
    highest: float = param(
        default=0.0, ge=0, unit="Hz",
        help="Where the last band ends; 0 for half the sample rate.",
    )  # fmt: skip

    examples = (
        Example({"mels": 5}, x=T("N", 33, "T")),
        Example({"mels": 3, "lowest": 50.0, "highest": 7600.0}, x=T("N", 201, 4)),
        Example({}, x=T("N", 201, "T")),
        Example({"lowest": 9000.0}, x=T("N", 201, 4), fails="ends at 8000"),
        Example({"highest": 9000.0}, x=T("N", 201, 4), fails="half the sample rate"),
        Example({}, x=T("N", 201), fails="needs a spectrogram"),
        Example({}, x=T("N", "F", "T"), fails="number of frequencies"),
        Example({}, x=T("N", 201, "T", dtype="float64"), fails="has weights of float32"),
    )
    stricter = {
        "needs a spectrogram": "Torch multiplies matrices of any number of axes.",
        "ends at": "Its triangles would be turned round and hold nothing.",
        "half the sample rate": "There are no frequencies above.",
        "number of frequencies": "The filters are made for so many.",
    }

    def top(self) -> float:
        """Where the last band ends."""
        return self.highest or self.sample_rate / 2

    def frequencies(self, x: TensorType) -> int:
        return known(x.shape[1], "the number of frequencies (axis 1)", "x")

    def infer(self, x: TensorType) -> TensorType:
        need_float32(x)
        if x.rank != 3:
            raise Refusal(
                f"needs a spectrogram (N, F, T), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} ≠ 3",
            )
        self.frequencies(x)
        if self.highest > self.sample_rate / 2:
            raise Refusal(
                f"has bands up to {self.highest:g} Hz, above half the sample rate, "
                f"{self.sample_rate / 2:g} Hz",
                hints=(SetParam("highest", 0.0),),
            )
        if self.lowest >= self.top():
            raise Refusal(
                f"has bands that start at {self.lowest:g} Hz, but the last ends at {self.top():g}",
                hints=(SetParam("lowest", 0.0),),
            )
        return x.with_shape(x.shape[0], self.mels, x.shape[2])

    def emit(self, x: TensorType) -> Emit:
        sizes = (self.frequencies(x), self.mels, self.sample_rate)
        made = Call("MelFilterBank", *sizes, self.lowest, self.top())
        return Emit("{y} = {mel}({x})", {"mel": made}, snippets=(_MEL,))

    def multiply_adds(self, x: TensorType) -> Dim:
        return x.elements() * self.mels

    def summary(self) -> str:
        return f"{self.mels} bands"


@block(
    "log_compression",
    title="Log compression",
    category=Category.SIGNAL,
    glyph="dB",
    keywords=("decibel", "amplitude to db", "loudness", "log mel", "audio"),
    stem="loudness",
)
class LogCompression(Block):
    """Takes the logarithm of strengths, which is nearer to how loud they are heard.

    Use it behind a Spectrogram or a Mel filter bank.

    Shape: `(…) -> (…)`.
    """

    scale: str = param(
        default="log", choices=("log", "log(1 + x)", "dB of power", "dB of magnitude"),
        help="The natural logarithm, the same of 1 more, or decibels: 10 or 20 times lg x.",
    )  # fmt: skip
    floor: float = param(
        default=1e-5, gt=0, help="What is less counts as so much, since 0 has no logarithm.",
        show_if=lambda block: block.scale != "log(1 + x)",
    )  # fmt: skip

    examples = (
        Example({}, x=T("N", 80, "T")),
        Example({"scale": "log(1 + x)"}, x=T("N", 8)),
        Example({"scale": "dB of power", "floor": 1e-10}, x=T("N", 8, dtype="float64")),
        Example({"scale": "dB of magnitude"}, x=T()),
        Example({}, x=T("N", 8, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x

    def emit(self, x: TensorType) -> Emit:
        if self.scale == "log(1 + x)":
            return Emit("{y} = torch.log1p({x})")
        factor = {"dB of power": "10 * ", "dB of magnitude": "20 * "}.get(self.scale, "")
        function = "torch.log10" if factor else "torch.log"
        text = f"{{y}} = {factor}{function}({{x}}.clamp(min={{floor}}))"
        return Emit(text, values={"floor": self.floor})

    def saved(self, x: TensorType) -> Saved:
        return Saved.of(("x",), *[x] * (self.scale != "log(1 + x)"))

    def summary(self) -> str:
        return self.scale
