"""Blocks whose parameters say how many outputs they have."""

from __future__ import annotations

import pytest

from graph import edits
from graph.infer import infer
from graph.lower import lower
from graph.model import NodeId
from graph.params import Expr
from graph.problems import UserError
from tests.drawing import chain, draw, set_params

N2 = NodeId("n2")


def ports(document):
    return edits.ports_of(document, N2)[1]


def test_the_parameter_says_how_many_outputs_there_are():
    document = chain("input chunk")
    assert ports(document) == ["y1", "y2"]
    assert ports(set_params(document, "n2", parts=3)) == ["y1", "y2", "y3"]
    assert ports(set_params(chain("input split"), "n2", sizes=(4, 2, 1))) == ["y1", "y2", "y3"]


def test_a_variable_may_say_it():
    document = edits.set_variable(chain("input chunk"), "gates", 4)
    document = edits.set_param(document, [N2], "parts", Expr("gates"))
    assert ports(document) == ["y1", "y2", "y3", "y4"]


def test_a_parameter_that_is_refused_shows_the_ports_of_the_default():
    document = edits.set_param(chain("input chunk"), [N2], "parts", Expr("missing"))
    assert ports(document) == ["y1", "y2"]


def test_an_output_can_be_wired_only_if_it_is_there():
    document = set_params(draw("input chunk output"), "n1", shape="6")
    document = edits.connect(document, NodeId("n1"), "y", N2, "x")
    with pytest.raises(UserError, match="no output called y3"):
        edits.connect(document, N2, "y3", NodeId("n3"), "x")
    document = set_params(document, "n2", parts=3)
    document = edits.connect(document, N2, "y3", NodeId("n3"), "x")
    assert str(infer(document).type_of(N2, "y3")) == "N×2"
    assert lower(document, infer(document)).is_whole


def test_a_wire_from_an_output_that_is_gone_is_a_problem_of_the_block_it_leads_to():
    document = set_params(draw("input chunk output"), "n1", shape="6")
    document = edits.connect(document, NodeId("n1"), "y", N2, "x")
    document = set_params(document, "n2", parts=3)
    document = edits.connect(document, N2, "y3", NodeId("n3"), "x")
    fewer = set_params(document, "n2", parts=2)
    (problem,) = infer(fewer, infer(document)).problems.values()
    assert problem.nodes == ("n3",)
    assert "y3" in problem.text
