"""One of the processes that do a job: the only one, or one of a team."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from dataclasses import replace

from backends.launch.job_file import Launch
from backends.launch.news import Teller, news_in
from backends.launch.orders import STOP, Orders, order
from backends.protocol import Job, Noted
from backends.pytorch.distributed import Team, join_team
from backends.pytorch.teamwork import help_out, lead
from backends.pytorch.train import run
from backends.runs import lock
from backends.runs.folder import SUMMARY
from backends.runs.log import add_line


def work(launch: Launch) -> int:
    """Does this process's part of the job; answers the exit code, which is not 0 after a crash."""
    is_again = int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")) > 0
    if is_again and news_in(launch.news).get("end"):
        return 0  # the run has ended; who started this one anew did not know
    team = join_team(sharded=launch.where.sharded)
    try:
        if team.leads:
            _lead(launch, team, is_again=is_again)
        else:
            help_out(job_now(launch), team)
        code = 0
    except Exception:  # noqa: BLE001  a border: torchrun starts the team anew
        traceback.print_exc()
        code = 1
    _leave(team, code)
    return code


def job_now(launch: Launch) -> Job:
    """The job as it is to be done now: what has begun is gone on with."""
    has_begun = (launch.run / SUMMARY).exists()
    return replace(launch.job, resume=launch.run if has_begun else None)


def _lead(launch: Launch, team: Team, *, is_again: bool) -> None:
    if is_again:
        lock.release(launch.run)  # of the process that this one stands in for
    teller, control = Teller(launch.news), Orders(launch.order, launch.settings)
    if is_again:
        text = "A process of the run has ended; all of them begin again at its last checkpoint."
        add_line(launch.run, text)
        teller.tell(Noted(text))
    if team.size == 1:  # in a team, torchrun ends processes so that all begin anew
        signal.signal(signal.SIGTERM, lambda *_: _end(control, launch))
    with lead(team) as leader:
        run(job_now(launch), teller.tell, control, leader)


def _end(control: Orders, launch: Launch) -> None:
    """Stops the run after this step, as others can see."""
    control.stop()
    with contextlib.suppress(OSError):
        order(launch.order, STOP)


def _leave(team: Team, code: int) -> None:
    """Ends the process of a team at once: torch's threads may trip over a usual end."""
    if team.size > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
