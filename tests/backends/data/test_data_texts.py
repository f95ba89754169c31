"""Texts in words and pieces of words, with classes and in pairs."""

import sys

import numpy as np
import pytest

from backends.data.readers.tokens import UNKNOWN, learned
from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError

POEM = "the cat sat on the mat,\nand the dog sat by the door.\n" * 8


def joined(vocabulary, text):
    return "".join(vocabulary.pieces[place] for place in vocabulary.encode(text))


@pytest.mark.parametrize("unit", ["characters", "words", "bpe"])
def test_pieces_put_together_are_the_text(unit):
    if unit == "bpe":
        pytest.importorskip("tokenizers")
    vocabulary = learned([POEM], unit, 60)
    assert joined(vocabulary, POEM) == POEM
    assert UNKNOWN in joined(vocabulary, "the zebra")
    assert len(vocabulary.pieces) <= 60
    assert vocabulary.pieces == learned([POEM], unit, 60).pieces


def test_rare_words_count_as_one():
    vocabulary = learned(["a a a b b c"], "words", 3)
    assert vocabulary.pieces == (UNKNOWN, " a", " b")
    assert vocabulary.encode(" a c b").tolist() == [1, 0, 2]


@pytest.mark.parametrize("unit", ["words", "bpe"])
def test_a_text_file_in_words(tmp_path, unit, same_when_exported):
    if unit == "bpe":
        pytest.importorskip("tokenizers")
    path = tmp_path / "poem.txt"
    path.write_text(POEM, "utf-8")
    params = {"path": str(path), "window": 6, "unit": unit, "alphabet": 50}
    data = source_of(DataSpec("text", params))
    info, splits = data.describe(), data.load()
    tokens, following = splits.train["tokens"], splits.train["following"]
    assert len(tokens) == info.rows and len(splits.test["tokens"]) == info.test_rows
    assert np.array_equal(tokens.ravel()[1:], following.ravel()[:-1])
    classes = info.column("tokens").classes
    assert POEM.startswith("".join(classes[place] for place in tokens[0]))
    same_when_exported(data)


def test_bpe_without_its_package_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    path = tmp_path / "poem.txt"
    path.write_text(POEM, "utf-8")
    with pytest.raises(UserError, match="pip install tokenizers"):
        source_of(DataSpec("text", {"path": str(path), "unit": "bpe"})).describe()


@pytest.fixture
def reviews(tmp_path):
    rows = ["says,liked,short"]
    for n in range(40):
        good = n % 2
        rows.append(f"\"a {'good' if good else 'bad'} film, number {n}\",{'yes' if good else 'no'},"
                    f"{'fine' if good else 'awful'} {n}")  # fmt: skip
    path = tmp_path / "reviews.csv"
    path.write_text("\n".join(rows), "utf-8")
    return path


def table(path, **params):
    given = {"path": str(path), "text": "says", "target": "liked", "length": 8, **params}
    return source_of(DataSpec("text_table", given))


def test_texts_of_a_table_have_classes(reviews, same_when_exported):
    data = table(reviews, split="stratified", balanced=True)
    info, splits = data.describe(), data.load()
    assert info.column("y").classes == ("no", "yes")
    assert (info.rows, info.test_rows) == (len(splits.train["y"]), len(splits.test["y"])) == (32, 8)
    pieces = info.column("tokens").classes
    good = pieces.index(" good")
    assert np.array_equal((splits.test["tokens"] == good).any(axis=1), splits.test["y"] == 1)
    assert splits.train["tokens"].shape == (32, 8)
    same_when_exported(data)


def test_words_of_the_test_alone_are_not_learned(reviews):
    data = table(reviews)
    pieces, test = data.describe().column("tokens").classes, data.load().test["tokens"]
    assert (test == pieces.index(UNKNOWN)).any()
    assert (test < len(pieces)).all()


def test_pairs_of_texts_stand_behind_and_before_their_marks(reviews, same_when_exported):
    data = table(reviews, task="pairs", target="short")
    info, train = data.describe(), data.load().train
    pieces = info.column("written").classes
    assert [column.name for column in info.columns] == ["source", "written", "following"]
    begin, end = pieces.index("[begin]"), pieces.index("[end]")
    assert (train["written"][:, 0] == begin).all()
    for written, following in zip(train["written"], train["following"], strict=True):
        count = int((following != -100).sum())
        assert following[count - 1] == end
        assert np.array_equal(written[1:count], following[: count - 1])
        assert not written[count:].any()
    same_when_exported(data)


def test_a_folder_of_texts_for_each_class(tmp_path, same_when_exported):
    for n in range(20):
        path = tmp_path / "mail" / ("spam" if n % 2 else "ham") / f"{n}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("" if n == 4 else f"buy {n} now" if n % 2 else f"see you at {n}", "utf-8")
    data = source_of(DataSpec("text_folder", {"folder": str(tmp_path / "mail"), "length": 6}))
    info, splits = data.describe(), data.load()
    assert info.column("y").classes == ("ham", "spam")
    assert (info.rows, info.test_rows) == (16, 4)
    assert "1 of 20 texts have the length 0: ham/4.txt" in splits.note
    same_when_exported(data)


def test_texts_in_other_encodings_are_read_or_counted(tmp_path):
    for n in range(20):
        path = tmp_path / "mail" / "ab"[n % 2] / f"{n}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"größe {n}", "utf-16" if n == 3 else "latin-1" if n == 4 else "utf-8")
    (tmp_path / "mail" / "b" / "5.txt").write_bytes(b"gr\0ss")
    params = {"folder": str(tmp_path / "mail"), "test_fraction": 0.0}
    data = source_of(DataSpec("text_folder", params))
    assert "2 of 20 texts are not clean text in UTF-8" in data.load().note
    pieces = data.describe().column("tokens").classes
    assert "größe" in pieces and "g\0" not in "".join(pieces)


def test_rows_without_a_text_are_counted(reviews):
    reviews.write_text(reviews.read_text("utf-8") + "\n,yes,\n", "utf-8")
    assert "1 of 41 rows lack the text or the target" in table(reviews).load().note


def test_letters_that_may_be_wrong_are_told_of_a_text(tmp_path):
    path = tmp_path / "poem.txt"
    path.write_text(POEM + "größe" * 9, "latin-1")
    params = {"path": str(path), "window": 6}
    assert "is read as Latin-1" in source_of(DataSpec("text", params)).describe().note


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"text": "liked"}, "“liked” is both the text and the target"),
        ({"text": ""}, "Choose the text column"),
        ({"text": "title"}, "“title” is no column of “reviews.csv”"),
        ({"target": ""}, "Choose the target column"),
    ],
)
def test_tables_without_texts_are_refused(reviews, params, text):
    with pytest.raises(UserError, match=text):
        table(reviews, **params).describe()
