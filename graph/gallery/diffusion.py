"""Diffusion models: points made of noise, step by step."""

from __future__ import annotations

from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.model import Repeat
from graph.params import Form, param

PLANE = "2"


class DiffusionForm(Form):
    """Parameters of a diffusion model of points."""

    steps: int = param(
        default=1000, ge=10, le=10_000, help="Steps from data to noise; 1000 in the paper."
    )
    units: int = param(default=128, ge=2, help="Features between the layers.")
    blocks: int = param(default=4, ge=1, le=50, help="Residual blocks of the denoiser.")


def _diffusion(d: Drawing, form: DiffusionForm) -> None:
    _define(d, form)
    d.data("spiral2d")
    points = d.add("input", name="points", shape=PLANE)
    noisy, step, noise = noised(d, points, form.steps)
    guess = d.add("Denoiser", noisy, step, name="denoiser")
    d.add("output", guess, name="noise_guess")
    d.add("mse", guess, noise, name="noise_loss")
    d.recipe(batch_size=128, epochs=60, learning_rate=0.002, schedule="one-cycle", keep="last")


def _define(d: Drawing, form: DiffusionForm) -> None:
    units = form.units
    with d.define("ResidualBlock", "Two dense layers beside a shortcut, told the step."):
        x = d.port("x", str(units))
        d.result(_block(d, x, d.port("time", str(units)), units))
    with d.define("Denoiser", "Guesses the noise in points, given the step."):
        x = d.add("dense", d.port("x", PLANE), name="widen", features=units)
        step = d.port("step", "", "int64")
        time = d.add("time_embedding", step, name="time", features=64, units=units)
        repeat = Repeat(form.blocks) if form.blocks > 1 else None
        x = d.add("ResidualBlock", x, time, name="blocks", repeat=repeat)
        x = d.add("silu", x, name="silu")
        d.result(d.add("dense", x, name="guess", features=int(PLANE)))


def noised(d: Drawing, x: Out, steps: int) -> tuple[Out, Out, Out]:
    """The data with noise as of a random step, the step, and the noise: lines 2 to 4."""
    step = d.add("random_timestep", x, name="step", steps=steps)
    noise = d.add("noise", x, name="noise")
    noisy = d.add(
        "add_noise",
        x,
        noise,
        step,
        name="noisy",
        steps=steps,
        first=0.1 / steps,
        last=min(20 / steps, 0.999),
    )
    return noisy, step, noise


def _block(d: Drawing, x: Out, time: Out, units: int) -> Out:
    y = d.add("silu", x, name="silu1")
    y = d.add("dense", y, name="dense1", features=units)
    y = d.add("add", y, d.add("dense", time, name="told", features=units), name="timed")
    y = d.add("silu", y, name="silu2")
    y = d.add("dense", y, name="dense2", features=units)
    return d.add("add", x, y, name="add")


diffusion = Entry(
    name="diffusion",
    title="Diffusion model",
    family=Family.GENERATIVE,
    summary=(
        "Learns to guess the noise in points that were mixed with noise, a little or a lot as a "
        "random step says. Who can guess it can take it away: start with nothing but noise, take "
        "a little away again and again, and a point of the spiral is left. Make some with "
        "torchloom sample, by DDPM or in fewer steps by DDIM."
    ),
    source=(
        "Denoising Diffusion Probabilistic Models. J. Ho, A. Jain and P. Abbeel, 2020. Algorithm "
        "1, with dense layers for points in the plane instead of a U-Net for images."
    ),
    form=DiffusionForm,
    draw=_diffusion,
    small={"steps": 200, "units": 64, "blocks": 3},
    order=2020,
)
