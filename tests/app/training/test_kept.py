"""Another source keeps the values that mean the same to it."""

from app.training.kept import other_source
from backends.data.source import sources
from graph.data import DataSpec


def test_another_text_is_cut_alike():
    old = DataSpec("stdlib", {"window": 64, "alphabet": 90})
    new = other_source(old, sources(), "text", path="mine.txt")
    assert new == DataSpec("text", {"path": "mine.txt", "window": 64, "alphabet": 90})
    assert other_source(new, sources(), "stdlib") == old


def test_what_means_something_else_is_not_kept():
    old = DataSpec("digits", {"size": "28", "layout": "rows"})
    assert other_source(old, sources(), "images") == DataSpec("images")
    assert other_source(DataSpec("csv", {"path": "a.csv"}), sources(), "npy") == DataSpec("npy")


def test_what_would_be_refused_is_not_kept():
    old = DataSpec("mixture2d", {"rows": 5_000_000, "seed": 3})
    assert other_source(old, sources(), "speech") == DataSpec("speech", {"seed": 3})
    assert other_source(DataSpec("text", {"window": "T"}), sources(), "stdlib").params == {}


def test_unknown_sources_keep_nothing():
    old = DataSpec("from another world", {"seed": 3})
    assert other_source(old, sources(), "moons") == DataSpec("moons")
