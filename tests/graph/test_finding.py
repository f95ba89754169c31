"""What the words of a query find."""

from __future__ import annotations

from dataclasses import replace

import pytest

from graph import edits
from graph.finding import Setting, Sizes, Word, matches, read_query
from graph.infer import infer
from graph.problems import Problem, Severity
from graph.registry import default_registry
from tests.drawing import chain, set_params

REGISTRY = default_registry()


def cnn():
    document = chain("input conv2d relu max_pool2d conv2d flatten dense output")
    return set_params(document, "n5", kernel_size=(5, 5), out_channels=64)


def found(query, document=None, problems=None):
    document = document or cnn()
    typing = infer(document, None, REGISTRY)
    answer = matches(read_query(query), document, typing, REGISTRY, problems or {})
    return {match.node: match.why for match in answer}


def test_a_query_is_read():
    assert read_query("Conv k=3 *×64 3x32x32") == (
        Word("conv"), Setting("k", "=", "3"), Sizes(("*", "64")), Sizes(("3", "32", "32")),
    )  # fmt: skip
    assert read_query('"max pool" n>=2') == (Word("max pool"), Setting("n", ">=", "2"))
    assert read_query("   ") == ()


@pytest.mark.parametrize(
    ("query", "nodes"),
    [
        ("conv", ["n2", "n5"]),
        ("max pool", ["n4"]),
        ("conv2d", ["n2", "n5"]),
        ("kernel_size=5", ["n5"]),
        ("kernel_size=5x5", ["n5"]),
        ("conv kernel_size!=5", ["n2"]),
        ("out_channels>=64", ["n5"]),
        ("out_channels<64", ["n2"]),
        ("out=64", ["n5"]),
        ("weight_norm=none", ["n2", "n5", "n7"]),
        ("N×32×26×26", ["n2", "n3", "n4"]),
        ("32x13x13", ["n4", "n5"]),
        ("*x13x13", ["n4", "n5"]),
        ("5x5", ["n5"]),
        ("bias", ["n2", "n5", "n7"]),
        ("zebra", []),
        ("kernel_size=many", []),
        ("out_channels>many", []),
    ],
)
def test_blocks_are_found(query, nodes):
    assert list(found(query)) == nodes


def test_what_fits_is_said_where_the_title_does_not_show_it():
    assert found("dense") == {"n7": ""}
    assert found("kernel_size=5") == {"n5": "kernel_size 5×5"}


def test_problems_are_found_by_their_severity_and_their_words():
    problem = Problem("doubt", "This is odd.", Severity.WARNING, nodes=("n3",))
    assert found("warning", problems={"n3": [problem]}) == {"n3": "This is odd."}
    assert found("odd", problems={"n3": [problem]}) == {"n3": "This is odd."}
    assert found("error", problems={"n3": [problem]}) == {}


def test_blocks_with_refused_or_unknown_parts_are_found_too():
    document = cnn()
    node = replace(document.graph.nodes["n2"], params={"out_channels": -4})
    document = document.with_graph({**document.graph.nodes, "n2": node})
    assert "n2" in found("out_channels=-4", document)
    assert found("conv2", document)


def test_found_blocks_go_from_top_to_bottom():
    document = edits.move(cnn(), {"n5": (0.0, -100.0)})
    assert list(found("conv", document)) == ["n5", "n2"]
