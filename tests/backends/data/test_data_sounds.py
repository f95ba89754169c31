"""Folders of sounds, and their resampling."""

import sys
import wave

import numpy as np
import pytest

from backends.data.readers.sound import Hearing, hear, read_wave, resampled
from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError


def write(path, samples, rate=8000, width=2):
    path.parent.mkdir(parents=True, exist_ok=True)
    values = np.rint(np.clip(samples, -1, 1) * (2 ** (8 * width - 1) - 1)).astype(np.int64)
    if width == 1:
        data = (values + 128).astype(np.uint8).tobytes()
    else:
        wide = values.astype("<i8").view(np.uint8).reshape(-1, 8)
        data = np.ascontiguousarray(wide[:, :width]).tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)


def tone(hertz, seconds=0.5, rate=8000):
    return 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


@pytest.fixture
def tones(tmp_path):
    for n in range(10):
        write(tmp_path / "tones" / "high" / f"{n}.wav", tone(1500 + 20 * n, 0.3 + 0.05 * n))
        write(tmp_path / "tones" / "low" / f"{n}.wav", tone(300 + 10 * n, 0.3 + 0.05 * n))
    return tmp_path / "tones"


def source(folder, **params):
    return source_of(DataSpec("sounds", {"folder": str(folder), "seconds": 0.5, **params}))


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_waves_of_any_width_are_read(tmp_path, width):
    write(tmp_path / "a.wav", tone(440), width=width)
    samples, rate = read_wave(tmp_path / "a.wav")
    assert rate == 8000 and samples.shape == (4000, 1)
    assert np.abs(samples[:, 0] - tone(440)).max() < 2.0 ** (1 - 8 * min(width, 3)) * 1.5


@pytest.mark.parametrize(("rate", "wanted"), [(44_100, 16_000), (8000, 16_000), (16_000, 11_025)])
def test_a_resampled_tone_is_the_tone_at_that_rate(rate, wanted):
    found = resampled(tone(1000, 0.5, rate), rate, wanted)
    right = tone(1000, 0.5, wanted)
    assert abs(len(found) - len(right)) <= 1
    middle = slice(200, len(right) - 200)
    assert np.abs(found[middle] - right[middle]).max() < 2e-3


def test_what_a_lower_rate_cannot_hold_is_taken_out():
    found = resampled(tone(7000, 0.5, 44_100), 44_100, 8000)
    assert np.abs(found[200:-200]).max() < 5e-3


def test_our_resampling_is_that_of_a_library(tmp_path):
    soxr = pytest.importorskip("soxr")
    random = np.random.RandomState(0)
    samples = np.convolve(random.standard_normal(9000), np.hanning(30) / 15, "same")
    ours, theirs = resampled(samples, 22_050, 16_000), soxr.resample(samples, 22_050, 16_000)
    middle = slice(300, 6000)
    assert np.abs(ours[middle] - theirs[middle]).max() < 0.01 * np.abs(theirs).max()


@pytest.mark.parametrize("heard_as", ["wave", "loudness"])
def test_a_folder_for_each_class(tones, heard_as, same_when_exported):
    data = source(tones, heard_as=heard_as, rate=8000)
    info, splits = data.describe(), data.load()
    shape = (4000,) if heard_as == "wave" else (48, 40)
    assert info.column("x").shape == shape and info.column("y").classes == ("high", "low")
    assert (info.rows, info.test_rows) == (16, 4)
    assert splits.train["x"].shape == (16, *shape) and splits.train["x"].dtype == np.float32
    if heard_as == "loudness":
        loudest = splits.train["x"].mean(axis=1).argmax(axis=1)
        assert loudest[splits.train["y"] == 0].min() > loudest[splits.train["y"] == 1].max()
    same_when_exported(data)


def test_short_sounds_end_in_silence_and_long_ones_are_cut(tmp_path):
    write(tmp_path / "s.wav", np.ones(100), rate=1000)
    whole = hear(tmp_path / "s.wav", Hearing(1000, 0.15))
    assert whole.shape == (150,) and not whole[100:].any()
    write(tmp_path / "l.wav", np.arange(300) / 300, rate=1000)
    middle = hear(tmp_path / "l.wav", Hearing(1000, 0.1, middle=True))
    assert middle[0] == pytest.approx(1 / 3, abs=0.01)


def test_streamed_sounds_are_the_same(tones):
    plain, streamed = source(tones).load(), source(tones, storage="stream").load()
    assert streamed.train["x"].is_streamed
    assert np.array_equal(np.asarray(streamed.train["x"]), plain.train["x"])


def test_broken_and_empty_sounds_are_counted_and_named(tones):
    (tones / "low" / "0.wav").write_bytes(b"no sound")
    write(tones / "low" / "1.wav", np.zeros(0))
    with pytest.raises(UserError, match=r"2 of 20 sounds .*low/.*wav"):
        source(tones).load()
    splits = source(tones, unreadable="leave out").load()
    assert "it has the length 0" in splits.note and "no WAV file" in splits.note
    assert len(splits.train["x"]) + len(splits.test["x"]) == 18


@pytest.mark.parametrize("rate", [0, 4_000_000_000])
def test_a_rate_that_no_sound_has_is_told(tones, rate):
    path = tones / "low" / "0.wav"
    header = bytearray(path.read_bytes())
    header[24:28] = rate.to_bytes(4, "little")
    path.write_bytes(header)
    note = source(tones).load().note
    assert f"low/0.wav (its header says {rate:,} samples a second; 1 to 768,000 are read)" in note


@pytest.mark.parametrize("middle", [False, True])
def test_of_a_long_sound_only_what_is_heard_is_resampled(tmp_path, middle):
    write(tmp_path / "slow.wav", tone(0.1, 20, 50), rate=50)
    heard = Hearing(16_000, 0.25, middle)
    found = hear(tmp_path / "slow.wav", heard)
    whole = resampled(read_wave(tmp_path / "slow.wav")[0][:, 0], 50, 16_000)
    start = (len(whole) - heard.length) // 2 if middle else 0
    assert np.array_equal(found, whole[start : start + heard.length].astype(np.float32))


def test_flac_and_ogg_are_read_by_their_package(tones, same_when_exported):
    soundfile = pytest.importorskip("soundfile")
    for path in list((tones / "low").iterdir()):
        soundfile.write(str(path.with_suffix(".flac")), read_wave(path)[0], 8000)
        path.unlink()
    data = source(tones)
    assert data.load().train["x"].shape == (16, 48, 40)
    same_when_exported(data)


def test_flac_without_the_package_says_what_to_install(tones, monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    (tones / "low" / "0.wav").rename(tones / "low" / "0.flac")
    assert "pip install soundfile" in source(tones).load().note
