"""Edits of the code in a drawing, and what is known of it before it runs."""

from dataclasses import replace

import pytest

from graph import edits, probes, trust
from graph.check import check
from graph.code_edits import set_code, untrusted
from graph.composites.making import make
from graph.composites.parameters import promote
from graph.fileio import dumps, loads
from graph.infer import infer
from graph.lower import lower
from graph.model import NodeId
from graph.params import Expr
from graph.probes import Answer
from graph.problems import Severity, UserError
from graph.tensor import T
from tests.custom import GATE, drawn, forward, source_of, strangers, trusting

__all__ = ["strangers"]
CUSTOM = NodeId("n2")


def problem_of(document):
    return infer(document).problems.get(CUSTOM)


def test_code_that_is_not_trusted_is_a_problem_and_asks_for_nothing():
    probes.take_wanted()
    problem = problem_of(drawn(GATE))
    assert problem.code == probes.UNTRUSTED
    assert problem.severity is Severity.ERROR
    assert probes.take_wanted() == []


def test_trusted_code_waits_until_its_shapes_are_known():
    document = trusting(drawn(GATE.replace("sigmoid", "erf")))  # no other test asks for it
    probes.take_wanted()
    problem = problem_of(document)
    assert (problem.code, problem.severity) == (probes.PROBING, Severity.WARNING)
    (question,) = probes.take_wanted()
    assert question.inputs == (("x", T("N", 16)),)
    probes.tell(question, Answer((T("N", 16), T("N", 2)), parameters=5))
    typing = infer(document)
    assert typing.types[CUSTOM] == {"kept": T("N", 16), "opened": T("N", 2)}
    assert typing.types["n3"] == {"y": T("N", 64)}


def test_trust_is_of_the_very_text():
    trusting(drawn(GATE))
    assert not trust.is_trusted(source_of(GATE.replace("sigmoid", "sigmoid ")))
    assert trust.is_trusted(source_of("from torch import nn\n\n" + GATE))


def test_parameters_of_the_class_are_those_of_the_block():
    document = edits.set_param(drawn(GATE), [CUSTOM], "features", 8)
    assert document.node(CUSTOM).params["features"] == 8
    with pytest.raises(UserError, match="no parameter"):
        edits.set_param(document, [CUSTOM], "rate", 1)


def test_other_code_keeps_wires_and_values_that_still_fit():
    document = edits.set_param(drawn(GATE), [CUSTOM], "features", 8)
    renamed = GATE.replace("x: Tensor", "image: Tensor").replace("kept", "y")
    changed = set_code(document, CUSTOM, renamed)
    assert [edge.into for edge in changed.graph.inputs_of(CUSTOM)] == ["image"]
    assert [edge.out for edge in changed.graph.consumers_of(CUSTOM)] == ["y"]
    assert changed.node(CUSTOM).params == {"code": renamed, "features": 8}


def test_wires_that_find_no_port_go():
    changed = set_code(drawn(GATE), CUSTOM, forward("return torch.ones(3)", "").replace(", )", ")"))
    assert changed.graph.inputs_of(CUSTOM) == ()


def test_code_with_a_mistake_is_refused():
    with pytest.raises(UserError, match="Line 3"):
        set_code(drawn(GATE), CUSTOM, forward("return x +"))


def test_two_classes_of_one_name_are_an_error_unless_they_are_the_same():
    document = edits.add(drawn(GATE), "custom", params={"code": GATE})
    assert not [p for p in check(document, infer(document)) if p.code == "class-name"]
    document = edits.set_param(document, [NodeId("n4")], "code", GATE.replace("sigmoid", "tanh"))
    (problem,) = [p for p in check(document, infer(document)) if p.code == "class-name"]
    assert "a class Gate that differs" in problem.text


def test_a_class_that_hides_another_of_its_name_is_left_out_of_the_code():
    document = trusting(drawn(GATE))
    document = edits.add(document, "custom", params={"code": GATE.replace("sigmoid", "tanh")})
    document = trusting(edits.connect(document, "n2", "kept", "n4", "x"))
    for _ in range(2):
        infer(document)
        for question in probes.take_wanted():
            probes.tell(question, Answer((T("N", 16), T("N", 16))))
    ((node, text),) = lower(document, infer(document)).gaps
    assert node == "n4"
    assert "brings along another Gate" in text


def test_a_file_keeps_code_as_it_was_written():
    document = drawn("# mine\n" + GATE + "\n\n", features=8)
    assert loads(dumps(document)).document == document


def test_code_of_another_kind_than_text_is_a_problem():
    document = drawn(GATE)
    node = document.node(CUSTOM)
    text = dumps(document).replace(dumps_of(node.params["code"]), "5")
    assert problem_of(loads(text).document).code == "parameter"


def dumps_of(code):
    import json

    return json.dumps(code)


def test_all_code_of_a_file_is_asked_about_once():
    document = edits.add(drawn(GATE), "custom", params={"code": GATE})
    document = edits.add(document, "custom", params={"code": forward("return x")})
    assert [written.name for written in untrusted(document)] == ["Gate", "Tried"]


def test_code_cannot_be_given_from_outside_a_composite():
    document = make(drawn(GATE), [CUSTOM], "Gated").inside("Gated")
    with pytest.raises(UserError, match="stays in its block"):
        promote(document, CUSTOM, "code")
    assert promote(document, CUSTOM, "features").whole().definitions["Gated"].parameters


def test_code_that_an_expression_names_is_not_trusted():
    document = edits.set_param(trusting(drawn(GATE)), [CUSTOM], "features", 16)
    node = replace(document.node(CUSTOM), params={"code": Expr("smuggled")})
    document = document.with_graph({**document.graph.nodes, CUSTOM: node})
    problem = problem_of(replace(document, variables={"smuggled": forward("return x")}))
    assert problem.code in (probes.UNTRUSTED, "refused", "code")
