"""Samples of every kind of source: their cells, the part each is in, and what they look like."""

from __future__ import annotations

import wave

import numpy as np
import pytest
from PIL import Image

from backends.data.browsing.opening import samples_of
from backends.data.browsing.samples import (
    LEFT_OUT,
    TEST,
    TRAIN,
    VALIDATION,
    Picture,
    Unreadable,
    Wave,
)
from backends.data.source import source_of
from backends.pytorch.parting import validating
from graph import trust
from graph.data import DataSpec
from graph.problems import UserError

SHARE, SEED = 0.25, 3


def apart(drawn, rows):
    return validating(drawn, rows, SHARE, SEED)


def samples(source, **params):
    return samples_of(DataSpec(source, params), apart, lambda _share: None, lambda: False)


def cells(found, name):
    column = next(each for each in found.columns if each.name == name)
    return [column.text(row) for row in range(len(found))]


def write_table(path, rows):
    lines = ["size,kind,remark,answer", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines))
    return str(path)


@pytest.fixture
def table(tmp_path):
    rows = [(n, "ab"[n % 2], f"remark no. {n}", "yes" if n % 3 else "no") for n in range(40)]
    rows[5] = ("NA", "a", "", "no")
    rows[7] = (7, "b", "seven", "")
    return write_table(tmp_path / "t.csv", rows)


@pytest.fixture
def pictures(tmp_path):
    for name, colour in (("blue", (0, 0, 255)), ("red", (255, 0, 0))):
        (tmp_path / "pics" / name).mkdir(parents=True)
        for n in range(10):
            Image.new("RGB", (9, 7), colour).save(tmp_path / "pics" / name / f"{n}.png")
    return tmp_path / "pics"


def test_rows_that_validate_are_those_of_a_run():
    found = samples("digits")
    told = source_of(DataSpec("digits")).load()
    rows = len(told.train["y"])
    assert np.array_equal(found.parts[:rows] == VALIDATION, validating({}, rows, SHARE, SEED))
    assert (found.parts[rows:] == TEST).all() and len(found) == rows + len(told.test["y"])
    assert found.label.text(rows) == str(told.test["y"][0])


def test_a_table_keeps_its_cells_and_says_which_rows_are_left_out(table):
    found = samples("csv", path=table, target="answer")
    assert cells(found, "size")[4:8] == ["4", "NA", "6", "7"]
    assert cells(found, "remark")[5:8] == ["", "remark no. 6", "seven"]
    assert np.flatnonzero(found.parts == LEFT_OUT).tolist() == [5, 7]
    assert [each.name for each in found.columns if each.is_target] == ["answer"]
    assert found.label.values == ("no", "yes")


def test_the_parts_of_a_table_are_those_that_training_takes(table):
    params = {"path": table, "target": "answer", "standardise": False, "columns": "size"}
    for split in ("auto", "random", "stratified", "in order"):
        found = samples("csv", **params, split=split)
        told = source_of(DataSpec("csv", {**params, "split": split})).load()
        sizes = np.array([float(text) if text != "NA" else -1 for text in cells(found, "size")])
        assert sorted(told.test["x"][:, 0]) == sorted(sizes[found.parts == TEST])
        drawn = {name: held for name, held in told.train.items() if name.startswith("@")}
        validates = told.train["x"][apart(drawn, len(told.train["x"])), 0]
        assert sorted(validates) == sorted(sizes[found.parts == VALIDATION])


def test_a_table_without_a_target_is_shown_nevertheless(table):
    found = samples("csv", path=table)
    assert len(found) == 40 and (found.parts == LEFT_OUT).all()
    assert "Choose the target column" in found.note


def test_rows_of_a_second_table_are_for_the_test(table, tmp_path):
    second = write_table(tmp_path / "u.csv", [(100, "a", "new", "yes"), (101, "b", "new", "no")])
    found = samples("csv", path=table, target="answer", test_path=second)
    assert cells(found, "size")[-2:] == ["100", "101"]
    assert np.flatnonzero(found.parts == TEST).tolist() == [40, 41]


