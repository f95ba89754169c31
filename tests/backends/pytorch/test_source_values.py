"""Printed source against modules written by hand, with the same weights."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

import assets
from backends.pytorch.compile import build
from backends.pytorch.source import Source, print_source
from graph.fileio import load
from graph.infer import infer
from graph.lower import lower


def source_of_example(name: str) -> Source:
    document = load(assets.path("examples", f"{name}.loom")).document
    return print_source(lower(document, infer(document)))


class HandWrittenCnn(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(),
        )  # fmt: skip
        self.head = nn.Sequential(nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        logits = self.head(self.convolutions(image))
        return logits.softmax(-1), logits


class HandWrittenResidual(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Linear(2, 64)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(64), nn.Linear(64, 128), nn.GELU(), nn.Linear(128, 64))
            for _ in range(2)
        )
        self.logits = nn.Linear(64, 3)

    def forward(self, point: Tensor) -> Tensor:
        x = F.relu(self.stem(point))
        for block in self.blocks:
            x = block(x) + x
        return self.logits(x)


class HandWrittenAttention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(8, 64)
        self.positions = nn.Embedding(8, 64)
        self.norm1 = nn.LayerNorm(64)
        self.attention = nn.MultiheadAttention(64, 4, batch_first=True)
        self.norm2 = nn.LayerNorm(64)
        self.wide = nn.Linear(64, 128)
        self.narrow = nn.Linear(128, 64)
        self.logits = nn.Linear(64, 10)

    def forward(self, rows: Tensor) -> Tensor:
        x = self.embed(rows) + self.positions.weight
        y = self.norm1(x)
        x = x + self.attention(y, y, y)[0]
        x = x + self.narrow(F.gelu(self.wide(self.norm2(x))))
        return self.logits(x.mean(dim=1))


class HandWrittenLstm(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(8, 64, batch_first=True)
        self.logits = nn.Linear(64, 10)

    def forward(self, rows: Tensor) -> Tensor:
        return self.logits(self.lstm(rows)[0][:, -1])


@pytest.mark.parametrize(
    ("name", "reference", "shape"),
    [
        ("classic-cnn", HandWrittenCnn, (3, 1, 28, 28)),
        ("spirals-residual", HandWrittenResidual, (5, 2)),
        ("digits-attention", HandWrittenAttention, (3, 8, 8)),
        ("digits-lstm", HandWrittenLstm, (3, 8, 8)),
    ],
)
def test_source_computes_what_a_person_wrote_by_hand(name, reference, shape):
    printed = source_of_example(name)
    ours = build(printed.model, printed.objective, 0).model.eval()
    theirs = reference().eval()
    weights = zip(theirs.state_dict().items(), ours.state_dict().values(), strict=True)
    theirs.load_state_dict({name: weight for (name, _), weight in weights})
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x))
