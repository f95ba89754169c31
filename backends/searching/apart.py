"""A search in a process of its own, which goes on when the program that began it has ended."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from backends.launch.job_file import trusted_in
from backends.launch.process import start_module
from backends.launch.where import Where
from backends.protocol import Control
from backends.runs import folder as store
from backends.runs import lock
from backends.searching.folder import Stored, read
from backends.searching.trial import RUNNING, STOPPED, Begun, Ended, Hear, best_of, place_of
from backends.searching.work import run, stop, tried
from graph import trust
from graph.problems import UserError
from graph.searching import combinations

MODULE = "backends.searching"
LAUNCH, LOG = "launch.json", "log.txt"
LOOK_EVERY_S = 0.5


def start(folder: Path, where: Where, parallel: int = 1) -> subprocess.Popen[bytes]:
    """Goes on with a search that was stopped, in a process of its own.

    Raises:
        UserError: it cannot be started.
    """
    value = {"on": str(where), "parallel": parallel, "trusted": trusted_in(read(folder).document)}
    store.write_json(folder / LAUNCH, value)
    return start_module(MODULE, folder, folder / LOG)


def work(folder: Path) -> Ended:
    """Does what was started; SIGTERM stops it, and it can be gone on with.

    Raises:
        UserError: it cannot be made.
    """
    control = Control()
    signal.signal(signal.SIGTERM, lambda *_: control.stop())
    try:
        launch = json.loads((folder / LAUNCH).read_text("utf-8"))
        where, parallel = place_of(str(launch["on"])), int(launch["parallel"])
        trust.agree(str(digest) for digest in launch["trusted"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{folder / LAUNCH} cannot be read: {error}.") from error
    job = replace(read(folder).job(), where=where, parallel=parallel)
    return run(job, lambda _: None, control)


def follow(stored: Stored, hear: Hear, control: Control, leaving: Control) -> Ended:
    """Tells what comes of a search that another process makes, until it has ended.

    Args:
        control: stops the search.
        leaving: ends the following; the search goes on.

    Raises:
        UserError: its journal is damaged.
    """
    folder, search = stored.folder, stored.search
    while True:
        is_alive = lock.owner_of(folder) is not None  # before the reading: nothing is missed
        trials = tried(folder, search)
        if is_alive:  # what is not over goes on
            trials = tuple(
                replace(trial, state=RUNNING) if trial.state == STOPPED else trial
                for trial in trials
            )
        hear(Begun(folder, trials, combinations(search)))
        if not is_alive or leaving.is_stopped:
            break
        if control.is_stopped:
            stop(folder)
        time.sleep(LOOK_EVERY_S)
    is_done = sum(trial.is_made for trial in trials) >= search.trials
    return Ended(folder, trials, best_of(search, trials), is_stopped=not is_done)
