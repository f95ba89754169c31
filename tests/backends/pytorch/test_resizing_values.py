"""What resizing, shuffling and padding compute: known numbers."""

import torch

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.padding import Pad1d, Pad2d
from graph.blocks.resizing import Upsample1d, Upsample2d
from graph.blocks.shuffling import PixelShuffle, PixelUnshuffle
from graph.tensor import T


def answer(block, x):
    model = model_of(source_of(Trial(block, {"x": T(*x.shape)}))).eval()
    return run(model, [x])[0]


def test_nearest_copies_and_area_takes_the_mean_again():
    x = torch.randn(1, 2, 3, 4)
    large = answer(Upsample2d(), x)
    assert torch.equal(large[..., ::2, 1::2], x)
    back = answer(Upsample2d(mode="area", to_size=True, size=(3, 4)), large)
    assert torch.allclose(back, x)


def test_aligned_corners_stay_where_they_are():
    x = torch.tensor([[[0.0, 1.0, 3.0]]])
    block = Upsample1d(mode="linear", to_size=True, size=5, align_corners=True)
    assert answer(block, x).tolist() == [[[0.0, 0.5, 1.0, 2.0, 3.0]]]


def test_an_unshuffle_undoes_a_shuffle():
    x = torch.arange(2 * 12 * 3 * 4.0).view(2, 12, 3, 4)
    shuffled = answer(PixelShuffle(), x)
    assert shuffled[0, 0, :2, :2].flatten().tolist() == x[0, :4, 0, 0].tolist()
    assert torch.equal(answer(PixelUnshuffle(), shuffled), x)


def test_padding_goes_to_the_side_it_names():
    x = torch.ones(1, 1, 1, 1)
    padded = answer(Pad2d(left=1, right=2, top=0, bottom=1, value=7.0), x)
    assert padded.tolist() == [[[[7.0, 1.0, 7.0, 7.0], [7.0, 7.0, 7.0, 7.0]]]]


def test_each_mode_takes_its_numbers_from_elsewhere():
    x = torch.tensor([[[1.0, 2.0, 3.0]]])
    expected = {
        "constant": [0.0, 0.0, 1.0, 2.0, 3.0, 0.0],
        "reflect": [3.0, 2.0, 1.0, 2.0, 3.0, 2.0],
        "replicate": [1.0, 1.0, 1.0, 2.0, 3.0, 3.0],
        "circular": [2.0, 3.0, 1.0, 2.0, 3.0, 1.0],
    }
    for mode, numbers in expected.items():
        assert answer(Pad1d(left=2, mode=mode), x).tolist() == [[numbers]]
