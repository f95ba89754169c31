"""Drawings with one value or key changed at random: told, never a traceback."""

from __future__ import annotations

import contextlib
import copy
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.cli import main
from graph.check import check
from graph.fileio import dumps, loads
from graph.infer import infer
from graph.problems import UserError
from tests.drawing import chain

BASE: dict[str, Any] = {
    **json.loads(dumps(chain("input conv2d relu flatten dense dropout output"))),
    "variables": {"width": 3.0},
    "recipe": {"epochs": 2},
}
BASE["nodes"][1]["params"] = {"out_channels": {"expr": "width * 2"}, "kernel_size": [3, 3]}
ODD = [
    None, True, -1, 0, 1, 2.5, 1e308, 10**40, float("nan"), float("inf"), "", "x", "n1.y", "n2",
    "[",    "'\"\"\"\n", "1" * 3000, "\x00", "🙂", [], {}, [[1, 2], 3], {"a": {"b": [1]}}, [0, 0],
    ["n1.y", "n1.x"],
    {"expr": "1/0"}, {"expr": "9**9**9"}, {"expr": "__import__('os')"}, {"expr": "(" * 500},
]  # fmt: skip
Path_ = tuple[str | int, ...]


def places(value: object, at: Path_ = ()) -> list[Path_]:
    """The ways to every value inside a value."""
    found = [at] if at else []
    items = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list)
        else ()
    )  # fmt: skip
    for key, inner in items:
        found += places(inner, (*at, key))
    return found


def changed(place: Path_, value: object, is_dropped: bool) -> dict[str, Any]:
    """The drawing with the value at a place replaced, or without it."""
    made = copy.deepcopy(BASE)
    inner: Any = made
    for key in place[:-1]:
        inner = inner[key]
    if is_dropped:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return made


@pytest.mark.parametrize("command", ["check", "stats"])
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.sampled_from(places(BASE)), value=st.sampled_from(ODD), is_dropped=st.booleans())
def test_a_drawing_with_one_odd_value_is_answered(
    tmp_path: Path, command: str, place: Path_, value: object, is_dropped: bool
) -> None:
    path = tmp_path / "odd.loom"
    path.write_text(json.dumps(changed(place, value, is_dropped)), "utf-8")
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        code = main([command, str(path), "--json"])
    assert code in (0, 1)
    assert isinstance(json.loads(out.getvalue().splitlines()[-1]), dict)


@settings(max_examples=150, deadline=None)
@given(place=st.sampled_from(places(BASE)), value=st.sampled_from(ODD), is_dropped=st.booleans())
def test_the_fixes_of_a_drawing_with_one_odd_value_are_edits_or_refused(
    place: Path_, value: object, is_dropped: bool
) -> None:
    try:
        document = loads(json.dumps(changed(place, value, is_dropped))).document
    except UserError:
        return
    for problem in check(document, infer(document)):
        for fix in problem.fixes:
            with contextlib.suppress(UserError):
                mended = fix.edit(document)
                assert loads(dumps(mended)).document == mended
