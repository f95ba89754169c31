"""Transformer.

Translates with attention alone: an encoder reads the sentence, a decoder writes the
other one and looks at itself and at the encoder. One table of vectors serves both
languages and the logits, so it is drawn once and wired three times. While training,
“written” holds the right words so far: a mark for the start, then the translation;
“following” is the translation and a mark for the end. The preset is the base model of
the paper, of 63 million parameters. Small, it learns to write digits backwards.

Source: Attention Is All You Need. A. Vaswani and others, 2017. The learning rate falls
with a cosine instead of the inverse square root.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def causal_mask(query: Tensor, key: Tensor) -> Tensor:
    """True where a key comes after its query, so that it must not be seen."""
    size = query.shape[-2], key.shape[-2]
    return torch.ones(size, dtype=torch.bool, device=query.device).triu(1)


class SinusoidalEncoding(nn.Module):
    """Adds sines and cosines of each place, slower with each feature, to a sequence."""

    def __init__(self, features: int, max_length: int) -> None:
        super().__init__()
        place = torch.arange(max_length)[:, None]
        even = torch.arange(0, features, 2)
        angle = place * torch.exp(even * (-math.log(10000.0) / features))
        table = torch.zeros(max_length, features)
        table[:, 0::2] = torch.sin(angle)
        table[:, 1::2] = torch.cos(angle)[:, : features // 2]
        self.table = nn.Buffer(table, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]


class TransformerDecoderLayer(nn.Module):
    """Attention to the sequence so far, then to a memory, then two dense layers.

    x N×T×512, memory N×S×512 -> y N×T×512.
    """

    def __init__(self) -> None:
        super().__init__()
        self.decoder = nn.TransformerDecoderLayer(512, 8, batch_first=True)

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        return self.decoder(x, memory, tgt_mask=causal_mask(x, x), tgt_is_causal=True)


class Model(nn.Module):
    """source N×S int64, written N×T int64 -> scores N×T×37000."""

    def __init__(self) -> None:
        super().__init__()
        self.token_table = nn.Parameter(
            torch.normal(0.0, 0.04419417382415922, (37000, 512)),
        )
        self.places_source = SinusoidalEncoding(512, 512)
        self.dropout_source = nn.Dropout(0.1)
        self.encoder = nn.Sequential(
            *(nn.TransformerEncoderLayer(512, 8, batch_first=True) for _ in range(6)),
        )
        self.places_written = SinusoidalEncoding(512, 512)
        self.dropout_written = nn.Dropout(0.1)
        self.decoder = nn.ModuleList(TransformerDecoderLayer() for _ in range(6))

    def forward(self, source: Tensor, written: Tensor) -> Tensor:
        token_table = self.token_table  # 37000×512
        x = token_table[source]  # N×S×512
        x = x * 22.627416997969522
        x = self.places_source(x)
        x = self.dropout_source(x)
        x = self.encoder(x)
        y = token_table[written]  # N×T×512
        y = y * 22.627416997969522
        y = self.places_written(y)
        y = self.dropout_written(y)
        for transformer_decoder_layer in self.decoder:
            y = transformer_decoder_layer(y, x)
        x = token_table.transpose(0, 1)  # 512×37000
        return y @ x  # N×T×37000


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    scores = model(batch["source"], batch["written"])
    following = batch["following"]  # N×T
    loss = F.cross_entropy(
        scores.flatten(0, -2),
        following.flatten(),
        label_smoothing=0.1,
    )
    perplexity = torch.exp(F.cross_entropy(scores.flatten(0, -2), following.flatten()))
    return loss, {"perplexity": perplexity}
