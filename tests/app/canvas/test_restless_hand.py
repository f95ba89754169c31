"""A hand that does one thing after another, at random places, never leaves a mess."""

import gc
import resource
import statistics
from pathlib import Path

import pytest

from tests.app.canvas.anew import check
from tests.app.canvas.restless import RestlessHand, start

STEPS = 250
ROUNDS = 50
STEPS_OF_ROUND = 400
WARM_UP = ROUNDS // 3
MOST_GROWN_MB = 12.0


def play(restless, steps):
    """So many acts; an assertion that fails says after which."""
    done = []
    for _ in range(steps):
        done.append(restless.act())
        try:
            check(restless.canvas)
        except AssertionError as error:
            raise AssertionError(f"step {len(done)}, after {', '.join(done[-4:])}") from error


def take_back_all(restless):
    """Undoes every step; the drawing is the one that the hand began with."""
    restless.canvas.grab()
    session = restless.session
    while session.history.undo_label:
        session.undo()
    check(restless.canvas)
    assert session.root == restless.before


@pytest.mark.parametrize("seed", range(6))
def test_whatever_a_hand_does_ends_well_and_can_be_undone(hand_on, qtbot, seed):
    restless = RestlessHand(hand_on(start()), seed, qtbot)
    play(restless, STEPS)
    take_back_all(restless)


def resident_mb():
    """The memory of this process that is in use."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_twenty_thousand_acts_of_a_hand_end_well_and_leave_no_memory_behind(hand_on, qtbot):
    hand = hand_on(start())
    used_mb = []
    for seed in range(ROUNDS):
        hand.session.load(start(), None)
        restless = RestlessHand(hand, 1000 + seed, qtbot)
        play(restless, STEPS_OF_ROUND)
        take_back_all(restless)
        gc.collect()
        used_mb.append(resident_mb())
    warm = used_mb[WARM_UP:]
    third = len(warm) // 3
    grown_mb = statistics.median(warm[-third:]) - statistics.median(warm[:third])
    assert grown_mb < MOST_GROWN_MB, [round(mb) for mb in used_mb]
