"""A model that writes reads what it has written so far, and nothing beyond what it may see."""

import pytest
import torch
from torch import Tensor, nn

from backends.pytorch.decoding import drawn, likeliest, write_on

TOKENS = 7


class Counter(nn.Module):
    """Expects after each token the one that is `source` higher."""

    def __init__(self, axis: int = -1, extra: bool = False) -> None:
        super().__init__()
        self.axis, self.extra = axis, extra
        self.seen: list[int] = []

    def forward(self, source: Tensor, written: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        assert not self.training
        self.seen.append(written.shape[1])
        following = (written + source) % TOKENS
        scores = nn.functional.one_hot(following, TOKENS).float().movedim(-1, self.axis)
        return (source, scores) if self.extra else scores


@pytest.mark.parametrize("axis", [-1, 1])
@pytest.mark.parametrize("extra", [False, True])
def test_each_token_follows_from_those_before(axis, extra):
    model = Counter(axis, extra)
    source, start = torch.tensor([[1], [3]]), torch.tensor([[5, 0], [5, 0]])
    made = write_on(model, (source, start), 4, axis=axis, answer=1 if extra else None)
    assert made.tolist() == [[5, 0, 1, 2, 3, 4], [5, 0, 3, 6, 2, 5]]
    assert model.seen == [2, 3, 4, 5]
    assert model.training


def test_a_model_sees_no_more_than_it_has_room_for():
    model = Counter()
    made = write_on(model, (torch.tensor([[1]]), torch.tensor([[0, 1, 2]])), 5, most_seen=4)
    assert made.tolist() == [[0, 1, 2, 3, 4, 5, 6, 0]]
    assert model.seen == [3, 4, 4, 4, 4]


def test_what_grows_may_stand_anywhere():
    class Turned(nn.Module):
        def forward(self, written: Tensor, source: Tensor) -> Tensor:
            return nn.functional.one_hot((written + source) % TOKENS, TOKENS).float()

    made = write_on(Turned(), (torch.tensor([[2]]), torch.tensor([[1]])), 2, place=0)
    assert made.tolist() == [[2, 3, 4]]


def test_drawn_tokens_come_as_often_as_they_are_expected():
    scores = torch.log(torch.tensor([0.6, 0.3, 0.1])).repeat(4000, 1)
    shares = torch.bincount(drawn(1.0, seed=0)(scores)) / 4000
    assert shares.tolist() == pytest.approx([0.6, 0.3, 0.1], abs=0.03)
    cold = torch.bincount(drawn(0.5, seed=0)(scores)) / 4000
    assert cold.tolist() == pytest.approx([36 / 46, 9 / 46, 1 / 46], abs=0.03)
    assert torch.equal(drawn(1.0, seed=5)(scores), drawn(1.0, seed=5)(scores))
    assert likeliest(scores).eq(0).all()
