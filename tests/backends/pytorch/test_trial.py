"""Inputs made up for trying a block are ones that its code can do with."""

import pytest
import torch

from backends.pytorch.trial import Trial, devices_of, model_of, run, source_of, tensors_for
from graph.block import Block, Category, block
from graph.blocks.classification_losses import Bce
from graph.blocks.recurrent import Gru
from graph.tensor import T, TensorType


def test_numbers_are_in_the_range_that_a_block_names():
    trial = Trial(Bce(), {"prediction": T(200, 3), "target": T(200, 3)})
    given = tensors_for(trial)
    assert all(0 <= tensor.min() < tensor.max() <= 1 for tensor in given)
    assert run(model_of(source_of(trial)), given)[0].isfinite()


def test_whole_numbers_are_in_that_range_too_and_keep_their_dtype():
    trial = Trial(Gru(), {"x": T(9, 4, 3), "lengths": T(9, dtype="int64")})
    x, lengths = tensors_for(trial)
    assert x.min() < 0
    assert lengths.tolist() == [1] * 9
    assert lengths.dtype == torch.int64


def test_code_that_looks_at_numbers_is_not_tried_where_there_are_none():
    x, lengths = T("N", 4, 3), T("N", dtype="int64")
    assert devices_of(Trial(Gru(), {"x": x})) == ("meta", "cpu")
    assert devices_of(Trial(Gru(), {"x": x, "lengths": lengths})) == ("cpu",)


@pytest.mark.parametrize("names", [{"ranges": {"z": (0, 1)}}, {"reads": frozenset({"z"})}])
def test_a_declaration_names_only_ports_that_are_there(names):
    class Wrong(Block):
        """Does nothing."""

        def infer(self, x: TensorType) -> TensorType:
            return x

        emit = Gru.emit

    for name, value in names.items():
        setattr(Wrong, name, value)
    with pytest.raises(TypeError, match="no input port is called z"):
        block("wrong", title="Wrong", category=Category.MATH)(Wrong)
