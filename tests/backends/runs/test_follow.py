"""Following a run through its folder."""

from dataclasses import replace

from backends.protocol import Control, EpochEnded, Finished, Started, Stepped, Stopped
from backends.pytorch import report
from backends.runs import folder as store
from backends.runs.follow import Follower, Tail
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import Job, epochs, follow, losses, train


def told(events):
    """The events without what the clock says."""
    return [
        replace(event, seconds=0.0) if isinstance(event, (EpochEnded, Finished, Stopped)) else event
        for event in events
        if isinstance(event, (Started, EpochEnded, Finished, Stopped))
    ]


def test_a_folder_tells_what_the_run_told(tmp_path):
    events = train(iris_mlp(), tmp_path)
    read = Follower(events[-1].run).read()
    assert told(read) == told(events)
    assert losses(read) == losses(events)


def test_a_run_is_followed_while_it_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "EVENT_EVERY_S", 0.0)
    read = []
    follower = None

    def look(event):
        nonlocal follower
        if isinstance(event, Started):
            follower = Follower(event.run)
        if follower is not None:
            read.append(follower.read())

    events = follow(Job(iris_mlp(), tmp_path), on_event=look)
    assert [type(event) for event in read[0]] == [Started]
    assert sum(bool(each) for each in read) > 5, "it hears of it bit by bit"
    flat = [event for each in read for event in each]
    assert told(flat) == told(events)
    assert losses(flat) == losses(events)


def test_a_run_that_goes_on_tells_only_what_is_new(tmp_path):
    control = Control()
    first = follow(
        Job(iris_mlp(), tmp_path),
        control,
        lambda event: isinstance(event, EpochEnded) and control.stop(),
    )
    run = first[-1].run
    before = store.read_json(run / store.SUMMARY)
    follower = Follower(run, before, knows_past=True)
    assert follower.read() == []
    events = train(iris_mlp(), tmp_path, resume=run)
    read = follower.read()
    assert told(read) == told(events)
    assert losses(read) == losses(events)
    assert [each.epoch for each in read[0].done] == [1]
    assert [each.epoch for each in epochs(read)] == [2, 3]


def test_who_begins_to_look_later_hears_of_the_past(tmp_path):
    control = Control()
    first = follow(
        Job(iris_mlp(), tmp_path),
        control,
        lambda event: isinstance(event, EpochEnded) and control.stop(),
    )
    events = train(iris_mlp(), tmp_path, resume=first[-1].run)
    read = Follower(first[-1].run).read()
    assert losses(read) == [*losses(first), *losses(events)]
    assert [each.epoch for each in read[0].done] == [1]
    assert [type(event) for event in read if isinstance(event, Stepped)]


def test_a_line_that_is_being_written_waits(tmp_path):
    path = tmp_path / "metrics.jsonl"
    tail = Tail(path)
    assert tail.read() == []
    path.write_text('{"step": 1, "loss": 0.5}\n{"step": 2, "lo')
    assert tail.read() == [{"step": 1, "loss": 0.5}]
    path.write_text('{"step": 1, "loss": 0.5}\n{"step": 2, "loss": 0.25}\n')
    assert tail.read() == [{"step": 2, "loss": 0.25}]
