"""Text becomes windows of characters, and every window has what follows it as its answer."""

import gzip
import sysconfig
from pathlib import Path

import numpy as np
import pytest

from backends.data.readers import text
from backends.data.readers.text import OTHER, alphabet_of, places_in, windows_of
from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError


def written(path, words, encoding="utf-8"):
    path.write_bytes(words.encode(encoding))
    return DataSpec("text", {"path": str(path), "window": 5, "test_fraction": 0.25})


def as_text(info, arrays, column):
    classes = info.column(column).classes
    return ["".join(classes[place] for place in row) for row in arrays[column]]


def test_the_answer_is_the_text_one_character_later(tmp_path):
    source = source_of(written(tmp_path / "a.txt", "abcdefghijklmnopqrstuvwxyz"))
    info, splits = source.describe(), source.load()
    assert as_text(info, splits.train, "tokens") == ["abcde", "fghij", "klmno", "pqrst"]
    assert as_text(info, splits.train, "following") == ["bcdef", "ghijk", "lmnop", "qrstu"]
    # the alphabet is that of the rows to train on
    assert as_text(info, splits.test, "tokens") == [f"u{OTHER * 4}"]
    assert (info.rows, info.test_rows) == (4, 1)
    assert info.column("following").follows == "tokens"


def test_the_most_frequent_characters_stay():
    assert alphabet_of("aaabbbccd", 3) == f"{OTHER}ab"
    assert alphabet_of("dcba", 3) == f"{OTHER}ab"
    assert alphabet_of(f"ab{OTHER}", 99) == f"{OTHER}ab"


def test_unknown_characters_have_the_first_place():
    assert places_in("abz😀\ud800a", f"{OTHER}ab").tolist() == [1, 2, 0, 0, 0, 1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_file_is_read_in_its_encoding(tmp_path, encoding):
    source = source_of(written(tmp_path / "a.txt", "äöü\r\näöü\räöü\näöü\n" * 3, encoding))
    assert as_text(source.describe(), source.load().train, "tokens")[:2] == ["äöü\nä", "öü\näö"]


def test_a_packed_file_is_unpacked(tmp_path):
    with gzip.open(tmp_path / "a.txt.gz", "wt", encoding="utf-8") as file:
        file.write("hello world" * 3)
    source = source_of(DataSpec("text", {"path": str(tmp_path / "a.txt.gz"), "window": 5}))
    assert as_text(source.describe(), source.load().train, "tokens")[0] == "hello"


def test_a_changed_file_is_read_again(tmp_path):
    spec = written(tmp_path / "a.txt", "ab" * 20)
    assert len(source_of(spec).describe().column("tokens").classes) == 3
    written(tmp_path / "a.txt", "abc" * 20)
    assert len(source_of(spec).describe().column("tokens").classes) == 4


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"too short", "windows of 5 need at least 11"),
        (b"\0\1\2" * 50, "no text file"),
        (b"", "is empty"),
    ],
)
def test_what_cannot_be_cut_is_refused(tmp_path, content, message):
    (tmp_path / "a.txt").write_bytes(content)
    source = source_of(DataSpec("text", {"path": str(tmp_path / "a.txt"), "window": 5}))
    for act in (source.describe, source.load, source.export):
        if content == b"too short" and act == source.export:
            continue  # it reads no text, so it says so when it runs
        with pytest.raises(UserError, match=message):
            act()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match="no file is chosen yet"):
        source_of(DataSpec("text")).describe()
    with pytest.raises(UserError, match=r"nowhere\.txt” does not exist"):
        source_of(DataSpec("text", {"path": str(tmp_path / "nowhere.txt")})).describe()


def test_the_library_is_read_in_the_order_of_its_files():
    files = sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*.py"))
    start = files[0].read_text("utf-8") + files[1].read_text("utf-8")
    assert text.library_text(len(start)) == start
    assert len(text.library_text(300_000)) == 300_000


def test_a_python_without_sources_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(text.sysconfig, "get_paths", lambda: {"stdlib": str(tmp_path)})
    with pytest.raises(UserError, match="comes without those of its standard library"):
        source_of(DataSpec("stdlib", {"characters": 12_345})).load()


def test_windows_stand_side_by_side():
    _, (train, test) = windows_of("abcdefghijk", 2, 99, 0.4)
    assert [len(part["tokens"]) for part in (train, test)] == [3, 2]
    tokens = np.concatenate([train["tokens"], test["tokens"]]).reshape(-1)
    following = np.concatenate([train["following"], test["following"]]).reshape(-1)
    assert np.array_equal(tokens[1:], following[:-1])
