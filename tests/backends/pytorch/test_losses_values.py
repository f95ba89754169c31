"""What losses compute: against torch's own with other arguments, or the formula by hand."""

import math

import pytest
import torch
from torch.nn import functional

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.adversarial_losses import DiscriminatorLoss, GeneratorLoss
from graph.blocks.classification_losses import Focal, Hinge, Nll
from graph.blocks.losses import CrossEntropy
from graph.blocks.probability_losses import GaussianKl, LossWeight
from graph.blocks.regression_losses import GaussianNll, LogCosh
from graph.tensor import TensorType


def loss(block, **given):
    """What the block answers to these tensors, whose batch is open."""
    types = {
        port: TensorType(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."))
        for port, tensor in given.items()
    }
    made = model_of(source_of(Trial(block, types))).eval()
    return run(made, list(given.values()))[0]


def near(found, expected):
    return found.item() == pytest.approx(float(expected), rel=1e-5, abs=1e-6)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def test_nll_behind_log_softmax_is_cross_entropy():
    logits, target = torch.randn(4, 5, 3), torch.tensor([[0, 1, 2, 0, 1]] * 4)
    found = loss(Nll(classes_last=True), prediction=logits.log_softmax(-1), target=target)
    both = loss(CrossEntropy(classes_last=True), prediction=logits, target=target)
    assert near(found, both)


def test_class_weights_make_a_mean_in_which_each_place_counts_as_its_class():
    logits, target = torch.randn(6, 3), torch.tensor([0, 1, 2, 2, 1, 0])
    weights = torch.tensor([1.0, 5.0, 0.5])
    surprise = functional.cross_entropy(logits, target, reduction="none")
    counts = weights[target]
    expected = (surprise * counts).sum() / counts.sum()
    assert near(
        loss(CrossEntropy(), prediction=logits, target=target, class_weights=weights), expected
    )
    logs = logits.log_softmax(-1)
    assert near(loss(Nll(), prediction=logs, target=target, class_weights=weights), expected)


def test_log_cosh_is_what_its_name_says_and_finite_far_away():
    errors = torch.tensor([-3.0, 0.0, 0.5])
    expected = torch.log(torch.cosh(errors)).mean()
    assert near(loss(LogCosh(), prediction=errors, target=torch.zeros(3)), expected)
    far = loss(LogCosh(), prediction=torch.tensor([1e4]), target=torch.zeros(1))
    assert near(far, 1e4 - math.log(2))


def test_gaussian_nll_is_torchs_of_the_variance():
    mean, logarithm, target = torch.randn(3, 4, 2).unbind()
    expected = functional.gaussian_nll_loss(mean, target, logarithm.exp())
    found = loss(GaussianNll(), prediction=mean, log_variance=logarithm, target=target)
    assert near(found, expected)


def test_hinge_of_yes_or_no_wants_the_margin():
    scores, target = torch.tensor([2.0, 0.5, -0.5]), torch.tensor([1.0, 1.0, 1.0])
    assert near(loss(Hinge(), prediction=scores, target=target), (0 + 0.5 + 1.5) / 3)
    against = loss(Hinge(squared=True), prediction=scores, target=1 - target)
    assert near(against, (9 + 2.25 + 0.25) / 3)


def test_hinge_of_classes_is_the_mean_over_them():
    scores, target = torch.tensor([[1.0, 0.5, -1.0]]), torch.tensor([0])
    assert near(loss(Hinge(), prediction=scores, target=target), 0.5 / 3)


def test_focal_without_focus_is_cross_entropy():
    logits, target = torch.randn(4, 3, 5), torch.randint(0, 3, (4, 5))
    found = loss(Focal(gamma=0.0), prediction=logits, target=target)
    assert near(found, functional.cross_entropy(logits, target))
    logits, target = torch.randn(6), torch.tensor([0.0, 1, 1, 0, 0, 1])
    found = loss(Focal(gamma=0.0, yes_share=0.5), prediction=logits, target=target)
    assert near(found, functional.binary_cross_entropy_with_logits(logits, target) / 2)


def test_focal_is_the_papers_formula():
    logits, target = torch.tensor([1.5, -0.3]), torch.tensor([1.0, 0.0])
    right = torch.where(target == 1, logits.sigmoid(), 1 - logits.sigmoid())
    shares = torch.tensor([0.25, 0.75])
    expected = (-shares * (1 - right) ** 2 * right.log()).mean()
    assert near(loss(Focal(), prediction=logits, target=target), expected)


def test_gaussian_kl_is_the_divergence_of_torchs_distributions():
    mean, logarithm = torch.randn(2, 4, 3).unbind()
    normal = torch.distributions.Normal(mean, (0.5 * logarithm).exp())
    standard = torch.distributions.Normal(torch.zeros(()), torch.ones(()))
    expected = torch.distributions.kl_divergence(normal, standard).sum(1).mean()
    assert near(loss(GaussianKl(), mean=mean, log_variance=logarithm), expected)


def test_a_loss_weight_multiplies():
    assert near(loss(LossWeight(weight=0.25), x=torch.tensor(8.0)), 2)


def test_losses_of_the_first_gan_are_binary_cross_entropies():
    real, fake = torch.randn(2, 5).unbind()
    ones, zeros = torch.ones(5), torch.zeros(5)
    entropy = functional.binary_cross_entropy_with_logits
    found = loss(DiscriminatorLoss(), real=real, fake=fake)
    assert near(found, entropy(real, ones) + entropy(fake, zeros))
    assert near(loss(GeneratorLoss(), fake=fake), entropy(fake, ones))


@pytest.mark.parametrize("form", ["hinge", "least squares"])
def test_a_discriminator_that_is_sure_enough_has_no_loss(form):
    fake = torch.full((3,), -1.0 if form == "hinge" else 0.0)
    assert near(loss(DiscriminatorLoss(form=form), real=torch.ones(3), fake=fake), 0)


def test_wasserstein_is_the_distance_of_the_means():
    real, fake = torch.tensor([1.0, 3.0]), torch.tensor([0.0, 1.0])
    assert near(loss(DiscriminatorLoss(form="Wasserstein"), real=real, fake=fake), 0.5 - 2)
