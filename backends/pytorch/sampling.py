"""Makes up data from noise with a trained denoiser; exported folders hold this as it is.

`kept` is how much of the variance of the data each step has left, from near 1 to near 0; the
denoiser guesses the noise in `x` at a step, one for each row.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Guess = Callable[[Tensor, Tensor], Tensor]


@torch.no_grad()
def sample_ddpm(guess: Guess, kept: Tensor, x: Tensor) -> Tensor:
    """Takes the noise away step by step, putting a little of it back each time.

    Source: Denoising Diffusion Probabilistic Models (2020), algorithm 2, with the smaller of the
    two variances of section 3.2.
    """
    for step in reversed(range(len(kept))):
        now = kept[step]
        before = kept[step - 1] if step else torch.ones_like(now)
        alpha = now / before
        noise = guess(x, torch.full((len(x),), step, device=x.device))
        x = (x - (1 - alpha) / (1 - now).sqrt() * noise) / alpha.sqrt()
        if step:
            spread = ((1 - alpha) * (1 - before) / (1 - now)).sqrt()
            x = x + spread * torch.randn_like(x)
    return x


@torch.no_grad()
def sample_ddim(guess: Guess, kept: Tensor, x: Tensor, steps: int = 50, eta: float = 0.0) -> Tensor:
    """Takes the noise away in fewer steps; the same noise always becomes the same data.

    With `eta` above 0 noise is put back; 1 and all steps are DDPM.

    Source: Denoising Diffusion Implicit Models (2021), equations 12 and 16.
    """
    times = torch.linspace(len(kept) - 1, 0, min(steps, len(kept))).round().long().tolist()
    for step, following in zip(times, [*times[1:], None], strict=True):
        now = kept[step]
        before = torch.ones_like(now) if following is None else kept[following]
        noise = guess(x, torch.full((len(x),), step, device=x.device))
        clean = (x - (1 - now).sqrt() * noise) / now.sqrt()
        spread = eta * ((1 - before) / (1 - now) * (1 - now / before)).sqrt()
        x = before.sqrt() * clean + (1 - before - spread**2).clamp(min=0).sqrt() * noise
        if eta and following is not None:
            x = x + spread * torch.randn_like(x)
    return x


def new_data(
    guess: Guess,
    kept: Tensor,
    start: Tensor,
    decode: Callable[[Tensor], Tensor] | None = None,
    *,
    method: str = "ddim",
    steps: int = 50,
    eta: float = 0.0,
) -> Tensor:
    """Data made of the noise in `start`, decoded where they are codes."""
    if method == "ddpm":
        made = sample_ddpm(guess, kept, start)
    else:
        made = sample_ddim(guess, kept, start, steps, eta)
    if decode is None:
        return made
    with torch.no_grad():
        return decode(made)
