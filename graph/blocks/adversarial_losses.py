"""Adversarial losses: what a generator and a discriminator learn from each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.block import Block, Category, Emit, Example, Role, block
from graph.blocks._common import need_floats
from graph.blocks._losses import STRICTER_PAIRS, need_pair
from graph.params import param
from graph.saved import Saved
from graph.tensor import T, TensorType

_KINDS = ("non-saturating", "hinge", "least squares", "Wasserstein")

_FOOLING: Mapping[str, str] = {
    "non-saturating": "F.softplus(-{fake}).mean()",
    "hinge": "-{fake}.mean()",
    "least squares": "0.5 * ({fake} - 1).square().mean()",
    "Wasserstein": "-{fake}.mean()",
}
_TELLING: Mapping[str, tuple[str, str]] = {
    "non-saturating": ("F.softplus(-{real}).mean()", "F.softplus({fake}).mean()"),
    "hinge": ("F.relu(1 - {real}).mean()", "F.relu(1 + {fake}).mean()"),
    "least squares": ("0.5 * ({real} - 1).square().mean()", "0.5 * {fake}.square().mean()"),
}


def _form() -> Any:  # Any: as `param`, whose answers these are
    return param(
        default="non-saturating", choices=_KINDS,
        help="How the scores become a loss; the same for both sides.",
    )  # fmt: skip


@block(
    "generator_loss",
    title="Generator loss",
    category=Category.LOSS,
    glyph="Gg",
    keywords=("gan", "adversarial", "wasserstein", "hinge", "least squares", "fake"),
    role=Role.LOSS,
)
class GeneratorLoss(Block):
    """How well the discriminator tells that what was made is not real.

    Use it to train the generator of a GAN; the discriminator gives scores, without a Sigmoid.

    Shape: `(N, …) -> ()`.

    Source: Generative Adversarial Nets (2014), section 3, the form that does not saturate;
    Geometric GAN (2017); Least Squares Generative Adversarial Networks (2017), equation 9;
    Wasserstein GAN (2017).
    """

    outputs = ("loss",)
    port_help = {"fake": "Scores of what the generator made; high means real."}

    form: str = _form()

    examples = (
        Example({}, fake=T("N", 1)),
        Example({"form": "hinge"}, fake=T("N", 1, 4, 4)),
        Example({"form": "least squares"}, fake=T("N", dtype="float64")),
        Example({"form": "Wasserstein"}, fake=T("N")),
        Example({}, fake=T("N", dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, fake: TensorType) -> TensorType:
        need_floats(fake, "fake")
        return TensorType((), fake.dtype)

    def emit(self, fake: TensorType) -> Emit:
        return Emit(f"{{loss}} = {_FOOLING[self.form]}")

    def saved(self, fake: TensorType) -> Saved:
        return Saved.of((), *[fake] * (self.form in ("non-saturating", "least squares")))

    def summary(self) -> str:
        return self.form


@block(
    "discriminator_loss",
    title="Discriminator loss",
    category=Category.LOSS,
    glyph="Gd",
    keywords=("gan", "adversarial", "wasserstein", "critic", "hinge", "least squares", "real"),
    role=Role.LOSS,
)
class DiscriminatorLoss(Block):
    """How badly the discriminator tells what is real from what was made.

    Use it to train the discriminator of a GAN; it gives scores, without a Sigmoid. Wasserstein
    asks for a discriminator that cannot become steep, for example by spectral norm.

    Shape: `(N, …), (N, …) -> ()`, of one shape.

    Source: as of the Generator loss.
    """

    outputs = ("loss",)
    port_help = {
        "real": "Scores of real samples; high means real.",
        "fake": "Scores of what the generator made.",
    }
    stricter = STRICTER_PAIRS

    form: str = _form()

    examples = (
        Example({}, real=T("N", 1), fake=T("N", 1)),
        Example({"form": "hinge"}, real=T("N", 1, 4, 4), fake=T("N", 1, 4, 4)),
        Example(
            {"form": "least squares"}, real=T("N", dtype="float64"), fake=T("N", dtype="float64")
        ),
        Example({"form": "Wasserstein"}, real=T("N"), fake=T("N")),
        Example({}, real=T("N", 1), fake=T("N"), fails="as many numbers"),
        Example({}, real=T("N"), fake=T("N", dtype="float64"), fails="one dtype"),
        Example({}, real=T("N", dtype="int64"), fake=T("N"), fails="needs floating-point"),
    )

    def infer(self, real: TensorType, fake: TensorType) -> TensorType:
        need_floats(real, "real")
        need_pair(fake, real, "fake")
        return TensorType((), real.dtype)

    def emit(self, real: TensorType, fake: TensorType) -> Emit:
        if self.form == "Wasserstein":
            return Emit("{loss} = {fake}.mean() - {real}.mean()")
        of_real, of_fake = _TELLING[self.form]
        lines = (
            f"{{_of_real}} = {of_real}",
            f"{{_of_fake}} = {of_fake}",
            "{loss} = {_of_real} + {_of_fake}",
        )
        return Emit("\n".join(lines))

    def saved(self, real: TensorType, fake: TensorType) -> Saved:
        if self.form == "Wasserstein":
            return Saved()
        return Saved.of((), real, fake) if self.form == "hinge" else Saved.of(("fake",), real)

    def summary(self) -> str:
        return self.form
