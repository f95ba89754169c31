"""What each step makes of numbers, against a plain reference, row by row."""

from __future__ import annotations

import colorsys
import math

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from backends.pytorch.place import CannotTrain
from backends.pytorch.steps.colours import ColourJitter, CutOut, hue_turned
from backends.pytorch.steps.mixing import CutMix, Mixup
from backends.pytorch.steps.numbers import Masks, Noise, Normalise
from backends.pytorch.steps.pictures import Crop, Flip, Resize, Rotate, turning
from backends.pytorch.steps.sequences import TokenDropout
from backends.pytorch.steps.step import Chance, Step

CPU = torch.device("cpu")
X = ("x",)


def pictures(rows: int = 6, channels: int = 3, height: int = 12, width: int = 10) -> Tensor:
    return torch.rand(rows, channels, height, width, generator=torch.Generator().manual_seed(5))


def after(step: Step, x: Tensor, seed: int | None = 3) -> Tensor:
    chance = None if seed is None else Chance(seed, CPU)
    return step.apply({"x": x}, chance)["x"]


def test_normalise_gives_numpy_s_mean_and_deviation_however_the_rows_come() -> None:
    x = pictures(50) * 3 + 1e4
    learned = Normalise(columns=X).learned({"x": part} for part in x.split(7))
    array = x.double().numpy()
    mean, deviation = learned.found["x"]
    assert mean.flatten().numpy() == pytest.approx(array.mean((0, 2, 3)), rel=1e-7)
    assert deviation.flatten().numpy() == pytest.approx(array.std((0, 2, 3)), rel=1e-5)
    made = after(learned, x, None)
    assert torch.equal(made, (x - mean) / deviation)


@pytest.mark.parametrize(
    ("per", "shape"),
    [
        ("first axis", (1, 3, 1, 1)),
        ("last axis", (1, 1, 1, 10)),
        ("each number", (1, 3, 12, 10)),
        ("all numbers", (1, 1, 1, 1)),
    ],
)
def test_normalise_takes_means_per_what_is_wanted(per: str, shape: tuple[int, ...]) -> None:
    mean, _ = Normalise(columns=X, per=per).learned([{"x": pictures()}]).found["x"]
    assert mean.shape == shape


def test_features_of_a_table_have_means_of_their_own_along_either_axis() -> None:
    x = torch.tensor([[1.0, 10.0], [3.0, 30.0]])
    for per in ("first axis", "last axis", "each number"):
        learned = Normalise(columns=X, per=per).learned([{"x": x}])
        assert after(learned, x, None).tolist() == [[-1, -1], [1, 1]]


def test_normalise_refuses_what_never_varies_or_is_no_number() -> None:
    x = torch.tensor([[1.0, 7.0], [3.0, 7.0]])
    with pytest.raises(CannotTrain, match=r"1 of its 2 values never vary.*at 1, is always 7"):
        Normalise(columns=X).learned([{"x": x}])
    centred = Normalise(columns=X, constant="centre").learned([{"x": x}])
    assert after(centred, x, None).tolist() == [[-1, 0], [1, 0]]
    with pytest.raises(CannotTrain, match="no finite numbers"):
        Normalise(columns=X).learned([{"x": torch.tensor([[1.0], [math.nan]])}])


def test_resize_is_that_of_pillow_within_its_rounding() -> None:
    x = pictures(1, 1, 16, 16)
    made = after(Resize(columns=X, size=(8, 6)), x, None)[0, 0]
    image = Image.fromarray(x[0, 0].numpy(), "F")
    right = np.asarray(image.resize((6, 8), Image.Resampling.BILINEAR))
    assert made.numpy() == pytest.approx(right, abs=1e-5)


def test_masks_keep_their_classes_and_move_with_their_pictures() -> None:
    mask = torch.randint(0, 5, (4, 12, 10), generator=torch.Generator().manual_seed(0))
    batch = {"x": mask[:, None].float(), "mask": mask}
    names = ("x", "mask")
    for step in (
        Crop(columns=names, size=(7, 5), padding=2),
        Flip(columns=names, vertical=0.5),
    ):
        made = step.apply(dict(batch), Chance(1, CPU))
        assert made["mask"].dtype == torch.int64
        assert torch.equal(made["x"][:, 0].long(), made["mask"])
        assert not torch.equal(made["mask"], mask)
    for step in (Resize(columns=names, size=(9, 9)), Rotate(columns=names, degrees=40)):
        found = step.apply(dict(batch), Chance(1, CPU))["mask"]
        assert set(found.unique().tolist()) <= {0, 1, 2, 3, 4}


