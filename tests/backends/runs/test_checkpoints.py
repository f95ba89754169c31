"""Which checkpoints of a run stay, and in which order they are looked at."""

import pytest

from backends.runs.checkpoints import (
    Keeping,
    checkpoint_path,
    checkpoints_of,
    forget_checkpoints_after,
    forget_spoilt,
    step_of,
    tidy,
)


def make(run, *steps, kept=(), size=10):
    for step in steps:
        path = checkpoint_path(run, step, is_kept=step in kept)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x" * size)


def steps(run):
    return [step_of(path) for path in checkpoints_of(run)]


def test_the_newest_comes_first_and_the_old_name_last(tmp_path):
    make(tmp_path, 30, 4, 200)
    (tmp_path / "checkpoint.pt").write_bytes(b"")
    (tmp_path / "checkpoints" / ".step-0000000999.pt.part").write_bytes(b"")
    assert steps(tmp_path) == [200, 30, 4, 0]
    assert steps(tmp_path / "none") == []


def test_the_last_two_stay(tmp_path):
    make(tmp_path, 1, 2, 3, 4)
    tidy(tmp_path, Keeping())
    assert steps(tmp_path) == [4, 3]


def test_those_kept_for_good_stay_as_far_as_their_number_allows(tmp_path):
    make(tmp_path, *range(1, 10), kept=(1, 2, 3, 5, 9))
    tidy(tmp_path, Keeping(steps=1, most=3))
    assert steps(tmp_path) == [9, 8, 5, 3]


@pytest.mark.parametrize(("space", "left"), [(35, [9, 8, 7]), (5, [9, 8]), (0, [9, 8, 7, 6, 5])])
def test_those_kept_for_good_stay_as_far_as_their_space_allows(tmp_path, space, left):
    make(tmp_path, 5, 6, 7, 8, 9, kept=(5, 6, 7))
    tidy(tmp_path, Keeping(steps=1, largest_bytes=space))
    assert steps(tmp_path) == left


def test_later_ones_are_forgotten(tmp_path):
    make(tmp_path, 1, 2, 3)
    forget_checkpoints_after(tmp_path, 2)
    assert steps(tmp_path) == [2, 1]


@pytest.mark.parametrize(("step", "left"), [(150, [90, 10]), (139, [10]), (20, [10]), (5, [10])])
def test_what_was_kept_shortly_before_a_loss_was_no_number_is_forgotten(tmp_path, step, left):
    make(tmp_path, 10, 90, 110, 149, kept=(90, 149))
    assert forget_spoilt(tmp_path, step) == left[0]
    assert steps(tmp_path) == left
    assert forget_spoilt(tmp_path / "none", step) is None


def test_a_step_may_be_passed_over():
    keeping = Keeping(steps=10)
    assert [keeping.is_wanted(*pair) for pair in ((9, 1), (10, 9), (12, 9), (19, 12))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not Keeping().is_wanted(10, 9)
