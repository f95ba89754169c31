"""The places where a job runs, by name."""

import os

import pytest

from backends.launch.where import THREAD, Kind, Where, where_of, why_not
from graph.problems import UserError

PLACES = [
    "thread",
    "process",
    "processes:2",
    "processes:3:sharded",
    "machines:2x4",
    "machines:2x4:sharded",
    "machines:1x1",
]


@pytest.mark.parametrize("text", PLACES)
def test_a_place_is_read_as_it_is_written(text):
    assert str(where_of(text)) == text


def test_one_of_several_processes_is_a_process_of_its_own():
    assert where_of("processes:1") == Where(Kind.PROCESS)
    assert where_of("thread") == THREAD


@pytest.mark.parametrize(
    "text",
    ["", "cloud", "processes", "processes:0", "processes:2x2", "machines:2", "processes:2:fsdp"],
)
def test_other_words_are_refused_with_what_there_is(text):
    with pytest.raises(UserError, match="is no place to train"):
        where_of(text)


def test_far_too_many_processes_are_refused_before_they_start():
    cores = os.cpu_count() or 1
    assert why_not(where_of("processes:2")) == ""
    assert f"{cores} cores" in why_not(where_of(f"processes:{4 * cores + 1}"))