@pytest.mark.parametrize("filled", ["zeros", "reflect", "edge"])
def test_a_crop_is_a_window_into_the_padded_picture(filled: str) -> None:
    x = pictures()
    made = after(Crop(columns=X, size=(8, 7), padding=2, filled=filled), x)
    mode = {"zeros": "constant", "reflect": "reflect", "edge": "edge"}[filled]
    starts = set()
    for row, picture in enumerate(x.numpy()):
        padded = np.pad(picture, ((0, 0), (2, 2), (2, 2)), mode)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (8, 7), (1, 2))
        same = (windows == made[row].numpy()[:, None, None]).all((0, 3, 4))
        assert same.any()
        starts.add(tuple(np.argwhere(same)[0]))
    assert len(starts) > 1
    assert torch.equal(
        after(Crop(columns=X, size=(8, 6)), x, None), x[:, :, 2:10, 2:8]
    )  # the middle


def test_a_crop_reaches_every_place() -> None:
    x = torch.arange(5.0).view(1, 1, 1, 5).expand(400, 1, 1, 5)
    made = after(Crop(columns=X, size=(1, 3)), x)
    assert made[:, 0, 0, 0].unique().tolist() == [0, 1, 2]


def test_flips_mirror_the_drawn_share_of_rows() -> None:
    x = pictures(2000, 1, 2, 3)
    made = after(Flip(columns=X, horizontal=0.3), x)
    flipped = (made == x.flip(-1)).all((1, 2, 3))
    assert torch.equal(made[~flipped], x[~flipped])
    assert flipped.float().mean().item() == pytest.approx(0.3, abs=0.05)
    assert torch.equal(after(Flip(columns=X, horizontal=1.0, vertical=1.0), x), x.flip(-1, -2))


def test_turning_by_quarters_is_rot90_and_shifts_are_shares_of_the_size() -> None:
    x = pictures(1, 2, 9, 9)
    none = torch.zeros(1, 2)

    def turned(degrees: float, scale: float = 1.0, shift: Tensor = none) -> Tensor:
        angle = torch.tensor([math.radians(degrees)])
        theta = turning(angle, torch.tensor([scale]), shift, 1.0)
        grid = torch.nn.functional.affine_grid(theta, list(x.shape), align_corners=False)
        return torch.nn.functional.grid_sample(x, grid, align_corners=False)

    quarter = turned(90)
    rights = [x.rot90(turns, (2, 3)) for turns in (1, 3)]
    assert any(torch.allclose(quarter, right, atol=1e-5) for right in rights)
    assert torch.allclose(turned(180), x.flip(-1, -2), atol=1e-5)
    moved = turned(0, 1.0, torch.tensor([[2 * 2 / 9, 0.0]]))
    assert torch.allclose(moved[..., 2:], x[..., :-2], atol=1e-5)
    assert moved[..., :2].abs().max() < 1e-5


def test_turning_keeps_right_angles_in_pictures_that_are_not_square() -> None:
    theta = turning(torch.tensor([math.pi / 2]), torch.ones(1), torch.zeros(1, 2), 2.0)[0]
    width, height = 20.0, 10.0
    half = torch.tensor([width / 2, height / 2])
    to = theta[:, :2] @ (torch.tensor([5.0, 0.0]) / half) * half
    assert to.abs().tolist() == pytest.approx([0.0, 5.0], abs=1e-5)


def test_without_a_share_pictures_stay_as_they_are() -> None:
    x = pictures()
    still = Rotate(columns=X, degrees=0.0)
    assert torch.allclose(after(still, x), x, atol=1e-5)
    none = ColourJitter(columns=X, brightness=0, contrast=0, saturation=0, hue=0)
    assert torch.allclose(after(none, x), x, atol=1e-6)


def test_jitter_changes_brightness_contrast_and_saturation_as_it_says() -> None:
    x = pictures(3)
    still = {"brightness": 0.0, "contrast": 0.0, "saturation": 0.0}
    brighter = after(ColourJitter(columns=X, **{**still, "brightness": 0.5}), x) / x
    assert torch.allclose(brighter, brighter[:, :1, :1, :1].expand_as(x), atol=1e-5)
    assert brighter.min() >= 0.5 and brighter.max() <= 1.5
    made = after(ColourJitter(columns=X, **{**still, "saturation": 0.5}), x)
    weights = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    grey, was = (made * weights).sum(1), (x * weights).sum(1)
    assert torch.allclose(grey, was, atol=1e-5)
    assert not torch.allclose(made, x, atol=1e-2)


def test_a_turn_of_the_hue_leaves_greys_and_goes_round() -> None:
    x = pictures(1)
    grey = x[:, :1].expand(1, 3, 12, 10)
    assert torch.allclose(hue_turned(grey, torch.tensor([1.0])), grey, atol=1e-3)
    assert torch.allclose(hue_turned(x, torch.tensor([2 * math.pi])), x, atol=1e-3)
    red = torch.tensor([1.0, 0.2, 0.2]).view(1, 3, 1, 1)
    hue = colorsys.rgb_to_hsv(*hue_turned(red, torch.tensor([2.0])).flatten().tolist())[0]
    assert 0.2 < hue < 0.8  # no longer red


