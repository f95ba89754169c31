"""Made-up speech: letters of random length in noise, with lengths that leave room for CTC."""

import numpy as np
import pytest

from backends.data.readers.speech import load_speech
from backends.data.source import source_of
from graph.data import DataSpec
from graph.problems import UserError


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_lengths_count_places_of_the_answer_and_letters(stride):
    train, _ = load_speech(rows=200, noise=0.0, stride=stride)
    loud = train["spectrogram"].max(axis=2) > 0
    last = loud.shape[1] - loud[:, ::-1].argmax(axis=1)
    frames = train["places"] * stride
    assert ((last <= frames) & (frames < last + 3 + stride)).all()
    assert np.array_equal((train["said"] > 0).sum(axis=1), train["said_letters"])
    assert set(train["said_letters"]) == set(range(3, 9))


def test_there_is_room_for_a_blank_between_equal_letters():
    train, _ = load_speech(rows=500, stride=2)
    repeats = ((train["said"][:, 1:] == train["said"][:, :-1]) & (train["said"][:, 1:] > 0)).sum(1)
    assert (train["said_letters"] + repeats <= train["places"]).all()


def test_behind_the_last_place_there_is_silence():
    train, _ = load_speech(rows=50, noise=1.0)
    for heard, places in zip(train["spectrogram"], train["places"], strict=True):
        assert not heard[2 * places :].any()


def test_the_letters_sound_alike_in_training_and_test():
    alike = {}
    for part in load_speech(rows=2000, letters=4, shortest=1, longest=1, noise=0.0):
        for letter in range(1, 5):
            heard = part["spectrogram"][part["said"][:, 0] == letter]
            alike.setdefault(letter, []).append(heard.mean(axis=(0, 1)))
    means = np.array([np.stack(both) for both in alike.values()])
    within = np.abs(means[:, 0] - means[:, 1]).max()
    between = min(np.abs(means[i, 0] - means[j, 0]).max() for i in range(4) for j in range(i))
    assert within < between / 3


def test_another_seed_is_another_language():
    first, other = (load_speech(rows=50, seed=seed, noise=0.0)[0] for seed in (0, 1))
    assert not np.array_equal(first["spectrogram"], other["spectrogram"])


def test_words_whose_shortest_is_longer_than_the_longest_are_refused():
    source = source_of(DataSpec("speech", {"shortest": 9}))
    for act in (source.describe, source.load):
        with pytest.raises(UserError, match="The shortest words have 9 letters"):
            act()