def test_a_broken_image_is_told_with_its_reason_and_takes_part_in_nothing(pictures):
    (pictures / "red" / "3.png").write_bytes(b"no picture")
    params = {"folder": str(pictures), "unreadable": "leave out"}
    found = samples("images", **params)
    row = cells(found, "file").index("red/3.png")
    assert isinstance(found.open(row), Unreadable) and "red/3.png" in found.open(row).reason
    known = found.without([row])
    assert known.parts[row] == LEFT_OUT
    told = source_of(DataSpec("images", params)).load()
    kept = known.parts != LEFT_OUT
    assert np.array_equal(known.label.codes[kept], np.r_[told.train["y"], told.test["y"]])
    assert (known.parts[kept][len(told.train["y"]) :] == TEST).all()
    rows = len(told.train["y"])
    assert np.array_equal(known.parts[kept][:rows] == VALIDATION, apart({}, rows))


def test_an_image_is_what_a_model_reads(pictures):
    found = samples("images", folder=str(pictures), size=(8, 8))
    shown = found.open(cells(found, "file").index("red/0.png"))
    assert isinstance(shown, Picture) and shown.pixels.shape == (8, 8, 3)
    assert shown.pixels[0, 0].tolist() == [255, 0, 0]


def test_masks_lie_with_their_images(tmp_path):
    for name in ("images", "masks"):
        (tmp_path / name).mkdir()
    for n in range(8):
        Image.new("RGB", (8, 8), (n, 0, 0)).save(tmp_path / "images" / f"{n}.png")
        Image.new("L", (8, 8), 255 * (n % 2)).save(tmp_path / "masks" / f"{n}.png")
    found = samples("masks", folder=str(tmp_path), size=(8, 8))
    for row, name in enumerate(cells(found, "file")):
        number = int(name.removeprefix("images/").removesuffix(".png"))
        shown = found.open(row)
        assert shown.pixels[0, 0, 0] == number and (shown.mask == number % 2).all()
    told = source_of(DataSpec("masks", {"folder": str(tmp_path), "size": (8, 8)})).load()
    tests = [found.open(row).pixels[0, 0, 0] for row in np.flatnonzero(found.parts == TEST)]
    assert tests == told.test["x"][:, 0, 0, 0].tolist()


def test_sounds_are_waves_even_where_a_model_reads_their_loudness(tmp_path):
    for name in ("high", "low"):
        (tmp_path / name).mkdir()
        for n in range(5):
            with wave.open(str(tmp_path / name / f"{n}.wav"), "wb") as file:
                file.setparams((1, 2, 8000, 0, "NONE", ""))
                file.writeframes((1000 * np.sin(np.arange(4000) / 3)).astype("<i2").tobytes())
    (tmp_path / "low" / "bad.wav").write_bytes(b"RIFF")
    found = samples("sounds", folder=str(tmp_path), rate=8000, seconds=0.5)
    shown = found.open(0)
    assert isinstance(shown, Wave) and shown.values.shape == (4000, 1) and shown.rate == 8000
    broken = found.open(cells(found, "file").index("low/bad.wav"))
    assert isinstance(broken, Unreadable) and "no WAV file" in broken.reason


def test_texts_can_be_read_and_have_lengths(tmp_path):
    for name, text in (("good", "a fine day"), ("bad", "rain and more rain")):
        (tmp_path / name).mkdir()
        for n in range(6):
            (tmp_path / name / f"{n}.txt").write_text(f"{text} {n}")
    found = samples("text_folder", folder=str(tmp_path), length=12)
    assert found.look == "texts"
    row = int(np.flatnonzero(found.label.codes == found.label.values.index("good"))[0])
    assert cells(found, "tokens")[row].startswith("a fine day")
    assert found.lengths[row] == 4 and found.length_unit == "tokens"


