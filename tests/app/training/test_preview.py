"""A first look at data of every kind."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.training.preview import (
    PicturesPreview,
    TablePreview,
    column_names,
    preview,
    source_classes,
)
from graph.data import DataSpec
from graph.problems import UserError


def look(spec: DataSpec):
    return preview(spec, lambda share: None, lambda: False)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    rows = [f"{20 + n if n % 4 else ''},{'Rome' if n % 2 else 'Oslo'},{n % 2}" for n in range(80)]
    path.write_text("age,city,member\n" + "\n".join(rows) + "\n")
    return path


def test_a_csv_shows_types_and_gaps_before_a_target_is_chosen(people):
    found = look(DataSpec("csv", {"path": str(people)}))
    assert isinstance(found, TablePreview)
    assert [h.name for h in found.headings] == ["age", "city", "member"]
    assert found.headings[0].gaps == "20 gaps"
    assert found.headings[1].kind == "category, 2 values"
    assert len(found.rows) == 50
    assert found.note == "80 rows · the first 50 are shown"


def test_the_target_of_a_csv_is_marked(people):
    found = look(DataSpec("csv", {"path": str(people), "target": "member"}))
    assert [h.is_target for h in found.headings] == [False, False, True]
    assert column_names(DataSpec("csv", {"path": str(people)})) == ("age", "city", "member")


def test_built_in_tables_show_their_rows():
    found = look(DataSpec("iris"))
    assert isinstance(found, TablePreview)
    assert sum(h.is_target for h in found.headings) == 1


def test_images_become_pictures_with_their_class():
    found = look(DataSpec("digits"))
    assert isinstance(found, PicturesPreview)
    picture = found.pictures[0]
    assert picture.pixels.shape == (8, 8, 1)
    assert picture.label in "0123456789"


def test_a_folder_shows_images_of_every_class(tmp_path):
    for name, shade in (("dark", 10), ("light", 240)):
        (tmp_path / name).mkdir()
        for number in range(30):
            colour = (shade, shade, number)
            Image.new("RGB", (9, 7), colour).save(tmp_path / name / f"{number}.png")
    found = look(DataSpec("images", {"folder": str(tmp_path), "size": (12, 16)}))
    assert {picture.label for picture in found.pictures} == {"dark", "light"}
    assert found.pictures[0].pixels.shape[1:] == (16, 3)


def test_numbers_without_a_file_become_a_table():
    found = look(DataSpec("moons"))
    assert [h.name for h in found.headings] == ["x[0]", "x[1]", "y"]
    assert found.rows[0][2] in ("upper", "lower")


def test_many_numbers_a_row_are_cut_short():
    found = look(DataSpec("digits", {"layout": "flat"}))
    assert "…" in [h.name for h in found.headings]
    assert len(found.rows[0]) == len(found.headings)


def test_a_text_is_shown_as_text(tmp_path):
    (tmp_path / "a.txt").write_text("ab c\n\tdé\x07" * 20, "utf-8")
    spec = DataSpec("text", {"path": str(tmp_path / "a.txt"), "window": 8})
    found = look(spec)
    assert [(h.name, h.kind) for h in found.headings] == [
        ("tokens", "int64 × 8"),
        ("following", "int64 × 8"),
    ]
    assert found.rows[0] == ("ab c↵⇥dé", "b c↵⇥dé\\x07")


def test_tokens_that_are_words_stand_apart():
    found = look(DataSpec("sequences", {"length": 3, "rows": 20}))
    source, written, following = found.rows[0]
    assert written == f"begin {source[::-1]}"
    assert following == f"{source[::-1]} end"


def test_marks_stand_within_the_text():
    (tokens, *_) = look(DataSpec("masked_text", {"piece": 20, "characters": 20_000})).rows[0]
    assert tokens.startswith("[CLS]") and "[MASK]" in tokens and " [MASK] " not in tokens


def test_long_texts_are_cut_short():
    (tokens, _) = look(DataSpec("stdlib", {"window": 500, "characters": 5000})).rows[0]
    assert len(tokens) == 202 and tokens.endswith(" …")


def test_every_source_that_needs_no_file_has_a_preview():
    for kind, source in source_classes().items():
        if source.category not in ("Your files", "Libraries"):
            assert look(DataSpec(kind))


def test_a_missing_file_is_refused_in_words():
    with pytest.raises(UserError, match=r"nowhere\.csv"):
        look(DataSpec("csv", {"path": "/nowhere.csv"}))


def test_folders_and_arrays_have_a_preview(tmp_path):
    import wave

    from PIL import Image

    for n in range(12):
        for name in ("images", "masks"):
            (tmp_path / "cells" / name).mkdir(parents=True, exist_ok=True)
            Image.new("L", (8, 8), n % 2).save(tmp_path / "cells" / name / f"{n}.png")
        place = tmp_path / "letters" / "ab"[n % 2]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{n}.txt").write_text(f"dear {n}", "utf-8")
        with wave.open(str(place / f"{n}.wav"), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(4000))
    np.savez(tmp_path / "waves.npz", a=np.arange(90.0), b=np.arange(60.0))
    letters = {"folder": str(tmp_path / "letters")}
    masks = look(DataSpec("masks", {"folder": str(tmp_path / "cells"), "size": (8, 8)}))
    assert isinstance(masks, PicturesPreview) and len(masks.pictures) == 10
    texts = look(DataSpec("text_folder", {**letters, "length": 4}))
    assert texts.rows[0][0].startswith("dear")
    assert look(DataSpec("sounds", {**letters, "heard_as": "wave"})).rows
    heard = look(DataSpec("sounds", {**letters, "heard_as": "loudness"})).pictures
    assert {picture.label for picture in heard} == {"a", "b"}
    (tmp_path / "sorted").mkdir()
    np.savez(tmp_path / "sorted" / "s.npz", x=np.zeros((90, 1, 6, 6), np.float32),
             y=np.repeat([0, 1, 2], 30))  # fmt: skip
    spread = look(DataSpec("npy", {"path": str(tmp_path / "sorted" / "s.npz")}))
    assert len(spread.pictures) == 48 and spread.note == "48 of 72"
    assert look(DataSpec("series", {"path": str(tmp_path / "waves.npz")})).rows


def test_values_that_were_not_counted_to_the_end_are_not_told_as_a_count(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("id,y\n" + "".join(f"a{row},{row % 2}\n" for row in range(1200)))
    found = look(DataSpec("csv", {"path": str(path), "target": "y"}))
    assert found.headings[0].kind == "text, 1\u202f000 values or more"


def test_sounds_are_seen_as_spectrograms():
    found = look(DataSpec("speech"))
    assert isinstance(found, PicturesPreview)
    first = found.pictures[0]
    assert first.pixels.ndim == 3 and first.pixels.shape[2] == 1
    assert (first.pixels.min(), first.pixels.max()) == (0, 255)
