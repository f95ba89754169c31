"""A model of sequences needs a logit for every token of its data, and may have more."""

from __future__ import annotations

from graph import edits
from graph.check import check
from graph.data import Column, DataInfo
from graph.gallery import find
from graph.infer import infer
from graph.problems import Problem, Severity


def problems(vocabulary: int, tokens: int) -> list[Problem]:
    document = find("gru").build(data="text")
    (logits,) = [node for node in document.graph.nodes.values() if node.name == "logits"]
    document = edits.set_param(document, [logits.id], "features", vocabulary)
    names = tuple(map(chr, range(97, 97 + tokens)))
    columns = (
        Column("tokens", (8,), "int64", "input", names),
        Column("following", (8,), "int64", "target", names, follows="tokens"),
    )
    return check(document, infer(document), data=DataInfo("Letters", columns, 10, 2))


def test_too_few_logits_are_an_error_with_a_fix() -> None:
    (problem,) = problems(20, 26)
    assert problem.code == "class-count" and problem.severity is Severity.ERROR
    assert "receives 20 logits, but “following” has 26 classes" in problem.text
    assert problem.short == "20 ≠ 26" and len(problem.fixes) == 1


def test_tokens_that_the_data_lacks_are_no_problem() -> None:
    assert problems(26, 26) == problems(128, 26) == []