@pytest.mark.parametrize(
    ("source", "look", "shape"),
    [("sunspots", "waves", (24, 1)), ("spoken", "waves", (3200, 1)), ("sines", "waves", (24, 1))],
)
def test_series_are_waves(source, look, shape):
    found = samples(source)
    assert found.look == look and found.open(0).values.shape == shape


def test_a_spectrogram_is_a_picture_and_its_letters_are_text():
    found = samples("speech")
    shown = found.open(0)
    assert isinstance(shown, Picture) and shown.pixels.shape == (20, 91, 1)
    said = next(column for column in found.columns if column.name == "said")
    assert said.kind == "tokens" and said.text(0).split()[0] in set("abcdefgh")


@pytest.mark.parametrize("name", ["penguins", "moons", "stdlib", "sequences", "shapes", "noise"])
def test_what_is_built_in_can_be_looked_at(name):
    found = samples(name)
    assert len(found) and np.bincount(found.parts, minlength=4)[[TRAIN, VALIDATION, TEST]].all()
    for column in found.columns:
        assert isinstance(column.text(len(found) - 1), str)
        assert len(column.keys()) == len(column.gaps()) == len(found)


@pytest.mark.parametrize(
    ("numbers", "lightest"), [((0.0, 0.5), 128), ((0.0, 255.0), 255), ((-2.0, 2.0), 255)]
)
def test_images_of_any_numbers_can_be_seen(tmp_path, numbers, lightest):
    images = np.zeros((6, 1, 8, 8), np.float32) + numbers[0]
    images[:, :, 4:] = numbers[1]
    np.savez(tmp_path / "x.npz", x=images, y=np.arange(6) % 2)
    pixels = samples("npy", path=str(tmp_path / "x.npz")).open(0).pixels
    assert (pixels.min(), pixels.max()) == (0, lightest)


def test_of_wide_rows_the_first_numbers_are_shown_and_that_is_told(tmp_path):
    np.savez(tmp_path / "x.npz", x=np.zeros((6, 100), np.float32), y=np.arange(6) % 2)
    found = samples("npy", path=str(tmp_path / "x.npz"))
    assert len(found.columns) == 65 and "the first 64 of 100 numbers" in found.note


@pytest.fixture
def trusted(tmp_path):
    """Writes a class of a person and trusts it."""
    agreed = []

    def write(code):
        (tmp_path / "mine.py").write_text(code)
        agreed.append(trust.digest(code))
        trust.agree(agreed)
        return {"path": str(tmp_path / "mine.py"), "storage": "stream"}

    yield write
    trust.withdraw(agreed)


OWN = """
import numpy as np

class Pictures:
    def __len__(self):
        return 30

    def __getitem__(self, row):
        if row == BAD:
            1 / 0
        return np.full((1, 8, 8), row, np.uint8), row % 3
"""


def test_rows_that_stay_on_disk_are_opened_one_by_one(trusted):
    found = samples("own_dataset", **trusted(OWN.replace("BAD", "-1")))
    numbers = [int(found.open(row).pixels[0, 0, 0]) for row in range(30)]
    assert sorted(numbers) == list(range(30))
    assert cells(found, "y") == [str(number % 3) for number in numbers]


def test_code_of_a_person_that_fails_is_told(trusted):
    with pytest.raises(UserError, match=r"line 10, item 7: ZeroDivisionError"):
        samples("own_dataset", **trusted(OWN.replace("BAD", "7")))
    numbers = OWN.replace("BAD", "7").replace("row % 3", "row / 3")
    with pytest.raises(UserError, match="Row 0 or one behind it .* ZeroDivisionError"):
        samples("own_dataset", **trusted(numbers))


def test_code_that_is_not_trusted_does_not_run(tmp_path):
    (tmp_path / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    with pytest.raises(UserError, match="not trusted"):
        samples("own_dataset", path=str(tmp_path / "own.py"))
    assert not (tmp_path / "ran").exists()


def test_data_that_is_not_there_says_why():
    with pytest.raises(UserError, match="no folder is chosen yet"):
        samples("images")
