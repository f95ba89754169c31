"""Events come to the window in their order, and it is known when the last one is there."""

import pytest

from app.training.inbox import Inbox
from backends.protocol import Failed, Preparing, Stopped


def test_events_are_taken_in_their_order():
    inbox, events = Inbox(), [Preparing("a"), Preparing("b")]
    for event in events:
        inbox.put(event)
    assert [inbox.take(), inbox.take(), inbox.take()] == [*events, None]


@pytest.mark.parametrize("last", [Failed("no"), Stopped(None, 0, 0, 0.0)])
def test_the_last_event_makes_it_whole(last):
    inbox = Inbox()
    inbox.put(Preparing("a"))
    assert not inbox.is_whole
    inbox.put(last)
    assert inbox.is_whole
