"""What a benchmark prints: a table, and a last line that machines read."""

import json

from benchmarks.drawings import large_drawing
from benchmarks.report import Bar, median_ms, report
from graph.infer import infer


def test_the_last_line_is_the_whole_report(capsys):
    code = report("canvas", [Bar("ratio", 0.5, 1.0), Bar("slow", 2.0, 1.0)], {"ms": 3})
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert code == 0
    assert line["benchmark"] == "canvas"
    assert line["machine"]
    assert line["detail"] == {"ms": 3}
    assert [bar["holds"] for bar in line["bars"]] == [True, False]


def test_the_median_ignores_the_warm_up():
    ticks = iter([0.0, 0.001, 1.0, 1.003, 2.0, 2.002])
    assert median_ms(lambda: None, repeats=3, warm_up=4, clock=lambda: next(ticks)) == 2.0


def test_a_large_drawing_has_its_blocks_wired():
    document = large_drawing(500)
    typing = infer(document)
    assert len(document.graph.nodes) == 500
    assert document.graph.wires.count > 600
    assert len(typing.types) == 500
