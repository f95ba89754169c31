"""Starts the processes of a job apart from this program, and tells what becomes of them here."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

import backends
from backends import loader
from backends.launch.job_file import Launch, is_launched, read_launch, write_launch
from backends.launch.lines import MODULE
from backends.launch.news import Hearer
from backends.launch.orders import GO, ask_for, order, order_of
from backends.launch.where import Kind, Where, why_not
from backends.protocol import Control, Emit, Event, Failed, Finished, Job, Preparing, Stopped
from backends.runs import folder as store
from backends.runs import lock
from backends.runs.follow import Follower, summary_of
from graph.problems import UserError

LOOK_EVERY_S = 0.1
LEAVING_LASTS_S = 10.0
GONE_AFTER_S = 1.0  # without a sign of life; its last words are read then
DEAF_AFTER_S = 120.0  # machines elsewhere that have not heeded a stop
LOG_LINES = 12


def train(job: Job, where: Where, emit: Emit, control: Control) -> threading.Thread:
    """Starts a job where it is to run; exactly one of its events is the last.

    `emit` is called from the thread that this answers. Processes apart go on when this program
    ends, whatever ends it.
    """
    if where.is_here:
        return loader.train(job, emit, control)
    return _start(lambda: _launch_and_follow(job, where, emit, control), emit)


def attach(run: Path, emit: Emit, control: Control) -> threading.Thread:
    """Follows a run that other processes do, from its beginning on."""
    return _start(lambda: _follow(read_launch(run), emit, control), emit)


def is_alive(run: Path) -> bool:
    """Whether processes apart are at work on the run now."""
    return _owner_of(run) is not None


def _owner_of(run: Path) -> int | None:
    """A process that is at work on the run, or starts those that are."""
    starts = lock.owner_of(run / "launch")
    return lock.owner_of(run) if starts is None else starts


def running_in(folder: Path) -> list[Path]:
    """The runs in a folder on which processes apart are at work, the newest first."""
    try:
        found = sorted(folder.iterdir(), reverse=True)
    except OSError:
        return []
    return [path for path in found if is_launched(path) and is_alive(path)]


def _start(work: Any, emit: Emit) -> threading.Thread:  # Any: takes nothing, answers nothing
    def guarded() -> None:
        try:
            work()
        except (UserError, OSError) as error:
            emit(Failed(str(error)))
        except Exception as error:  # noqa: BLE001  a border: the window must hear of an end
            text = f"What the run tells cannot be understood: {type(error).__name__}: {error}"
            emit(Failed(text, details=traceback.format_exc()))

    thread = threading.Thread(target=guarded, name="following", daemon=True)
    thread.start()
    return thread


def _launch_and_follow(job: Job, where: Where, emit: Emit, control: Control) -> None:
    reason = why_not(where)
    if reason:
        emit(Failed(reason))
        return
    owner = _owner_of(job.resume) if job.resume else None
    if job.resume and owner is not None:  # its files are those that steer the others
        emit(Failed(str(lock.taken(job.resume, owner))))
        return
    before = summary_of(job.resume) if job.resume else None
    launch = write_launch(job, where)
    if where.kind is Kind.MACHINES:
        emit(
            Preparing(
                f"Waiting for the machines; what starts them is in {launch.folder}", run=launch.run
            )
        )
        _follow(launch, emit, control, before=before)
        return
    emit(Preparing("Starting the process" if where.size == 1 else "Starting the processes"))
    _follow(launch, emit, control, start_process(launch), before)


def start_process(launch: Launch) -> subprocess.Popen[bytes]:
    """Starts what does the job, with a life of its own.

    Raises:
        UserError: it cannot be started.
    """
    return start_module(MODULE, launch.run, launch.log)


def start_module(module: str, folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """Starts a module on a folder, with a life of its own.

    Raises:
        UserError: it cannot be started.
    """
    root = str(Path(backends.__file__).parent.parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    # it is neither to die with the terminal of this program, nor to hear its Ctrl+C
    apart: dict[str, Any] = (  # Any: options of either system
        {"creationflags": 0x8 | 0x200} if sys.platform == "win32" else {"start_new_session": True}
    )
    try:
        with log.open("ab") as said:
            return subprocess.Popen(
                [sys.executable, "-m", module, str(folder)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)}, **apart,
            )  # fmt: skip
    except OSError as error:
        raise UserError(
            f"The process cannot be started: {error.strerror or error}. Train in this program."
        ) from error


def _follow(
    launch: Launch,
    emit: Emit,
    control: Control,
    process: subprocess.Popen[bytes] | None = None,
    before: dict[str, Any] | None = None,
) -> None:
    """Tells what happens until the run ends, or those who do it have gone."""
    following = _Following(launch, control, process, before)
    control.heard = following.pass_on
    following.pass_on()
    while True:
        for event in following.events():
            if isinstance(event, (Finished, Stopped, Failed)):
                following.see_off()
                emit(event)
                return
            emit(event)
        time.sleep(LOOK_EVERY_S)


class _Following:
    """Looks at the folder of one run."""

    def __init__(
        self, launch: Launch, control: Control, process: subprocess.Popen[bytes] | None,
        before: dict[str, Any] | None,
    ) -> None:  # fmt: skip
        self._launch, self._control, self._process = launch, control, process
        self._follower = Follower(launch.run, before, knows_past=before is not None)
        self._hearer = Hearer(launch.news)
        self._ordered = GO
        self._alive_at = time.monotonic()
        self._stopped_at: float | None = None

    def see_off(self) -> None:
        """Waits until those who did the run have gone, so that others may go on with it."""
        until = time.monotonic() + LEAVING_LASTS_S
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(LEAVING_LASTS_S)
        while is_alive(self._launch.run) and time.monotonic() < until:
            time.sleep(LOOK_EVERY_S)

    def pass_on(self) -> None:
        """Passes on what the person asks for."""
        word = order_of(self._control)
        if word != self._ordered:
            self._ordered = word
            with contextlib.suppress(OSError):
                order(self._launch.order, word)
        settings = self._control.take_settings()
        if settings:
            with contextlib.suppress(OSError):
                ask_for(self._launch.settings, settings)

    def events(self) -> list[Event]:
        """What is new; when the run has ended, the last of them says how."""
        is_alive = self._is_alive()  # before the reading: what was written by then is read
        self.pass_on()
        events = [*self._hearer.read(self._launch.run), *self._follower.read()]
        is_over = bool(events) and isinstance(events[-1], (Finished, Stopped, Failed))
        if not is_over and self._hearer.end is not None:
            events.append(self._ended_before_it_began(self._hearer.end))
        elif not is_over and not is_alive:
            events.append(self._gone())
        return events

    def _is_alive(self) -> bool:
        now = time.monotonic()
        is_at_work = self._process is not None and self._process.poll() is None
        if is_at_work or is_alive(self._launch.run):  # those it started may outlive a process
            self._alive_at = now
        elif self._launch.where.kind is Kind.MACHINES:
            self._alive_at = now if not self._is_deaf(now) else 0.0
        return now - self._alive_at < GONE_AFTER_S

    def _is_deaf(self, now: float) -> bool:
        """Whether machines elsewhere have not heeded a stop, or have never begun."""
        if self._ordered != "stop":
            return False
        self._stopped_at = self._stopped_at or now
        has_begun = self._launch.news.exists()
        return not has_begun or now - self._stopped_at > DEAF_AFTER_S

    def _ended_before_it_began(self, end: Event) -> Event:
        run, is_new = self._launch.run, not self._launch.job.resume
        never_began = isinstance(end, (Failed, Stopped)) and end.run is None
        if never_began and is_new and summary_of(run) is None and not lock.owner_of(run):
            store.remove_folder(run)
        return end

    def _gone(self) -> Event:
        run = self._launch.run
        if self._ordered == "stop" and not self._launch.news.exists():
            return self._ended_before_it_began(Stopped(None, 0, 0, 0.0))
        if not run.is_dir():
            return Failed(
                f"The folder of the run, {run}, is gone: it was deleted or moved. What was trained "
                "is where the folder is now, and can be gone on with once it is put back."
            )
        began = summary_of(run) is not None
        code = self._process.returncode if self._process is not None else None
        how = f" by the signal {-code}" if code is not None and code < 0 else ""
        then = "Its last checkpoint can be gone on with." if began else "Nothing was trained."
        text = f"The process of the run has been ended{how} before the run was over. {then}"
        return Failed(text, None, run if began else None, log_tail(self._launch.log))


def log_tail(path: Path) -> str:
    """The last lines that the processes of a run have printed."""
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-LOG_LINES:])
