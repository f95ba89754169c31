"""What samples hold as a whole."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from backends.data.browsing import inside
from backends.data.browsing.measuring import measure
from backends.data.browsing.opening import samples_of
from backends.data.source import Cancelled
from graph.data import DataSpec


def nobody(_drawn, rows):
    return np.zeros(rows, bool)


def samples(source, **params):
    return samples_of(DataSpec(source, params), nobody, lambda _share: None, lambda: False)


def facts(found, cancelled=lambda: False):
    return measure(found, lambda _share: None, cancelled)


def test_penguins_have_a_balance_ranges_and_gaps():
    found = facts(samples("penguins"))
    assert found.classes == ("Adelie", "Chinstrap", "Gentoo")
    assert found.balance.sum(axis=1).tolist() == [152, 68, 124]
    assert found.balance.sum(axis=0).tolist() == list(found.parts)
    ranges = {each.name: each for each in found.ranges}
    assert (ranges["body_mass_g"].low, ranges["body_mass_g"].high) == (2700, 6300)
    assert (ranges["body_mass_g"].gaps, ranges["sex"].gaps) == (2, 11)
    assert ranges["body_mass_g"].mean == pytest.approx(4201.75, abs=0.01)
    assert (ranges["island"].distinct, ranges["island"].commonest) == (3, "Biscoe")


def test_pixels_are_measured_channel_by_channel_and_what_is_broken_is_named(tmp_path):
    for name, colour in (("a", (255, 0, 0)), ("b", (0, 0, 51))):
        (tmp_path / name).mkdir()
        for n in range(5):
            Image.new("RGB", (8, 8), colour).save(tmp_path / name / f"{n}.png")
    (tmp_path / "b" / "bad.png").write_bytes(b"?")
    found = facts(samples("images", folder=str(tmp_path)))
    red, green, blue = found.inside
    assert (red.name, red.low, red.high, red.mean) == ("red", 0, 1, 0.5)
    assert green.mean == 0 and blue.high == pytest.approx(0.2)
    assert len(found.unreadable) == 1 and found.parts[3] == 1
    assert "b/bad.png" in next(iter(found.unreadable.values()))


def test_of_very_many_samples_some_are_opened_evenly(monkeypatch):
    monkeypatch.setattr(inside, "MOST_OPENED", 100)
    found = facts(samples("digits"))
    assert 90 <= found.opened <= 100 and found.inside[0].high == 1


def test_pixels_of_masks_are_counted_by_class(tmp_path):
    for name in ("images", "masks"):
        (tmp_path / name).mkdir()
    for n in range(10):
        Image.new("RGB", (8, 8)).save(tmp_path / "images" / f"{n}.png")
        mask = np.zeros((8, 8), np.uint8)
        mask[:2] = 255
        Image.fromarray(mask).save(tmp_path / "masks" / f"{n}.png")
    found = facts(samples("masks", folder=str(tmp_path), size=(8, 8), names="sky, bird"))
    assert found.by_pixels and found.classes == ("sky", "bird")
    assert found.balance.tolist() == [[8 * 48, 0, 2 * 48, 0], [8 * 16, 0, 2 * 16, 0]]


def test_lengths_become_bars(tmp_path):
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
        for n in range(1, 9):
            (tmp_path / name / f"{n}.txt").write_text(" ".join(["word"] * n))
    found = facts(samples("text_folder", folder=str(tmp_path), length=16)).lengths
    assert found.counts.sum() == 16 and (found.counts == 2).all()
    assert (found.edges[0], found.edges[-1], found.middle) == (1, 8, 4.5)


def test_it_can_be_cancelled():
    with pytest.raises(Cancelled):
        facts(samples("shapes"), cancelled=lambda: True)
