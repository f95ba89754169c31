"""What is said of the weights of single blocks: kept in files, checked, followed by sharers."""

import pytest

from graph import edits
from graph.check import check
from graph.composites import repeating
from graph.fileio import dumps, loads
from graph.infer import infer
from graph.params import Expr
from graph.problems import UserError
from graph.tuning import AS_EVER, Tuned, set_tuning, tuned
from tests.drawing import chain, set_params


def test_a_tuning_is_an_edit_that_keeps_no_defaults():
    document = chain("input dense relu dense")
    slower = set_tuning(document, ["n2"], "learning_rate", 0.1)
    assert slower.graph.nodes["n2"].tuning == {"learning_rate": 0.1}
    assert set_tuning(slower, ["n2"], "learning_rate", 1.0) == document
    assert document.graph.nodes["n2"].tuning == {}


def test_files_keep_it():
    document = set_tuning(chain("input dense"), ["n2"], "initial", "orthogonal")
    document = set_tuning(document, ["n2"], "gain", Expr("0.5 * 2"))
    assert loads(dumps(document)).document == document
    assert '"tuning": {"gain": {"expr": "0.5 * 2"}, "initial": "orthogonal"}' in dumps(document)


def test_wrong_values_are_refused_and_blocks_without_weights_are_passed_over():
    document = chain("input dense relu")
    with pytest.raises(UserError, match="Learning rate × must be at least 0"):
        set_tuning(document, ["n2"], "learning_rate", -1.0)
    with pytest.raises(UserError, match="None of these blocks has weights"):
        set_tuning(document, ["n3"], "learning_rate", 0.5)
    both = set_tuning(document, ["n2", "n3"], "learning_rate", 0.5)
    assert both.graph.nodes["n3"].tuning == {}


def test_who_shares_weights_shares_how_they_learn():
    document = chain("input dense dense")
    document = set_params(set_params(document, "n2", features=4), "n3", features=4)
    document = set_params(document, "n1", shape="4")
    document = set_tuning(document, ["n2"], "learning_rate", 0.5)
    document = repeating.share(document, "n3", "n2")
    assert document.graph.nodes["n3"].tuning == {"learning_rate": 0.5}
    document = set_tuning(document, ["n3"], "initial", "zeros")
    assert document.graph.nodes["n2"].tuning == {"learning_rate": 0.5, "initial": "zeros"}


def test_a_wrong_value_in_a_file_is_a_problem_that_can_be_mended():
    document = set_tuning(chain("input dense"), ["n2"], "learning_rate", 0.5)
    broken = loads(dumps(document).replace('"learning_rate": 0.5', '"learning_rate": "fast"'))
    document = broken.document
    found = [p for p in check(document, infer(document)) if p.code == "tuning"]
    assert len(found) == 1
    assert "cannot learn so" in found[0].text
    assert found[0].fixes[0].edit(document).graph.nodes["n2"].tuning == {}
    assert tuned(document.graph.nodes["n2"], {}) == AS_EVER


def test_values_may_use_variables():
    document = set_tuning(chain("input dense"), ["n2"], "learning_rate", Expr("1 / depth"))
    assert tuned(document.graph.nodes["n2"], {"depth": 4}) == Tuned(learning_rate=0.25)
    assert edits.remove(document, ["n2"]).graph.nodes.keys() == {"n1"}
