"""Sequence to sequence.

One LSTM reads a sentence backwards; a second one starts from what the first remembers
and writes the sentence in another language, word by word. Before each word it can look
back at all that was read. While training, “written” holds the right words so far: a
mark for the start, then the translation; “following” is the translation and a mark for
the end. Without attention, with 160,000 and 80,000 words, it is the network of 384
million parameters of the first paper. Small, it learns to write digits backwards.

Source: Sequence to Sequence Learning with Neural Networks. I. Sutskever, O. Vinyals and
Q. V. Le, 2014. Effective Approaches to Attention-based Neural Machine Translation.
M.-T. Luong, H. Pham and C. D. Manning, 2015. Sections 3 and 3.1, without input feeding.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Model(nn.Module):
    """words N×S int64, written N×T int64 -> scores N×T×50000."""

    def __init__(self) -> None:
        super().__init__()
        self.embed_source = nn.Embedding(50000, 1000)
        self.encoder = nn.LSTM(1000, 1000, num_layers=4, batch_first=True, dropout=0.2)
        self.embed_target = nn.Embedding(50000, 1000)
        self.decoder = nn.LSTM(1000, 1000, num_layers=4, batch_first=True, dropout=0.2)
        self.score = nn.Linear(1000, 1000, bias=False)
        self.attend = nn.Linear(2000, 1000, bias=False)
        self.logits = nn.Linear(1000, 50000)

    def forward(self, words: Tensor, written: Tensor) -> Tensor:
        x = words.flip(1)  # N×S int64
        x = self.embed_source(x)  # N×S×1000
        encoder_sequence, (x, y) = self.encoder(x)
        embed_target = self.embed_target(written)  # N×T×1000
        decoder_sequence, _ = self.decoder(embed_target, (x, y))
        x = self.score(encoder_sequence)
        x = x.transpose(1, 2)  # N×1000×S
        x = decoder_sequence @ x  # N×T×S
        x = F.softmax(x, dim=-1)
        x = x @ encoder_sequence  # N×T×1000
        x = torch.cat([x, decoder_sequence], dim=2)  # N×T×2000
        x = self.attend(x)  # N×T×1000
        x = torch.tanh(x)
        return self.logits(x)  # N×T×50000


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    scores = model(batch["words"], batch["written"])
    following = batch["following"]  # N×T
    loss = F.cross_entropy(scores.flatten(0, -2), following.flatten())
    perplexity = torch.exp(loss)
    return loss, {"perplexity": perplexity}
