"""Work in torch of a task, which the program asks to stop when it ends, and waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.tasks import Task
from backends import loader
from backends.protocol import Control


def waited_for(task: Task, work: Callable[[], Any], name: str) -> Any:
    # Any: whatever the work answers
    """What work in torch answers; called by a task, from its thread.

    When the program ends the task is cancelled, which the work must heed. In the thread of the
    task, a daemon, torch would be taken apart while it computes, which ends in an abort.
    """
    control = Control()
    control.heard = task.cancel
    return loader.waited_for(work, control, name)


def answer(task: Task, module: str, function: str, *arguments: Any) -> Any:
    # Any: whatever that function takes and answers
    """The same for a function of a module that needs torch."""
    return waited_for(task, lambda: loader.call(module, function, *arguments), function)
