"""Exported folders are written whole or not at all, and never over what somebody else wrote."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from backends.pytorch.export_folder import MANIFEST, write_folder
from graph.problems import UserError

FILES = {"model.py": b"model\n", "data/rows.csv": b"1,2\n"}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def test_a_new_folder_holds_the_files_and_nothing_else_appears(tmp_path):
    write_folder(tmp_path / "deep" / "out", FILES)
    assert contents(tmp_path / "deep" / "out") == FILES
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_an_empty_folder_is_used(tmp_path):
    write_folder(tmp_path, FILES)
    assert contents(tmp_path) == FILES


def test_an_earlier_export_is_replaced_and_what_it_no_longer_has_goes(tmp_path):
    write_folder(tmp_path, {**FILES, "old.txt": b"old"})
    (tmp_path / "trained.safetensors").write_bytes(b"mine")
    write_folder(tmp_path, {**FILES, "model.py": b"other\n"})
    assert contents(tmp_path) == {
        **FILES,
        "model.py": b"other\n",
        "trained.safetensors": b"mine",
    }


def test_foreign_files_are_left_alone_and_named(tmp_path):
    (tmp_path / "thesis.tex").write_bytes(b"important")
    with pytest.raises(UserError, match=r"holds other files \(“thesis\.tex”\)"):
        write_folder(tmp_path, FILES)
    assert contents(tmp_path) == {"thesis.tex": b"important"}


def test_a_file_that_somebody_changed_is_not_written_over(tmp_path):
    write_folder(tmp_path, FILES)
    (tmp_path / "model.py").write_bytes(b"my own version\n")
    with pytest.raises(UserError, match=r"“model\.py” in .* is not as an earlier export wrote it"):
        write_folder(tmp_path, {**FILES, "data/rows.csv": b"3,4\n"})
    assert contents(tmp_path) == {**FILES, "model.py": b"my own version\n"}


def test_a_file_of_the_same_name_beside_an_export_is_not_written_over(tmp_path):
    write_folder(tmp_path, FILES)
    (tmp_path / "train.py").write_bytes(b"mine\n")
    with pytest.raises(UserError, match=r"“train\.py”"):
        write_folder(tmp_path, {**FILES, "train.py": b"theirs\n"})
    assert (tmp_path / "train.py").read_bytes() == b"mine\n"


def test_a_damaged_list_of_files_makes_all_files_foreign(tmp_path):
    write_folder(tmp_path, FILES)
    (tmp_path / MANIFEST).write_bytes(b"{")
    with pytest.raises(UserError, match="no earlier export"):
        write_folder(tmp_path, FILES)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    path = tmp_path / "out"
    path.write_bytes(b"mine")
    with pytest.raises(UserError, match="is a file"):
        write_folder(path, FILES)
    with pytest.raises(UserError, match="cannot be written"):
        write_folder(path / "deeper", FILES)
    assert path.read_bytes() == b"mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UserError, match="cannot be written"):
            write_folder(tmp_path / "out", FILES)
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("is_there", [False, True])
def test_a_full_disk_leaves_what_was_there(is_there, tmp_path, monkeypatch):
    folder = tmp_path / "out"
    if is_there:
        write_folder(folder, FILES)
    write = Path.write_bytes

    def fills_up(path: Path, content: bytes) -> int:
        if path.name == "rows.csv":
            write(path, content[:1])
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", fills_up)
    with pytest.raises(UserError, match="No space left on device"):
        write_folder(folder, {"model.py": b"new\n", "data/rows.csv": b"9,9\n"})
    if is_there:
        assert contents(folder) == FILES
    else:
        assert list(tmp_path.iterdir()) == []


def test_names_of_folders_may_be_anything(tmp_path):
    for name in ("a b", "größe", "-x", "." + "y"):
        write_folder(tmp_path / name, FILES)
        assert contents(tmp_path / name) == FILES
