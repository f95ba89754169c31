"""What the blocks for sound compute: tones, bands and codes."""

import math

import pytest
import torch

from backends.pytorch.trial import Trial, model_of, source_of
from graph.blocks.companding import MuLawDecode, MuLawEncode
from graph.blocks.signals import LogCompression, MelFilterBank, Spectrogram
from graph.tensor import T


def of(block, x):
    type_ = T(*x.shape, dtype=str(x.dtype).removeprefix("torch."))
    return model_of(source_of(Trial(block, {"x": type_})))(x)


def tone(frequency: float, rate: int = 8000) -> torch.Tensor:
    return torch.sin(2 * math.pi * frequency * torch.arange(rate) / rate)[None]


def test_a_tone_is_strongest_where_its_frequency_is():
    found = of(Spectrogram(fft_size=400, hop_length=100), tone(1000.0))
    assert found.shape == (1, 201, 81)
    assert set(found[0, :, 5:-5].argmax(dim=0).tolist()) == {50}  # bins are 20 Hz apart


def test_a_piece_is_its_windowed_fourier_transform():
    sound = torch.randn(2, 64)
    block = Spectrogram(fft_size=16, hop_length=8, power="power")
    window = torch.sin(math.pi * torch.arange(16) / 16) ** 2
    expected = torch.fft.rfft(sound[:, 8:24] * window).abs() ** 2
    assert torch.allclose(of(block, sound)[:, :, 2], expected, rtol=1e-4, atol=1e-5)


def hertz_to_mel(hertz: float) -> float:
    return 2595 * math.log10(1 + hertz / 700)


def test_bands_are_triangles_on_the_mel_scale():
    block = MelFilterBank(mels=4, sample_rate=8000)
    filters = of(block, torch.eye(401)[None])[0]
    step = hertz_to_mel(4000) / 5
    for band, weights in enumerate(filters):
        peak = weights.argmax().item() * 10.0  # bins are 10 Hz apart
        assert hertz_to_mel(peak) == pytest.approx((band + 1) * step, abs=15)
        heard = weights.nonzero().flatten() * 10.0
        assert hertz_to_mel(heard.min().item()) >= band * step - 1
        assert hertz_to_mel(heard.max().item()) <= (band + 2) * step + 1
    # Between the peaks of the first and the last, neighbours share each frequency.
    inner = filters[:, 40:200].sum(dim=0)
    assert torch.allclose(inner, torch.ones_like(inner), atol=1e-4)


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        ("log", [math.log(1e-5), 0.0, math.log(100)]),
        ("log(1 + x)", [0.0, math.log(2), math.log(101)]),
        ("dB of power", [-50.0, 0.0, 20.0]),
        ("dB of magnitude", [-100.0, 0.0, 40.0]),
    ],
)
def test_logarithms_of_strengths(scale, expected):
    found = of(LogCompression(scale=scale), torch.tensor([0.0, 1.0, 100.0]))
    assert found.tolist() == pytest.approx(expected, rel=1e-5)


def test_codes_cover_their_range_and_come_back():
    sound = torch.arange(-500, 501) / 500
    codes = of(MuLawEncode(), sound)
    assert codes[[0, 500, -1]].tolist() == [0, 128, 255]
    assert torch.equal(codes, codes.sort().values)
    back = of(MuLawDecode(), codes)
    assert (back - sound).abs().max() < 0.025
    assert (back - sound)[490:511].abs().max() < 0.001
    assert torch.equal(of(MuLawEncode(), back), codes)


def test_sound_beyond_its_range_is_cut():
    assert of(MuLawEncode(codes=16), torch.tensor([-3.0, 7.0])).tolist() == [0, 15]
