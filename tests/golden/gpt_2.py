"""GPT-2.

Predicts the next token of a text from all those before it. Trained on nothing else, it
answers, summarises and translates when the text so far asks for it. The vectors of the
tokens also make the logits, so their table is drawn once and wired twice. “following”
is the text one token later. The sizes are the published ones, with 124,439,808 to
1,557,611,200 parameters. Small, it learns to write Python, character by character.

Source: Language Models are Unsupervised Multitask Learners. A. Radford, J. Wu, R.
Child, D. Luan, D. Amodei and I. Sutskever, 2019.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def causal_mask(query: Tensor, key: Tensor) -> Tensor:
    """True where a key comes after its query, so that it must not be seen."""
    size = query.shape[-2], key.shape[-2]
    return torch.ones(size, dtype=torch.bool, device=query.device).triu(1)


class LearnedEncoding(nn.Module):
    """Adds a learned vector for each place to a sequence."""

    def __init__(self, features: int, max_length: int) -> None:
        super().__init__()
        self.table = nn.Parameter(0.02 * torch.randn(max_length, features))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[1]]


class TransformerLayer(nn.Module):
    """Attention, then dense layers, each beside a shortcut.

    x N×T×768 -> y N×T×768.
    """

    def __init__(self) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(768)
        self.attention = nn.MultiheadAttention(768, 12, dropout=0.1, batch_first=True)
        self.dropout1 = nn.Dropout(0.1)
        self.norm2 = nn.LayerNorm(768)
        self.wide = nn.Linear(768, 3072)
        self.narrow = nn.Linear(3072, 768)
        self.dropout2 = nn.Dropout(0.1)

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm1(x)  # N×T×768
        y, _ = self.attention(
            y,
            y,
            y,
            attn_mask=causal_mask(y, y),
            is_causal=True,
            need_weights=False,
        )
        y = self.dropout1(y)
        add1 = x + y  # N×T×768
        x = self.norm2(add1)
        x = self.wide(x)  # N×T×3072
        x = F.gelu(x, approximate="tanh")
        x = self.narrow(x)  # N×T×768
        x = self.dropout2(x)
        return add1 + x


class Model(nn.Module):
    """tokens N×T int64 -> scores N×T×50257."""

    def __init__(self) -> None:
        super().__init__()
        self.token_table = nn.Parameter(torch.normal(0.0, 0.02, (50257, 768)))
        self.positions = LearnedEncoding(768, 1024)
        self.dropout = nn.Dropout(0.1)
        self.layers = nn.Sequential(*(TransformerLayer() for _ in range(12)))
        self.norm = nn.LayerNorm(768)

    def forward(self, tokens: Tensor) -> Tensor:
        token_table = self.token_table  # 50257×768
        x = token_table[tokens]  # N×T×768
        x = self.positions(x)
        x = self.dropout(x)
        x = self.layers(x)
        x = self.norm(x)
        y = token_table.transpose(0, 1)  # 768×50257
        return x @ y  # N×T×50257


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    scores = model(batch["tokens"])
    following = batch["following"]  # N×T
    loss = F.cross_entropy(scores.flatten(0, -2), following.flatten())
    perplexity = torch.exp(loss)
    return loss, {"perplexity": perplexity}
