"""What losses of embeddings, areas and alignments compute, against formulas by hand."""

import math

import pytest
import torch
from torch.nn import functional

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.alignment_losses import Ctc
from graph.blocks.overlap_losses import Dice
from graph.blocks.similarity_losses import Contrastive, CosineEmbedding, TripletMargin
from graph.tensor import TensorType


def loss(block, **given):
    types = {
        port: TensorType(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."))
        for port, tensor in given.items()
    }
    made = model_of(source_of(Trial(block, types))).eval()
    return run(made, list(given.values()))[0].item()


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def test_dice_of_areas_that_agree_is_nothing():
    mask = (torch.rand(2, 1, 4, 4) < 0.5).float()
    assert loss(Dice(), prediction=(2 * mask - 1) * 50, target=mask) == pytest.approx(0, abs=1e-6)
    classes = torch.randint(0, 3, (2, 4, 4))
    logits = 50.0 * functional.one_hot(classes, 3).movedim(-1, 1)
    assert loss(Dice(), prediction=logits, target=classes) == pytest.approx(0, abs=1e-6)


def test_dice_is_two_thirds_where_half_of_each_overlaps():
    logits = torch.tensor([[50.0, 50.0, -50.0, -50.0]])
    target = torch.tensor([[0.0, 1.0, 0.0, 0.0]])
    assert loss(Dice(smooth=0.0), prediction=logits, target=target) == pytest.approx(1 / 3)


def test_ctc_sums_over_all_ways_to_say_it():
    # Two places, classes blank and a: “a” is said as aa, a- or -a, but not as --.
    chances = torch.tensor([[[0.4, 0.6], [0.7, 0.3]]])
    target = torch.tensor([[1]])
    expected = -math.log(1 - 0.4 * 0.7)
    assert loss(Ctc(), prediction=chances.log(), target=target) == pytest.approx(expected)
    first = Ctc(time_first=True)
    turned = chances.log().transpose(0, 1)
    assert loss(first, prediction=turned, target=target) == pytest.approx(expected)


def test_ctc_counts_only_as_far_as_the_lengths_say():
    logits = torch.randn(2, 6, 4).log_softmax(-1)
    target = torch.tensor([[1, 2, 3], [2, 3, 1]])
    lengths = {"input_lengths": torch.tensor([4, 6]), "target_lengths": torch.tensor([2, 3])}
    whole = loss(Ctc(), prediction=logits, target=target, **lengths)
    short = loss(Ctc(), prediction=logits[:1, :4], target=target[:1, :2])
    long = loss(Ctc(), prediction=logits[1:], target=target[1:])
    assert whole == pytest.approx((short + long) / 2, rel=1e-5)


def test_cosine_embedding_of_alike_and_different_pairs():
    first, second = torch.tensor([[1.0, 0], [1, 0]]), torch.tensor([[0.0, 2], [3, 0]])
    target = torch.tensor([1.0, -1.0])
    found = loss(CosineEmbedding(), first=first, second=second, target=target)
    assert found == pytest.approx((1 + 1) / 2)


def test_a_triplet_costs_what_it_lacks_of_the_margin():
    rows = [torch.tensor([[0.0, 0.0]]), torch.tensor([[0.0, 2.0]]), torch.tensor([[2.5, 0.0]])]
    given = dict(zip(("anchor", "positive", "negative"), rows, strict=True))
    assert loss(TripletMargin(), **given) == pytest.approx(0.5, abs=1e-4)


def test_contrastive_losses_are_the_papers_formulas():
    first, second = torch.randn(2, 4, 3).unbind()
    a, b = (rows / rows.norm(dim=1, keepdim=True) for rows in (first, second))
    warm = 0.5
    own = [
        -math.log((a[i] @ b[i] / warm).exp() / sum((a[i] @ b[j] / warm).exp() for j in range(4)))
        for i in range(4)
    ]
    found = loss(Contrastive(form="InfoNCE"), first=first, second=second)
    assert found == pytest.approx(sum(own) / 4, rel=1e-5)
    rows = torch.cat([a, b])
    views = []
    for i in range(8):
        others = sum((rows[i] @ rows[k] / warm).exp() for k in range(8) if k != i)
        views.append(-math.log((rows[i] @ rows[(i + 4) % 8] / warm).exp() / others))
    found = loss(Contrastive(), first=first, second=second)
    assert found == pytest.approx(sum(views) / 8, rel=1e-5)


def test_symmetric_contrast_does_not_mind_the_order():
    first, second = torch.randn(2, 4, 3).unbind()
    block = Contrastive(form="symmetric InfoNCE")
    there = loss(block, first=first, second=second)
    assert there == pytest.approx(loss(block, first=second, second=first), rel=1e-6)
