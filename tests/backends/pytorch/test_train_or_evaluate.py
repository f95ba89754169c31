"""Train or evaluate passes on what its name says."""

from __future__ import annotations

import torch

from backends.pytorch.compile import build
from backends.pytorch.source import print_source
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.lower import lower


def test_each_mode_passes_its_own_value_on() -> None:
    d = Drawing()
    x = d.add("input", shape="4")
    noisy = d.add("scale_shift", x, name="other", scale=2.0)
    d.add("output", d.add("train_or_evaluate", noisy, x))
    source = print_source(lower(d.document, infer(d.document)))
    model = build(source.model, source.objective, 0).model
    given = torch.randn(3, 4)
    torch.testing.assert_close(model.train()(given), 2 * given)
    torch.testing.assert_close(model.eval()(given), given)
