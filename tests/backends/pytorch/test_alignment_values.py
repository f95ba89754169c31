"""The error rate of CTC, against greedy decoding and edit distances computed by hand."""

from itertools import groupby

import pytest
import torch
from torch.nn import functional

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.alignment_metrics import CtcErrorRate
from graph.tensor import TensorType

CLASSES = 5


def rate(block: CtcErrorRate, **given: torch.Tensor) -> float:
    types = {
        port: TensorType(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."))
        for port, tensor in given.items()
    }
    made = model_of(source_of(Trial(block, types))).eval()
    return float(run(made, list(given.values()))[0].item())


def scores(*paths: str, blank: str = "-") -> torch.Tensor:
    """Log-probabilities whose likeliest classes spell the paths; the blank is class 0."""
    places = [[(blank + "abcd").index(letter) for letter in path] for path in paths]
    return 9.0 * functional.one_hot(torch.tensor(places), CLASSES).float()


def letters(*words: str) -> torch.Tensor:
    return torch.tensor([["-abcd".index(letter) for letter in word] for word in words])


@pytest.mark.parametrize(
    ("path", "word", "wrong"),
    [
        ("aa-b-", "ab", 0),
        ("aabb-", "ab", 0),
        ("a-abb", "aab", 0),
        ("aaabb", "aab", 1),
        ("-----", "abc", 3),
        ("abcd-", "ab", 2),
        ("ab-cd", "bcd", 1),
        ("d-c-b", "bcd", 2),
    ],
)
def test_the_edits_are_those_of_what_is_read(path: str, word: str, wrong: int) -> None:
    found = rate(CtcErrorRate(), prediction=scores(path), target=letters(word))
    assert found == pytest.approx(wrong / len(word))


def test_lengths_bound_what_is_read_and_what_is_right() -> None:
    prediction, target = scores("ab-dd", "c--ab"), letters("abc", "cdd")
    found = rate(
        CtcErrorRate(), prediction=prediction, target=target,
        input_lengths=torch.tensor([2, 3]), target_lengths=torch.tensor([3, 1]),
    )  # fmt: skip
    assert found == pytest.approx(1 / 4)


def test_another_blank_and_time_first() -> None:
    block = CtcErrorRate(blank=4, time_first=True)
    prediction = scores("ad-bb").transpose(0, 1)  # “-” is class 0, a letter here
    assert rate(block, prediction=prediction, target=letters("a-b")) == 0


def edits(read: list[int], right: list[int]) -> int:
    """The edit distance by its definition."""
    if not read or not right:
        return len(read) + len(right)
    if read[0] == right[0]:
        return edits(read[1:], right[1:])
    return 1 + min(edits(read[1:], right), edits(read, right[1:]), edits(read[1:], right[1:]))


def test_random_answers_have_the_distances_of_the_definition() -> None:
    torch.manual_seed(3)
    prediction, target = torch.randn(30, 8, 4), torch.randint(1, 4, (30, 5))
    places, count = torch.randint(1, 9, (30,)), torch.randint(1, 6, (30,))
    wrong = 0
    for row in range(30):
        path = prediction[row, : places[row]].argmax(-1).tolist()
        read = [letter for letter, _ in groupby(path) if letter]
        wrong += edits(read, target[row, : count[row]].tolist())
    found = rate(
        CtcErrorRate(), prediction=prediction, target=target,
        input_lengths=places, target_lengths=count,
    )  # fmt: skip
    assert found == pytest.approx(wrong / int(count.sum()))
