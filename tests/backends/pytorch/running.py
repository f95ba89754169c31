"""Runs jobs in tests and looks at their events."""

from pathlib import Path

from backends.protocol import Control, EpochEnded, Event, Failed, Finished, Job, Stepped, Stopped
from backends.pytorch.train import run
from graph.model import Document

LAST = (Finished, Stopped, Failed)


def train(document: Document, runs: Path, **options: object) -> list[Event]:
    """The events of a run; checks that exactly one of them, the last, ends it."""
    return follow(Job(document, runs, **options))


def follow(job: Job, control: Control | None = None, on_event=None) -> list[Event]:
    """The same, steered by `on_event`."""
    events: list[Event] = []

    def emit(event: Event) -> None:
        events.append(event)
        if on_event is not None:
            on_event(event)

    run(job, emit, control or Control())
    assert [isinstance(event, LAST) for event in events] == [False] * (len(events) - 1) + [True]
    return events


def losses(events: list[Event]) -> list[float]:
    """The losses of all steps; checks that none is missing."""
    steps = [s for event in events if isinstance(event, Stepped) for s in event.steps]
    assert steps == list(range(steps[0], steps[0] + len(steps))) if steps else True
    return [loss for event in events if isinstance(event, Stepped) for loss in event.losses]


def epochs(events: list[Event]) -> list[EpochEnded]:
    """The epochs that ended."""
    return [event for event in events if isinstance(event, EpochEnded)]
