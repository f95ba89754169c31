"""The page of the gallery is generated, and up to date; `make pictures` writes it anew."""

from __future__ import annotations

from PIL import Image

from app.gallery_page import FOLDER, PAGE, PICTURES, SIZE_PX, marks, page, picture_of, write
from graph.gallery import entries

MOST_BYTES = 1_500_000


def test_the_page_says_what_the_gallery_is() -> None:
    kept, now = PAGE.read_text("utf-8"), page(entries())
    drawn, kept_drawn = marks(now), marks(kept)
    stale = [name for name in drawn if drawn[name] != kept_drawn.get(name)]
    assert stale == [], "these are drawn in another way now: `make pictures` paints them anew"
    assert now == kept, "`make pictures` writes the page anew"


def test_every_network_has_a_picture_in_both_themes_and_there_are_no_others() -> None:
    wanted = {FOLDER / picture_of(e.name, theme) for e in entries() for theme in ("dark", "light")}
    assert set((FOLDER / PICTURES).iterdir()) == wanted
    for path in wanted:
        with Image.open(path) as picture:
            assert picture.size == SIZE_PX


def test_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in (FOLDER / PICTURES).iterdir()) < MOST_BYTES


def test_only_what_is_drawn_in_another_way_is_painted_again(tmp_path, qapp) -> None:
    sums = marks(PAGE.read_text("utf-8"))
    text = PAGE.read_text("utf-8").replace(sums["mlp"], "0" * 12)
    (tmp_path / PAGE.name).write_text(text, "utf-8")
    assert write(tmp_path) == ["mlp"]
    assert (tmp_path / PAGE.name).read_text("utf-8") == PAGE.read_text("utf-8")
    assert len(list((tmp_path / PICTURES).iterdir())) == 2
