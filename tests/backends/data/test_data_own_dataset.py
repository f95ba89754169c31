"""Dataset classes that a person wrote."""

import numpy as np
import pytest

from backends.data.source import source_of
from graph import trust
from graph.data import DataSpec
from graph.problems import UserError

CODE = """
import numpy as np
import torch


class Points(torch.utils.data.Dataset):
    def __init__(self, train=True):
        self.x = torch.linspace(-1, 1, 40 if train else 10)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, row):
        return self.x[row : row + 1], int(self.x[row] > 0)
"""
PLAIN = """
class Squares:
    def __len__(self):
        return 30

    def __getitem__(self, row):
        return {"x": [row, row], "square": float(row * row)}
"""


@pytest.fixture
def written(tmp_path):
    agreed = []

    def write(code, agree=True, **params):
        path = tmp_path / "mine.py"
        path.write_text(code, "utf-8")
        if agree:
            agreed.append(trust.digest(code))
            trust.agree(agreed)
        return source_of(DataSpec("own_dataset", {"path": str(path), **params}))

    yield write
    trust.withdraw(agreed)


def test_code_runs_only_once_it_is_trusted(written, tmp_path):
    bomb = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n" + CODE
    data = written(bomb, agree=False)
    for act in (data.describe, data.load, data.export):
        with pytest.raises(UserError, match="“mine.py” holds Python code that is not trusted"):
            act()
    assert not (tmp_path / "ran").exists()
    written(bomb).load()
    assert (tmp_path / "ran").exists()


def test_code_that_changed_by_a_letter_does_not_run(written, tmp_path):
    data = written(CODE)
    data.load()
    (tmp_path / "mine.py").write_text(CODE + "# a", "utf-8")
    with pytest.raises(UserError, match="not trusted"):
        data.load()


def test_items_become_columns_and_parts(written, same_when_exported):
    data = written(CODE)
    info, splits = data.describe(), data.load()
    assert info.column("x").shape == (1,) and info.column("y").classes == ("0", "1")
    assert (info.rows, info.test_rows) == (40, 10)
    assert np.array_equal(splits.train["y"], (splits.train["x"][:, 0] > 0).astype(int))


def test_items_by_name_are_parted_and_exported(written, same_when_exported):
    data = written(PLAIN)
    info = data.describe()
    assert [(c.name, c.shape, c.role) for c in info.columns] == [
        ("x", (2,), "input"),
        ("square", (), "target"),
    ]
    assert (info.rows, info.test_rows) == (24, 6)
    assert "digest" not in data.export().call
    same_when_exported(data)


def test_streamed_items_are_the_same(written):
    plain, streamed = written(CODE).load(), written(CODE, storage="stream").load()
    assert streamed.train["x"].is_streamed
    assert np.array_equal(np.asarray(streamed.train["x"]), plain.train["x"])


@pytest.mark.parametrize(
    ("code", "params", "text"),
    [
        ("x = 1", {}, "needs a class with __len__ and __getitem__, but has none"),
        (PLAIN, {"name": "Cubes"}, "has no class “Cubes” .* it has Squares"),
        (PLAIN + PLAIN.replace("Squares", "Cubes"), {}, "has 2 such classes"),
        (PLAIN.replace("return 30", "return 0"), {}, "has the length 0"),
        (PLAIN.replace("[row, row]", "[0] * row"), {}, "of item 1 has the shape"),
        (PLAIN.replace("[row, row]", "'text'"), {}, "holds str"),
        (PLAIN.replace("return 30", "return 1 / 0"), {}, "line 4: ZeroDivisionError"),
        ("def broken(:", {}, "SyntaxError"),
        (PLAIN.replace("[row, row]", "1 / (row - 7)"), {}, "item 7: ZeroDivisionError"),
        (PLAIN.replace("[row, row]", "exit(row)"), {}, "line .*, item 0: SystemExit: 0"),
        ("raise SystemExit(3)", {}, "line 1: SystemExit: 3"),
    ],
)
def test_classes_that_cannot_be_used_are_refused(written, code, params, text):
    with pytest.raises(UserError, match=text):
        written(code, **params).load()
