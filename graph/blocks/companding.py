"""Sound as codes that are finer where it is soft: Mu-law encode and decode."""

from __future__ import annotations

from graph.block import Block, Category, Emit, Example, Snippet, block
from graph.blocks._common import need_floats
from graph.params import param
from graph.problems import Insert, Refusal
from graph.tensor import T, TensorType

_ENCODE = Snippet(
    "mu_law_encode",
    '''\
def mu_law_encode(x: Tensor, codes: int) -> Tensor:
    """Numbers from -1 to 1 as one of many codes, which are finer near 0."""
    mu = codes - 1
    x = x.clamp(-1, 1)
    squeezed = x.sign() * torch.log1p(mu * x.abs()) / math.log1p(mu)
    return ((squeezed + 1) / 2 * mu + 0.5).long()
''',
)
_DECODE = Snippet(
    "mu_law_decode",
    '''\
def mu_law_decode(x: Tensor, codes: int) -> Tensor:
    """The numbers from -1 to 1 that mu-law codes stand for."""
    mu = codes - 1
    squeezed = 2 * x.float() / mu - 1
    return squeezed.sign() * ((1 + mu) ** squeezed.abs() - 1) / mu
''',
)


@block(
    "mu_law_encode",
    title="Mu-law encode",
    category=Category.SIGNAL,
    glyph="μ>",
    keywords=("quantise", "companding", "wavenet", "audio", "codes", "telephone"),
    stem="codes",
)
class MuLawEncode(Block):
    """Turns samples between -1 and 1 into one of few codes, which are finer where sound is soft.

    Use it to make sound a sequence of classes, as for WaveNet.

    Shape: `(…) -> (…)` of int64, from 0 to one below `codes`.

    Source: WaveNet: A Generative Model for Raw Audio (2016), section 2.2; ITU-T G.711.
    """

    codes: int = param(default=256, ge=2, le=1 << 20, help="How many codes there are.")

    examples = (
        Example({}, x=T("N", "T")),
        Example({"codes": 16}, x=T("N", 1, 30)),
        Example({}, x=T(dtype="float64")),
        Example({}, x=T("N", dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> TensorType:
        need_floats(x)
        return x.with_dtype("int64")

    def emit(self, x: TensorType) -> Emit:
        text = "{y} = mu_law_encode({x}, {codes})"
        return Emit(text, values={"codes": self.codes}, snippets=(_ENCODE,))

    def summary(self) -> str:
        return f"{self.codes} codes"


@block(
    "mu_law_decode",
    title="Mu-law decode",
    category=Category.SIGNAL,
    glyph="<μ",
    keywords=("expand", "companding", "wavenet", "audio", "codes", "telephone"),
    stem="sound",
)
class MuLawDecode(Block):
    """Turns mu-law codes back into samples between -1 and 1.

    Use it to hear what a WaveNet answers.

    Shape: `(…) -> (…)` of float32.

    Source: WaveNet: A Generative Model for Raw Audio (2016), section 2.2; ITU-T G.711.
    """

    saves = ()

    codes: int = param(default=256, ge=2, le=1 << 20, help="How many codes there are.")

    examples = (
        Example({}, x=T("N", "T", dtype="int64")),
        Example({"codes": 16}, x=T("N", 1, 30, dtype="int64")),
        Example({}, x=T(dtype="uint8")),
        Example({}, x=T("N"), fails="needs codes"),
    )
    stricter = {"needs codes": "Numbers between codes stand for nothing."}

    def infer(self, x: TensorType) -> TensorType:
        if not x.is_integer:
            raise Refusal(
                f"needs codes, which are whole numbers, but receives {x.dtype}",
                port="x",
                short=f"{x.dtype} ≠ int64",
                hints=(Insert("mu_law_encode", "x"),) if x.is_float else (),
            )
        return x.with_dtype("float32")

    def emit(self, x: TensorType) -> Emit:
        text = "{y} = mu_law_decode({x}, {codes})"
        return Emit(text, values={"codes": self.codes}, snippets=(_DECODE,))

    def summary(self) -> str:
        return f"{self.codes} codes"
