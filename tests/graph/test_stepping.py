"""Lists of steps between data and model: what they make of columns, and their form in files."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import pytest

from graph import edits
from graph.data import Column, DataInfo, DataSpec, StepSpec
from graph.differences import recipe_differences
from graph.fileio import dumps, loads
from graph.model import Document
from graph.params import Expr
from graph.problems import UserError
from graph.stepping import stepped
from graph.steps import step_kinds

IMAGE = Column("image", (3, 32, 24), "float32", "input")
LABEL = Column("label", (), "int64", "target", ("cat", "dog", "cow"))
MASK = Column("mask", (32, 24), "int64", "target", ("no", "yes"))
TOKENS = Column("text", (16,), "int64", "input", ("a", "b"))


def info(*columns: Column) -> DataInfo:
    return DataInfo("Test", columns, 10, 2)


def refusal(columns: tuple[Column, ...], kind: str, **values: object) -> str:
    with pytest.raises(UserError) as caught:
        stepped(info(*columns), [StepSpec(kind, values)])  # type: ignore[arg-type]  # as in a file
    return str(caught.value)


def test_without_steps_the_data_is_as_it_was() -> None:
    held = info(IMAGE, LABEL)
    assert stepped(held, ()) is held
    assert stepped(held, [StepSpec("flip", on=False)]) is held


def test_sizes_follow_the_steps_in_their_order_and_masks_move_along() -> None:
    steps = [StepSpec("resize", {"size": (40, 40)}), StepSpec("crop", {"size": (36, 30)})]
    found = stepped(info(IMAGE, MASK, LABEL), steps)
    assert [each.shape for each in found.columns] == [(3, 36, 30), (36, 30), ()]
    assert found.columns[1].classes == MASK.classes


def test_mixing_makes_probabilities_of_classes() -> None:
    found = stepped(info(IMAGE, LABEL), [StepSpec("mixup")]).column("label")
    assert found is not None
    assert (found.shape, found.dtype, found.classes) == ((3,), "float32", LABEL.classes)


def test_what_does_not_suit_is_said_with_the_place_of_the_step() -> None:
    text = refusal((IMAGE,), "crop", size=(40, 20))
    assert text.startswith("Step 1 of the data, Random crop: the crop of 40×20 is larger")
    assert "32×24" in text
    assert "changes sequences of tokens" in refusal((IMAGE, LABEL), "token_dropout")
    assert "0 to 1" in refusal((TOKENS,), "token_dropout", token=2)
    assert "no column “x”" in refusal((IMAGE,), "noise", column="x")
    assert "cannot mix “mask”" in refusal((IMAGE, MASK), "mixup")
    assert "cannot mix “text”" in refusal((IMAGE, TOKENS, LABEL), "mixup")
    assert "at most 1" in refusal((IMAGE,), "flip", horizontal=2.0)
    assert "mirrored" in refusal((IMAGE,), "crop", padding=24, filled="reflect")
    assert "larger than the pictures" in refusal((IMAGE,), "cut_out", size=33)
    assert "wider than" in refusal((IMAGE,), "masks", along_last=25)


def test_a_step_that_is_not_known_is_kept_and_refused_unless_it_is_off() -> None:
    held = StepSpec("warp_2031", {"strength": 3}, extra={"hint": [1, 2]})
    document = edits.set_data(Document(), DataSpec(steps=(held,)))
    assert loads(dumps(document)).document.data == document.data
    with pytest.raises(UserError, match="“warp_2031”, which this version does not have"):
        stepped(info(IMAGE), [held])
    stepped(info(IMAGE), [replace(held, on=False)])


def test_steps_come_back_from_files_and_pickles_in_their_order() -> None:
    steps = (
        StepSpec("crop", {"size": (28, 28), "padding": 4}),
        StepSpec("noise", {"deviation": Expr("width / 10")}, on=False),
    )
    spec = DataSpec("digits", {}, {}, steps)
    document = edits.set_data(Document(), spec)
    assert loads(dumps(document)).document.data == spec
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert '"steps"' not in dumps(Document())


def test_steps_of_the_wrong_form_are_named() -> None:
    data = json.loads(dumps(Document()))
    data["data"]["steps"] = [{"kind": "flip"}, 7]
    with pytest.raises(UserError, match="step 2 of the data should be an object"):
        loads(json.dumps(data))


def test_drawings_differ_where_their_steps_do() -> None:
    document = Document()
    other = edits.set_data(document, DataSpec(steps=(StepSpec("flip", {"vertical": 0.5}),)))
    [found] = recipe_differences(document, other)
    assert "vertical 0.5" in str(found)


@pytest.mark.parametrize("kind", step_kinds().values(), ids=lambda kind: kind.kind)
def test_every_step_is_fully_declared(kind: type) -> None:
    assert kind.title and kind.__doc__ and kind.wants and kind.acts in ("always", "training")
    assert kind.runs.startswith("backends.pytorch.steps.")
    assert all(param.help.endswith(".") for param in kind.params.values())
    assert isinstance(kind().summary(), str)
