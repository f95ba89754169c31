"""Folders of images."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from backends.data.readers import image_cache as caching
from backends.data.readers import images as reader
from backends.data.readers.errors import DataError
from backends.data.source import Cancelled, source_of
from graph.data import DataSpec
from graph.problems import UserError

COLOURS = {"blue": (0, 0, 255), "red": (255, 0, 0)}


def paint(folder, count=10, size=(20, 12)):
    for name, colour in COLOURS.items():
        (folder / name).mkdir(parents=True)
        for i in range(count):
            ending = ("png", "jpg", "bmp")[i % 3]
            shade = tuple(c * (100 + i) // 120 for c in colour)
            Image.new("RGB", size, shade).save(folder / name / f"{i:02}.{ending}", quality=100)
    return folder


def source(folder, **params):
    return source_of(DataSpec("images", {"folder": str(folder), "size": (8, 8), **params}))


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.parametrize("colour", [True, False])
def test_a_folder_for_each_class(tmp_path, colour, same_when_exported):
    data = source(paint(tmp_path / "pics"), colour=colour)
    info, splits = data.describe(), data.load()
    channels = 3 if colour else 1
    assert info.column("x").shape == (channels, 8, 8)
    assert info.column("y").classes == ("blue", "red")
    assert (info.rows, info.test_rows) == (16, 4)
    assert splits.train["x"].shape == (16, channels, 8, 8) and splits.train["x"].dtype == np.uint8
    assert np.bincount(splits.test["y"]).tolist() == [2, 2]
    if colour:
        brightest = splits.train["x"].mean(axis=(2, 3)).argmax(axis=1)
        assert np.array_equal(brightest, np.where(splits.train["y"] == 0, 2, 0))
    assert data.export().requirements == ("numpy", "pillow")
    same_when_exported(data)


def test_folders_called_train_and_test(tmp_path, same_when_exported):
    paint(tmp_path / "pics" / "train", 6)
    paint(tmp_path / "pics" / "test", 3)
    data = source(tmp_path / "pics")
    info = data.describe()
    assert (info.rows, info.test_rows) == (12, 6)
    same_when_exported(data)
    (tmp_path / "pics" / "test" / "green").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "pics" / "test" / "green" / "g.png")
    with pytest.raises(UserError, match="has the classes green"):
        data.describe()


def test_broken_images_are_counted_named_and_left_out(tmp_path):
    folder = paint(tmp_path / "pics", 20)
    (folder / "red" / "00.png").write_bytes(b"no image")
    data = source(folder)
    splits = data.load()
    assert "1 of 40 images cannot be decoded: red/00.png" in splits.note
    assert len(splits.train["x"]) + len(splits.test["x"]) == 39
    for i in range(0, 20, 3):
        (folder / "blue" / f"{i:02}.png").write_bytes(b"")
    with pytest.raises(UserError, match=r"8 of 40 images cannot be decoded: .*blue/"):
        data.load()


def test_each_unreadable_image_says_why_in_words(tmp_path, monkeypatch):
    folder = paint(tmp_path / "pics", 6)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)
    Image.new("1", (40, 40)).save(folder / "red" / "huge.png")
    (folder / "red" / "empty.png").write_bytes(b"")
    (folder / "red" / "page.png").write_text("<html>", "utf-8")
    (folder / "red" / "folder.png").mkdir()
    (folder / "red" / "gone.png").symlink_to(tmp_path / "nowhere")
    note = source(folder, unreadable="leave out").load().note
    assert "5 of 17 images cannot be decoded" in note
    for words in (
        "red/huge.png (it has more than 1,000 pixels; make it smaller)",
        "red/empty.png (it is empty, 0 bytes)",
        "red/page.png (it is damaged, or no image at all)",
        "red/folder.png (Is a directory)",
        "red/gone.png (No such file or directory)",
    ):
        assert words in note
    with pytest.raises(UserError, match="or choose to leave all of them out"):
        source(folder).load()


def test_a_large_image_is_decoded_without_a_warning(tmp_path, monkeypatch):
    folder = paint(tmp_path / "pics", 6)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    Image.new("RGB", (50, 30)).save(folder / "red" / "large.jpg")
    assert source(folder).load().note == ""


def test_colours_of_printers_are_understood(tmp_path):
    folder = paint(tmp_path / "pics", 6)
    Image.new("CMYK", (20, 12), (0, 255, 255, 0)).save(folder / "red" / "ink.tif")
    splits = source(folder, test_fraction=0.0).load()
    inks = splits.train["x"][splits.train["y"] == 1][:, :, 0, 0]
    assert [255, 0, 0] in inks.tolist()


def test_many_images_are_decoded_once_into_a_cache(tmp_path, monkeypatch, same_when_exported):
    folder = paint(tmp_path / "pics", 12)
    (folder / "blue" / "00.png").write_bytes(b"no image")
    plain = source(folder).load()
    monkeypatch.setattr(reader, "LARGEST_IN_MEMORY", 100)
    first = source(folder).load()
    monkeypatch.setattr(caching, "decode", lambda *_: pytest.fail("decoded again"))
    again = source(folder).load()
    for splits in (first, again):
        assert splits.train["x"].is_streamed
        assert np.array_equal(splits.train["x"], plain.train["x"])
        assert np.array_equal(splits.test["x"], plain.test["x"])
        assert np.array_equal(splits.test["y"], plain.test["y"])
        assert splits.note == plain.note
    assert len(list((tmp_path / "cache").rglob("*.rows"))) == 1


def test_decoding_reports_and_can_be_stopped(tmp_path, monkeypatch):
    folder = paint(tmp_path / "pics", 40)
    shares = []
    source(folder).load(progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1 and len(shares) > 2
    monkeypatch.setattr(reader, "LARGEST_IN_MEMORY", 100)
    asked = []
    with pytest.raises(Cancelled):
        source(folder).load(cancelled=lambda: bool(asked.append(0)) or len(asked) > 1)
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda f: None, "does not exist"),
        (lambda f: f.write_text("x"), "is a file"),
        (lambda f: f.mkdir(), "has no folders with images"),
        (lambda f: (f / "empty").mkdir(parents=True), "has no folders with images"),
    ],
)
def test_folders_without_images_are_refused(tmp_path, make, text):
    make(tmp_path / "pics")
    with pytest.raises(UserError, match=text):
        source(tmp_path / "pics").describe()


def test_images_too_many_for_the_disk_are_refused_before_a_byte_is_written(tmp_path, monkeypatch):
    folder = paint(tmp_path / "pics", 5)
    monkeypatch.setattr(reader, "LARGEST_IN_MEMORY", 100)
    monkeypatch.setattr(caching.shutil, "disk_usage", lambda _: SimpleNamespace(free=500))
    with pytest.raises(UserError, match="choose a smaller size"):
        source(folder).load()


@pytest.mark.parametrize("storage", ["memory", "cache", "stream"])
def test_images_are_the_same_wherever_they_lie(tmp_path, storage, same_when_exported):
    folder = paint(tmp_path / "pics", 30)
    (folder / "red" / "00.png").write_bytes(b"no image")
    plain, data = source(folder).load(), source(folder, storage=storage)
    splits = data.load()
    assert getattr(splits.train["x"], "is_streamed", False) == (storage != "memory")
    rows = np.array([5, 2, 40])
    assert np.array_equal(splits.train["x"][rows], plain.train["x"][rows])
    assert np.array_equal(np.asarray(splits.test["x"]), plain.test["x"])
    assert np.array_equal(splits.train["y"], plain.train["y"])
    assert splits.note == plain.note


def test_an_image_that_breaks_off_ends_a_stream_by_its_name(tmp_path):
    folder = paint(tmp_path / "pics", 3, (300, 300))
    whole = (folder / "red" / "02.bmp").read_bytes()
    (folder / "red" / "02.bmp").write_bytes(whole[:5000])
    splits = source(folder, storage="stream", test_fraction=0.0).load()
    with pytest.raises(DataError, match="red/02.bmp"):
        np.asarray(splits.train["x"])


def test_what_becomes_of_unreadable_images_is_chosen(tmp_path):
    folder = paint(tmp_path / "pics", 10)
    for name in ("01", "04"):
        (folder / "red" / f"{name}.jpg").write_bytes(b"no image")
    with pytest.raises(UserError, match="Up to 5 % would be left out"):
        source(folder).load()
    assert "2 of 20 images" in source(folder, unreadable="leave out").load().note
    with pytest.raises(UserError, match="Mend or remove them"):
        source(folder, unreadable="refuse").load()


def one_image(tmp_path, image, **params):
    for name in ("a", "b"):
        (tmp_path / "pics" / name).mkdir(parents=True)
        image.save(tmp_path / "pics" / name / "1.png", **params)
    return tmp_path / "pics"


def test_deep_pixels_are_scaled_and_not_cut_off(tmp_path):
    deep = Image.fromarray(np.full((8, 8), 32_768, np.uint16))
    x = source(one_image(tmp_path, deep), colour=False, test_fraction=0.0).load().train["x"]
    assert (x == 128).all()


def test_what_is_transparent_lies_on_white_or_keeps_its_channel(tmp_path):
    folder = one_image(tmp_path, Image.new("RGBA", (8, 8), (255, 0, 0, 0)))
    x = source(folder, test_fraction=0.0).load().train["x"]
    assert (x == 255).all()
    kept = source(folder, alpha=True, test_fraction=0.0)
    assert kept.describe().column("x").shape == (4, 8, 8)
    assert kept.load().train["x"][0, :, 0, 0].tolist() == [255, 0, 0, 0]


def test_palettes_with_a_transparent_colour_are_understood(tmp_path):
    flat = Image.new("P", (8, 8), 1)
    flat.putpalette([0, 0, 0, 10, 20, 30])
    folder = one_image(tmp_path, flat, transparency=0)
    x = source(folder, test_fraction=0.0).load().train["x"]
    assert x[0, :, 0, 0].tolist() == [10, 20, 30]


def test_the_orientation_of_a_camera_is_followed(tmp_path):
    image = Image.new("RGB", (8, 8), "black")
    image.paste((255, 255, 255), (0, 0, 8, 4))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    folder = one_image(tmp_path, image, exif=exif)
    x = source(folder, test_fraction=0.0).load().train["x"]
    assert (x[0, :, :4] == 0).all() and (x[0, :, 4:] == 255).all()


def test_wide_images_are_padded_without_a_stretch(tmp_path):
    folder = one_image(tmp_path, Image.new("RGB", (8, 4), "white"))
    x = source(folder, pad=True, test_fraction=0.0).load().train["x"]
    assert (x[0, :, 2:6] == 255).all() and not x[0, :, :2].any() and not x[0, :, 6:].any()


def test_images_of_one_person_stay_together(tmp_path):
    folder = tmp_path / "pics"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        for person in range(5):
            for n in range(3):
                shade = (50 * person, 0, 0)
                Image.new("RGB", (8, 8), shade).save(folder / name / f"{person}_{n}.png")
    splits = source(folder, split="by group").load()
    train, test = (set(np.unique(part["x"][:, 0])) for part in (splits.train, splits.test))
    assert test and not train & test


def test_one_class_only_is_refused(tmp_path):
    folder = paint(tmp_path / "pics", 2)
    for path in (folder / "blue").iterdir():
        path.unlink()
    with pytest.raises(UserError, match="has only the class “red”"):
        source(folder).describe()
