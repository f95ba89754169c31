"""From a document to what runs."""

import dataclasses

import numpy as np
import pytest
import torch

from backends.data.source import Cancelled
from backends.pytorch.prepare import (
    BlockError,
    build_model,
    load_columns,
    need_loss,
    prepare,
    recipe_of,
)
from backends.pytorch.recipe import Recipe
from graph import edits
from graph import recipe as declared
from graph.data import DataSpec
from graph.gallery import find
from graph.model import Document, NodeId
from graph.params import Expr
from graph.problems import UserError
from tests.backends.pytorch.drawings import digits_mlp, iris_mlp, with_recipe
from tests.drawing import chain, set_params


def test_the_form_and_the_loop_have_the_same_recipe():
    values = {n: v for n, v in declared.Recipe().values().items() if n not in declared.CHECKPOINTS}
    assert {
        **values,
        "parts": (),
        "groups": (),
        "changes": (),
        "frozen": "",
        "recomputed": (),
        "steps": (),
    } == dataclasses.asdict(Recipe())


def test_recipe_values_may_use_variables():
    document = edits.set_variable(iris_mlp(), "width", 8)
    document = with_recipe(document, batch_size=Expr("2 * width"))
    assert recipe_of(document).batch_size == 16


def test_a_prepared_document_has_source_and_columns():
    prepared = prepare(digits_mlp())
    assert prepared.columns == ("x", "y")
    assert "class Model" in prepared.source.model
    assert prepared.data.rows == 1438
    splits = load_columns(prepared)
    assert splits.train["x"].shape == (1438, 64)
    assert splits.test["y"].shape == (359,)


def test_only_the_columns_that_are_asked_for_are_kept():
    document = edits.remove(digits_mlp(), [NodeId("n5"), NodeId("n6"), NodeId("n7")])
    prepared = prepare(document)
    assert load_columns(prepared).train.keys() == {"x"}
    with pytest.raises(UserError, match="has no loss"):
        need_loss(prepared)


def test_weights_follow_from_the_seed():
    first, again = build_model(prepare(iris_mlp())), build_model(prepare(iris_mlp()))
    other = build_model(prepare(iris_mlp(seed=1)))
    weights = [torch.cat([w.flatten() for w in b.model.parameters()]) for b in (first, again)]
    assert torch.equal(*weights)
    assert not torch.equal(weights[0], torch.cat([w.flatten() for w in other.model.parameters()]))
    columns = load_columns(prepare(iris_mlp())).train
    batch = {name: torch.from_numpy(np.asarray(column)) for name, column in columns.items()}
    loss, metrics = first.objective(first.model, batch)
    assert loss.item() == pytest.approx(1.1, abs=0.3)
    assert list(metrics) == ["accuracy"]


def test_errors_are_listed_by_title():
    document = set_params(iris_mlp(), "n1", shape="5")
    with pytest.raises(UserError, match="Input “inputs” expects 5 a row, but “x” of"):
        prepare(document)
    document = set_params(document, "n5", dtype="float32")
    with pytest.raises(UserError, match=r"The drawing has \d errors:\n– .*\n– "):
        prepare(document)


def test_an_empty_drawing_is_refused():
    with pytest.raises(UserError, match="empty"):
        prepare(Document())


def test_missing_data_is_refused():
    document = edits.set_data(iris_mlp(), DataSpec("csv", {"path": "/no/such.csv", "target": "a"}))
    with pytest.raises(UserError, match=r"no/such\.csv"):
        prepare(document)


def test_a_drawing_without_input_is_refused():
    with pytest.raises(UserError, match="no wire|no Input"):
        prepare(chain("dense output"))


def test_it_can_be_cancelled_and_tells_what_it_does():
    told = []
    prepare(iris_mlp(), lambda text, share: told.append(text))
    assert told == ["Looking at the data", "Checking the drawing"]
    with pytest.raises(Cancelled):
        prepare(iris_mlp(), cancelled=lambda: True)


def test_weights_that_no_memory_holds_are_refused_at_once_with_the_largest_block():
    document = chain("input dense dense dense output")
    document = set_params(document, "n1", shape="1, 8, 8")
    document = set_params(document, "n2", features=10**9)
    document = set_params(document, "n3", features=10**9)
    with pytest.raises(UserError, match="memory is not enough") as refused:
        build_model(prepare(document))
    assert "Dense “dense2” has 1,000,000,001,000,000,000 of them" in str(refused.value)


def test_a_text_longer_than_the_model_has_room_for_is_refused_before_it_runs():
    document = find("gpt-2").build(**find("gpt-2").small)
    prepare(document)
    document = edits.set_data(document, DataSpec("stdlib", {"window": 100}))
    with pytest.raises(BlockError, match="has patterns for 64 places, but receives 100"):
        prepare(document)
