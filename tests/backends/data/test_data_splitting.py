"""How rows are parted: by class, by group, in order, in folds, or as a column says."""

import numpy as np
import pytest

from backends.data.readers.errors import DataError
from backends.data.readers.splitting import BALANCES, VALIDATES, Split, part_rows
from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError

ROWS = 200
LABELS = np.repeat([0, 1, 2], [120, 60, 20])
COLUMNS = {"x": np.arange(ROWS), "y": LABELS}


def parted(kind="auto", groups=None, stages=None, **options):
    return part_rows(COLUMNS, Split(kind, **options), LABELS, groups, stages)


@pytest.mark.parametrize("kind", ["auto", "random", "stratified", "in order"])
def test_parts_are_whole_and_apart(kind):
    train, test = parted(kind)
    assert len(test["x"]) == 40
    assert sorted([*train["x"], *test["x"]]) == list(range(ROWS))


def test_stratified_rows_validate_by_class_too():
    train, test = parted("stratified")
    assert np.bincount(test["y"]).tolist() == [24, 12, 4]
    validating = np.argsort(train[VALIDATES])[:40]
    assert np.bincount(train["y"][validating]).tolist() == [24, 12, 4]


def test_the_last_rows_test_and_those_before_them_validate():
    train, test = parted("in order")
    assert test["x"].tolist() == list(range(160, 200))
    assert train["x"][np.argsort(train[VALIDATES])][:3].tolist() == [159, 158, 157]


def test_groups_stay_together():
    groups = np.arange(ROWS) % 20
    train, test = parted("by group", groups)
    apart = set(groups[test["x"]])
    assert 2 <= len(apart) <= 6
    assert not apart & set(groups[train["x"]])
    ranks = {}
    for row, rank in zip(train["x"], train[VALIDATES], strict=True):
        assert ranks.setdefault(groups[row], rank) == rank


@pytest.mark.parametrize("kind", ["auto", "random", "stratified", "in order", "by group"])
def test_folds_cover_every_row_once(kind):
    groups = np.arange(ROWS) // 9
    tests = [parted(kind, groups, folds=7, fold=k)[1]["x"] for k in range(1, 8)]
    assert sorted(np.concatenate(tests)) == list(range(ROWS))
    if kind == "stratified":
        assert {np.bincount(LABELS[rows])[2] for rows in tests} <= {2, 3}


def test_a_column_says_what_each_row_is_for():
    stages = np.arange(ROWS) % 3
    train, test = parted("as given", stages=stages)
    assert set(stages[test["x"]]) == {2}
    assert train[VALIDATES].dtype == bool
    assert set(stages[train["x"][train[VALIDATES]]]) == {1}


def test_other_seeds_part_other_rows_and_the_same_seed_the_same():
    first, again, other = (parted("random", seed=seed)[1]["x"] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_balancing_needs_classes():
    assert np.array_equal(parted(balanced=True, share=0)[0][BALANCES], LABELS)
    with pytest.raises(DataError, match="the target has none"):
        part_rows(COLUMNS, Split(balanced=True))


@pytest.mark.parametrize(
    ("split", "given", "text"),
    [
        (Split("by group"), {}, "no column of groups"),
        (Split("by group"), {"groups": np.zeros(ROWS)}, "All rows are of one group"),
        (Split("by group", folds=9), {"groups": np.arange(ROWS) % 4}, "4 groups cannot be cut"),
        (Split("as given"), {}, "nothing says so"),
        (Split("as given"), {"stages": np.full(ROWS, 2)}, "No row is to train on"),
        (Split("random", folds=300), {}, "200 rows cannot be cut into 300 folds"),
        (Split("random", folds=3, fold=4), {}, "none with the number 4"),
        (Split("random", folds=1), {}, "none is left to train on"),
        (Split("stratified"), {}, "Only classes can be parted"),
    ],
)
def test_what_cannot_be_parted_is_refused(split, given, text):
    with pytest.raises(DataError, match=text):
        part_rows(COLUMNS, split, **given)


@pytest.fixture
def visits(tmp_path):
    """Patients who come several times, on days that are out of order."""
    random = np.random.RandomState(0)
    rows = ["patient,when,pulse,part,ill"]
    for n in range(90):
        part = ("train", "Valid", "TEST")[n % 3]
        day = f"2024-{1 + n * 7 % 12:02}-{1 + n % 28:02}"
        rows.append(f"p{n % 15},{day},{60 + random.randint(40)},{part},{'yes' if n % 4 else 'no'}")
    path = tmp_path / "visits.csv"
    path.write_text("\n".join(rows), "utf-8")
    return path


def source(path, **params):
    values = {"path": str(path), "target": "ill", "columns": "pulse", **params}
    return source_of(DataSpec("csv", values))


@pytest.mark.parametrize(
    "params",
    [
        {"split": "by group", "group": "patient"},
        {"split": "in order", "order_by": "when"},
        {"split": "as given", "stage": "part"},
        {"split": "stratified", "folds": 4, "fold": 2, "balanced": True},
        {"split": "random", "seed": 5},
    ],
    ids=lambda params: params["split"],
)
def test_tables_are_parted_by_their_columns_and_exported_so(visits, params, same_when_exported):
    data = source(visits, **params)
    info, splits = data.describe(), data.load()
    train, test = len(splits.train["x"]), len(splits.test["x"])
    assert train + test == 90 and test
    assert (info.rows, info.test_rows) in ((train, test), (None, None))
    assert VALIDATES in splits.train and VALIDATES not in splits.test
    assert data.export().draws_rows
    same_when_exported(data)


def test_rows_are_put_in_order_of_time(visits):
    columns = {"columns": "when", "kinds": "when: date", "standardise": False}
    splits = source(visits, split="in order", order_by="when", **columns).load()
    days = np.concatenate([splits.train["x"], splits.test["x"]])[:, 0]
    assert np.array_equal(days, np.sort(days))


def test_a_split_that_lacks_its_column_is_refused(visits):
    with pytest.raises(UserError, match="Choose the group column"):
        source(visits, split="by group").describe()
    with pytest.raises(UserError, match="“who” is no column"):
        source(visits, split="by group", group="who").describe()
    with pytest.raises(UserError, match="row 1 of the data has “p0”"):
        source(visits, split="as given", stage="patient").load()


def test_a_second_file_is_the_test(visits, same_when_exported):
    lines = visits.read_text("utf-8").splitlines()
    second = visits.with_name("later.csv")
    second.write_text("\n".join([lines[0], *lines[61:]]), "utf-8")
    visits.write_text("\n".join(lines[:61]), "utf-8")
    data = source(visits, test_path=str(second), split="stratified")
    info, splits = data.describe(), data.load()
    assert (info.rows, info.test_rows) == (60, 30)
    assert len(splits.train["x"]) == len(splits.train[VALIDATES]) == 60
    assert splits.train["x"].mean() == pytest.approx(0, abs=1e-5)
    same_when_exported(data)
    second.write_text("a,b\n1,2", "utf-8")
    with pytest.raises(UserError, match="“later.csv” has the columns a, b, but"):
        data.load()
