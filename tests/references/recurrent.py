"""Recurrent networks, written out step by step from their papers.

Axes: N batch, T places, S places that were read, F features.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Lstm(nn.Module):
    """One layer of Long Short-Term Memory (1997) with the forget gate of 2000."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.seen = nn.Linear(inputs, 4 * units)
        self.known = nn.Linear(units, 4 * units)
        self.units = units

    def forward(
        self, x_NTF: Tensor, state: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        zeros = torch.zeros(len(x_NTF), self.units)
        h, c = state or (zeros, zeros)
        answers = []
        for x_NF in x_NTF.unbind(1):
            take, forget, new, show = (self.seen(x_NF) + self.known(h)).chunk(4, 1)
            c = torch.sigmoid(forget) * c + torch.sigmoid(take) * torch.tanh(new)
            h = torch.sigmoid(show) * torch.tanh(c)
            answers.append(h)
        return torch.stack(answers, 1), (h, c)


class Gru(nn.Module):
    """One layer of Cho and others (2014), the reset gate behind the product."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.seen = nn.Linear(inputs, 3 * units)
        self.known = nn.Linear(units, 3 * units)
        self.units = units

    def forward(self, x_NTF: Tensor) -> Tensor:
        h = torch.zeros(len(x_NTF), self.units)
        answers = []
        for x_NF in x_NTF.unbind(1):
            seen_reset, seen_keep, seen_new = self.seen(x_NF).chunk(3, 1)
            known_reset, known_keep, known_new = self.known(h).chunk(3, 1)
            keep = torch.sigmoid(seen_keep + known_keep)
            reset = torch.sigmoid(seen_reset + known_reset)
            h = (1 - keep) * torch.tanh(seen_new + reset * known_new) + keep * h
            answers.append(h)
        return torch.stack(answers, 1)


class BothWays(nn.Module):
    """Rows (N, T, F) to logits, by an LSTM from the start and one from the end."""

    def __init__(self, inputs: int, units: int, classes: int) -> None:
        super().__init__()
        self.down = Lstm(inputs, units)
        self.up = Lstm(inputs, units)
        self.logits = nn.Linear(2 * units, classes)

    def forward(self, rows: Tensor) -> Tensor:
        _, (down, _) = self.down(rows)
        _, (up, _) = self.up(rows.flip(1))
        return self.logits(torch.cat([down, up], 1))


class Seq2Seq(nn.Module):
    """Words (N, S) and those written so far (N, T) to logits (N, T, V)."""

    def __init__(self, read: int, write: int, dimension: int, units: int) -> None:
        super().__init__()
        self.embed_source = nn.Embedding(read, dimension)
        self.embed_target = nn.Embedding(write, dimension)
        self.encoder = Lstm(dimension, units)
        self.decoder = Lstm(dimension, units)
        self.score = nn.Linear(units, units, bias=False)
        self.attend = nn.Linear(2 * units, units, bias=False)
        self.logits = nn.Linear(units, write)

    def forward(self, words: Tensor, written: Tensor) -> Tensor:
        read_NSF, state = self.encoder(self.embed_source(words.flip(1)))
        asked_NTF, _ = self.decoder(self.embed_target(written), state)
        scores_NTS = torch.einsum("ntf,nsf->nts", asked_NTF, self.score(read_NSF))
        context_NTF = torch.einsum("nts,nsf->ntf", scores_NTS.softmax(2), read_NSF)
        attended = torch.tanh(self.attend(torch.cat([context_NTF, asked_NTF], 2)))
        return self.logits(attended)


class Listener(nn.Module):
    """A recurrent layer of Deep Speech 2 (2015): both directions added up, a norm before."""

    def __init__(self, inputs: int, units: int, is_first: bool) -> None:
        super().__init__()
        self.norm = nn.Identity() if is_first else nn.BatchNorm1d(inputs)
        self.forwards = Gru(inputs, units)
        self.backwards = Gru(inputs, units)

    def forward(self, x_NTF: Tensor) -> Tensor:
        x_NTF = self.norm(x_NTF.transpose(1, 2)).transpose(1, 2)
        return self.forwards(x_NTF) + self.backwards(x_NTF.flip(1)).flip(1)


class DeepSpeech2(nn.Module):
    """Spectrograms (N, T, F) to log-probabilities of letters (N, T / 2, L)."""

    def __init__(self, frequencies: int, units: int, layers: int, letters: int) -> None:
        super().__init__()
        first = nn.Conv2d(1, 32, (11, 41), stride=(2, 2), padding=(5, 20), bias=False)
        second = nn.Conv2d(32, 32, (11, 21), stride=(1, 2), padding=(5, 10), bias=False)
        self.convolutions = nn.ModuleList((first, second))
        self.norms = nn.ModuleList((nn.BatchNorm2d(32), nn.BatchNorm2d(32)))
        features = 32 * -(-frequencies // 4)
        self.layers = nn.ModuleList(
            Listener(units if number else features, units, number == 0) for number in range(layers)
        )
        self.norm = nn.BatchNorm1d(units)
        self.logits = nn.Linear(units, letters, bias=False)

    def forward(self, spectrogram: Tensor) -> Tensor:
        x = spectrogram[:, None]
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = norm(convolution(x)).clamp(0, 20)
        n, channels, places, heights = x.shape
        x = x.permute(0, 2, 1, 3).reshape(n, places, channels * heights)
        for layer in self.layers:
            x = layer(x)
        x = self.norm(x.transpose(1, 2)).transpose(1, 2)
        return self.logits(x).log_softmax(2)
