"""What code gives is seen by running it elsewhere, and nothing it does reaches this process."""

from __future__ import annotations

import pytest

from backends import probing
from graph import probes
from graph.model import NodeId
from graph.tensor import T, symbol
from tests.custom import GATE, drawn, forward, strangers, trusting

__all__ = ["strangers"]
CUSTOM = NodeId("n2")


def settled(code, shape="16", **params):
    """The types or the problem of trusted code."""
    typing = probing.settled(trusting(drawn(code, shape, **params)))
    problem = typing.problems.get(CUSTOM)
    return problem.text if problem else tuple(typing.types[CUSTOM].values())


def test_shapes_are_found_with_an_open_batch():
    assert settled(GATE) == (T("N", 16), T("N", 16))


def test_weights_and_products_are_counted():
    typing = probing.settled(trusting(drawn(GATE)))
    block = typing.blocks[CUSTOM]
    assert block.parameters(T("N", 16), None) == 16 * 16 + 16
    assert block.multiply_adds(T("N", 16), None) == symbol("N") * 16 * 16


def test_parameters_reach_the_class():
    assert "fails in line 9" in settled(GATE, features=3)


@pytest.mark.parametrize(
    ("body", "shape", "types"),
    [
        ("return x.reshape(-1, 2)", "4", (T(2 * symbol("N"), 2),)),
        ("return x[:, :, ::2]", "3, T", (T("N", 3, (symbol("T") + 1) // 2),)),
        ("return x.argmax(1), x > 0", "4", (T("N", dtype="int64"), T("N", 4, dtype="bool"))),
        ("return x * x.sum().item()", "4", (T("N", 4),)),
    ],
)
def test_shapes_follow_the_code(body, shape, types):
    assert settled(forward(body), shape) == types


def test_what_is_too_short_at_first_is_tried_longer():
    code = forward("return F.avg_pool1d(x, 31)")
    assert settled(code, "3, T")[0].shape[:2] == (symbol("N"), 3)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("return np.zeros(3)", "fails in line 3 when it is tried: NameError"),
        ("return 3", "must return tensors, but returns int"),
        ("return x, x, 3", "returns 3 values, but declares 1"),
        ("return x[x > 0]", "the first time"),
        ("return x if x.shape[0] < 9 else x.sum()", "another kind of tensor"),
        ("return torch.zeros(1 << 42)", "gives a tensor"),
        ("raise SystemExit(3)", "SystemExit"),
    ],
)
def test_what_cannot_be_used_is_told(body, text):
    told = settled(forward(body + "\nreturn x"))
    if "1 << 42" in body:
        assert told == (T(1 << 42),)  # no memory is taken to see it
    else:
        assert text in told


def test_lines_are_those_of_what_was_typed():
    assert "in line 6" in settled("# mine\n\nimport torch\n" + forward("return np.zeros(3)"))


def test_code_without_trust_is_never_tried(tmp_path):
    marker = tmp_path / "marker"
    body = f"open({str(marker)!r}, 'w').close()\nreturn x"
    typing = probing.settled(drawn(forward(body)))
    assert typing.problems[CUSTOM].code == probes.UNTRUSTED
    question = probes.Question(forward(body), "Tried", (), (("x", T(2, 16)),), "", 1)
    probing.answer([question])
    assert not marker.exists()
    assert settled(forward(body)) == (T("N", 16),)
    assert marker.exists(), "this very code would have shown it"


def test_code_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(probing, "ANSWERS_IN_S", 0.5)
    assert "does not come to an end within 0.5 s" in settled(forward("while True: pass\nreturn x"))


@pytest.mark.slow
def test_code_that_ends_its_process_is_told_and_the_next_is_tried():
    assert "ends the process" in settled(forward("__import__('os')._exit(3)\nreturn x"))
    assert settled(forward("return x + 1")) == (T("N", 16),)
