"""Lets a model write, token by token: what it has written is what it reads next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

Choose = Callable[[Tensor], Tensor]


def likeliest(scores_NC: Tensor) -> Tensor:
    """The token with the largest score: greedy decoding."""
    return scores_NC.argmax(dim=1)


def drawn(temperature: float, seed: int) -> Choose:
    """Draws tokens by their probabilities; the lower the temperature, the likelier ones."""
    generator = torch.Generator().manual_seed(seed)

    def choose(scores_NC: Tensor) -> Tensor:
        shares = torch.softmax(scores_NC.double().cpu() / temperature, dim=1)
        return torch.multinomial(shares, 1, generator=generator)[:, 0].to(scores_NC.device)

    return choose


@torch.no_grad()
def write_on(
    model: nn.Module,
    given: Sequence[Tensor],
    steps: int,
    choose: Choose = likeliest,
    *,
    place: int = -1,
    answer: int | None = None,
    axis: int = -1,
    most_seen: int | None = None,
) -> Tensor:
    """The tokens (N, T + steps) that a model makes of those (N, T) it is given.

    Args:
        given: all inputs of the model.
        place: which of them is what has been written so far.
        answer: which of its answers has the scores (N, …, C) of the token after each; None where
            it has one answer.
        axis: of the classes in the scores.
        most_seen: how many of the last tokens the model sees; all without it.
    """
    inputs = list(given)
    written = inputs[place]
    was_training = model.training
    model.eval()
    for _ in range(steps):
        inputs[place] = written if most_seen is None else written[:, -most_seen:]
        answers = model(*inputs)
        scores = answers if answer is None else answers[answer]
        last = scores.movedim(axis, -1)[:, -1]
        written = torch.cat([written, choose(last)[:, None]], dim=1)
    model.train(was_training)
    return written
