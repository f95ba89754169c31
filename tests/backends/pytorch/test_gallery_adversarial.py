"""The adversarial networks of the gallery train, and what they make is like the data."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from backends.data.source import source_of
from backends.protocol import Finished
from backends.pytorch.checkpoint import load_weights
from backends.pytorch.compile import keep_weights
from backends.pytorch.prepare import build_model, prepare
from graph import edits
from graph.gallery import find
from graph.model import Document
from tests.backends.pytorch.running import epochs, train
from tests.backends.pytorch.test_export import check_same_losses

CHANCE = 2 * math.log(2)  # the discriminator's loss where it knows nothing
LEAST_ADVANTAGE = 0.003  # over chance, which a generator without a fault would leave it none of


def on_one_core(document: Document, **recipe: object) -> Document:
    for name, value in {"device": "cpu", "threads": 1, **recipe}.items():
        document = edits.set_recipe(document, name, value)
    return document


def samples_of(document: Document, run: Path, rows: torch.Tensor) -> torch.Tensor:
    prepared = prepare(document)
    model = build_model(prepared).model
    keep_weights(model, prepared.source.paths, load_weights(run))
    torch.manual_seed(1)
    with torch.no_grad():
        made, *_ = model.eval()(rows)
    return made


def test_both_sides_learn_and_the_exported_script_does_the_same(tmp_path: Path) -> None:
    document = on_one_core(find("gan").build(components=3, hidden=(8,)), epochs=2)
    finished = train(document, tmp_path)[-1]
    assert isinstance(finished, Finished)
    fresh = build_model(prepare(document)).model.state_dict()
    assert len(load_weights(finished.run)) == len(fresh) == 8
    before = [weight.flatten().tolist() for weight in fresh.values()]
    assert all(w.flatten().tolist() not in before for w in load_weights(finished.run).values())
    check_same_losses(document, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_gan_finds_all_heaps_of_points(tmp_path: Path) -> None:
    """Mean within 0.1, covariance within 0.06, each heap with 0.06 to 0.2 of the samples (0.125 is
    its share), and nine of ten samples within five spreads of a heap."""
    document = on_one_core(find("gan").build())
    events = train(document, tmp_path)
    last = [epoch.train["train_discriminator"] for epoch in epochs(events)[-20:]]
    assert 0.5 < float(np.mean(last)) < CHANCE - LEAST_ADVANTAGE
    data = source_of(document.data).load()
    real = torch.from_numpy(np.concatenate([data.train["x"], data.test["x"]]))
    made = samples_of(document, events[-1].run, real)
    torch.testing.assert_close(made.mean(0), real.mean(0), rtol=0, atol=0.1)
    torch.testing.assert_close(made.T.cov(), real.T.cov(), rtol=0, atol=0.06)
    angles = torch.arange(8) * math.tau / 8
    heaps = torch.stack([angles.cos(), angles.sin()], 1)
    distance, nearest = torch.cdist(made, heaps).min(1)
    shares = torch.bincount(nearest, minlength=8) / len(made)
    assert shares.min() > 0.06
    assert shares.max() < 0.2
    assert (distance < 5 * 0.05).float().mean() > 0.9


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_dcgan_draws_digits(tmp_path: Path) -> None:
    """The mean image is that of real digits within 0.03, the spread of pixels within a fifth."""
    document = on_one_core(find("dcgan").build(**find("dcgan").small))
    events = train(document, tmp_path)
    last = [epoch.train["train_discriminator"] for epoch in epochs(events)[-5:]]
    assert 0.1 < float(np.mean(last)) < CHANCE
    pixels = np.asarray(source_of(document.data).load().train["x"])
    assert pixels.dtype == np.uint8
    real = torch.from_numpy(pixels).float() / 255
    made = (samples_of(document, events[-1].run, real) + 1) / 2
    assert (made.mean(0) - real.mean(0)).abs().mean() < 0.03
    assert made.std(0).mean() == pytest.approx(real.std(0).mean().item(), rel=0.2)
