"""`torchloom bench` tells how long each block takes, as a table or as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main

FILE = Path(__file__).parents[3] / "assets" / "examples" / "moons-mlp.loom"


def test_json_has_every_block_with_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(FILE), "--device", "cpu", "--threads", "1", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"device", "rows", "passes", "whole", "sum_of_blocks", "blocks"} <= set(answer)
    kinds = {block["kind"] for block in answer["blocks"]}
    assert "dense" in kinds
    assert all(block["forward_ms"] > 0 for block in answer["blocks"])
    assert sum(block["share"] for block in answer["blocks"]) == pytest.approx(1.0, abs=0.01)


def test_people_read_a_table_with_the_slowest_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(FILE), "--device", "cpu", "--batch-size", "50"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["block", "kind", "forward", "backward", "share"]
    shares = [float(line.split()[-2]) for line in lines[1:-2]]
    assert shares == sorted(shares, reverse=True)
    assert lines[-1].startswith("50 rows at a time on cpu")


def test_a_value_out_of_bounds_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(FILE), "--batch-size", "0"]) == 2
    assert "Batch size must be at least 1" in capsys.readouterr().err
