"""Words that stand for gaps in a table, and columns in which they are words."""

import pytest

from backends.data.browsing.opening import samples_of
from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError
from tests.backends.data.browsing.test_samples import apart

KINDS = ("INF", "NA", "nan", "shop")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "firms.csv"
    rows = [f"{n},{'?' if n == 5 else n % 7},{KINDS[n % 4]}" for n in range(80)]
    path.write_text("\n".join(["id,size,sector", *rows]), "utf-8")
    return path


def source(path, **params):
    params = {"path": str(path), "target": "sector", "columns": "size", **params}
    return source_of(DataSpec("csv", params))


def test_by_default_such_words_are_gaps(path):
    with pytest.raises(UserError, match="only the value “shop”"):
        source(path).describe()


def test_a_category_reads_them_as_words(path, same_when_exported):
    data = source(path, kinds="Sector: category")
    info = data.describe()
    assert info.column("y").classes == ("INF", "NA", "nan", "shop")
    assert info.rows + info.test_rows == 79  # the “?” of a number is still a gap
    assert len(data.load().train["y"]) == info.rows
    same_when_exported(data)


def test_words_for_gaps_are_said_for_all_columns(path, same_when_exported):
    data = source(path, gaps="?, SHOP")
    info = data.describe()
    assert info.column("y").classes == ("INF", "NA", "nan")
    assert info.rows + info.test_rows == 59
    same_when_exported(data)


def test_a_category_with_words_for_gaps_has_both(path):
    data = source(path, gaps="?, na", kinds="sector: category")
    assert data.describe().column("y").classes == ("INF", "nan", "shop")


def test_a_usual_word_that_is_none_any_more_is_text_among_numbers(path):
    with pytest.raises(UserError, match="“size” has text in row 7"):
        source(path, gaps="missing", kinds="size: number").describe()


@pytest.mark.parametrize(("params", "gaps"), [({"kinds": "sector: category"}, 0), ({}, 60)])
def test_the_browser_shows_the_same_words_and_gaps(path, params, gaps):
    spec = DataSpec("csv", {"path": str(path), "target": "sector", **params})
    found = samples_of(spec, apart, lambda _share: None, lambda: False)
    column = next(each for each in found.columns if each.name == "sector")
    shown = [column.text(row) for row in range(len(found))]
    assert sum(word not in KINDS for word in shown) == gaps