def test_cut_out_covers_a_square_of_the_drawn_share() -> None:
    x = pictures(500, 1, 20, 20) + 1
    made = after(CutOut(columns=X, size=6, chance=0.4, filled=-1.0), x)
    covered = (made == -1).flatten(1)
    has = covered.any(1)
    assert has.float().mean().item() == pytest.approx(0.4, abs=0.07)
    assert covered.sum(1).max() == 36
    for row in has.nonzero()[:20, 0]:
        at = covered[row].view(20, 20).nonzero()
        high, wide = (at.max(0).values - at.min(0).values + 1).tolist()
        assert len(at) == high * wide and max(high, wide) <= 6
    assert torch.equal(made[~has], x[~has])


def test_noise_has_its_deviation() -> None:
    x = pictures(40)
    made = after(Noise(columns=X, deviation=0.5), x) - x
    assert made.std().item() == pytest.approx(0.5, rel=0.03)
    assert made.mean().abs() < 0.02


def test_stripes_cover_whole_rows_and_columns_no_wider_than_said() -> None:
    x = torch.ones(300, 16, 20)
    made = after(Masks(columns=X, along_last=5, along_other=3, stripes=1), x)
    frames, bands = (made == 0).all(1), (made == 0).all(2)
    assert frames.sum(1).max() == 5 and bands.sum(1).max() == 3
    assert torch.equal(made == 0, frames[:, None, :] | bands[:, :, None])
    assert frames.any(0).all() and bands.any(0).all()
    wave = after(Masks(columns=X, along_last=5, stripes=2), torch.ones(300, 40))
    assert 5 < (wave == 0).sum(1).max() <= 10


def test_tokens_are_replaced_in_the_share_that_is_said() -> None:
    x = torch.randint(1, 9, (200, 30), generator=torch.Generator().manual_seed(0))
    made = after(TokenDropout(columns=X, chance=0.25, token=0), x)
    assert made.dtype == torch.int64
    assert (made == 0).float().mean().item() == pytest.approx(0.25, abs=0.02)
    assert torch.equal(made[made != 0], x[made != 0])


def test_mixup_mixes_rows_and_targets_in_one_share() -> None:
    x, y = pictures(8), torch.arange(8) % 3
    step = Mixup(columns=("x", "y"), alpha=1.0, classes=(0, 3), inputs=1)
    made = step.apply({"x": x, "y": y}, Chance(2, CPU))
    one_hot = torch.eye(3)[y]
    share = Chance(2, CPU).plain
    assert share.random() < 1
    taken = share.betavariate(1.0, 1.0)
    other = Chance(2, CPU).order(8)
    assert torch.allclose(made["x"], taken * x + (1 - taken) * x[other])
    assert torch.allclose(made["y"], taken * one_hot + (1 - taken) * one_hot[other])
    measured = step.apply({"x": x, "y": y}, None)
    assert torch.equal(measured["x"], x) and torch.equal(measured["y"], one_hot)


def test_cutmix_takes_targets_by_the_area_it_takes() -> None:
    x = torch.arange(8.0).view(8, 1, 1, 1).expand(8, 1, 10, 12).clone()
    y = torch.eye(8)
    step = CutMix(columns=("x", "y"), alpha=1.0, classes=(0, 0), inputs=1)
    for seed in range(20):
        made = step.apply({"x": x, "y": y}, Chance(seed, CPU))
        for row in range(8):
            shares = torch.bincount(made["x"][row].long().flatten(), minlength=8) / 120
            assert torch.allclose(made["y"][row], shares, atol=1e-6)


@pytest.mark.parametrize(
    "step",
    [
        Crop(columns=X, size=(8, 8)), Flip(columns=X), Rotate(columns=X), ColourJitter(columns=X),
        CutOut(columns=X), Noise(columns=X), Masks(columns=X),
        Mixup(columns=X, classes=(0,), inputs=1), CutMix(columns=X, classes=(0,), inputs=1),
    ],
    ids=lambda step: type(step).__name__,
)  # fmt: skip
def test_a_seed_gives_the_same_batch_and_others_another(step: Step) -> None:
    x = pictures(32)
    before = x.clone()
    made = after(step, x, 1)
    assert torch.equal(made, after(step, x, 1))
    assert any(not torch.equal(made, after(step, x, seed)) for seed in (2, 3, 4))
    assert torch.equal(x, before)  # the rows of the data stay
    state = torch.get_rng_state()
    after(step, x, 2)
    assert torch.equal(torch.get_rng_state(), state)  # nothing is taken from the training
