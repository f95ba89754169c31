"""What trained models answer to the rows of the data, beside what a run measures of them."""

from __future__ import annotations

import numpy as np
import pytest

from assets import path as asset
from backends.data.browsing.answers import CERTAINTY, MISS, VERDICT, answered, verdicts_of
from backends.data.browsing.choosing import Choice, chosen
from backends.data.browsing.opening import samples_of
from backends.data.browsing.samples import LEFT_OUT, TEST
from backends.data.source import Cancelled
from backends.protocol import Finished
from backends.pytorch.evaluation import evaluate_run
from backends.pytorch.parting import validating
from backends.pytorch.trying import answer_all
from graph import edits, fileio
from graph.problems import UserError
from tests.backends.pytorch.drawings import with_recipe
from tests.backends.pytorch.running import train


def trained(name, runs):
    document = fileio.load(asset("examples", f"{name}.loom")).document
    document = with_recipe(document, threads=1, device="cpu", epochs=2)
    last = train(document, runs)[-1]
    assert isinstance(last, Finished), last
    return document, last.run


def ask(document, run, cancelled=lambda: False):
    return answer_all(document, run, lambda _share: None, cancelled)


def samples(document):
    def apart(drawn, rows):
        return validating(drawn, rows, 0.1, 0)

    return samples_of(document.data, apart, lambda _share: None, lambda: False)


@pytest.fixture(scope="module")
def penguins(tmp_path_factory):
    return trained("penguins-mlp", tmp_path_factory.mktemp("penguins"))


def test_the_test_is_answered_right_as_often_as_a_run_measures(penguins):
    document, run = penguins
    found = answered(samples(document), ask(document, run))
    verdicts = verdicts_of(found)
    share = (verdicts[found.parts == TEST] == 0).mean()
    assert share == pytest.approx(evaluate_run(document, run).means["accuracy"], abs=1e-6)
    assert (verdicts[found.parts == LEFT_OUT] == -1).all()


def test_every_row_of_a_table_has_its_own_answer(penguins):
    document, run = penguins
    answers = ask(document, run)
    found = answered(samples(document), answers)
    label = found.label.codes
    assert np.array_equal(answers.truth[found.places[found.places >= 0]], label[found.places >= 0])
    assert np.allclose(answers.scores.sum(axis=1), 1, atol=1e-5)
    wrong = chosen(found, Choice(verdict=1, sort=CERTAINTY))
    columns = {column.name: column for column in found.columns}
    assert {columns[VERDICT].text(row) for row in wrong} <= {"wrong"}
    sure = [float(columns[CERTAINTY].text(row)) for row in wrong]
    assert sure == sorted(sure) and len(wrong) == (~answers.right()).sum()


def test_asking_once_more_takes_the_place_of_the_old_answers(penguins):
    document, run = penguins
    first = answered(samples(document), ask(document, run))
    assert len(answered(first, ask(document, run)).columns) == len(first.columns)


def test_numbers_are_told_with_how_far_they_are_off(tmp_path):
    document, run = trained("sunspots-gru", tmp_path)
    answers = ask(document, run)
    found = answered(samples(document), answers)
    misses = next(column for column in found.columns if column.name == MISS).values()
    assert np.allclose(misses, np.abs(answers.scores - answers.truth)[:, 0], atol=1e-6)


def test_a_model_that_answers_a_text_has_no_answer_to_a_row(tmp_path):
    document = fileio.load(asset("examples", "text-gru.loom")).document
    with pytest.raises(UserError, match="no answer to show"):
        ask(document, tmp_path)


def test_weights_of_another_drawing_are_refused(penguins):
    document, run = penguins
    other = next(id for id, node in document.graph.nodes.items() if node.kind == "dense")
    wider = edits.set_param(document, [other], "features", 77)
    with pytest.raises(UserError, match="do not fit"):
        ask(wider, run)


def test_it_can_be_cancelled(penguins):
    with pytest.raises(Cancelled):
        ask(*penguins, cancelled=lambda: True)
