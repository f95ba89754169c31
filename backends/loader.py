"""The way from the window to what needs torch: imported where it is used, off the UI thread."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backends.protocol import Control, Emit, Failed, Job

EXIT_WAITS_S = 20.0
_started: list[tuple[threading.Thread, Control]] = []
_warmed = threading.Event()
_warm = threading.Event()
_lock = threading.Lock()


def call(module: str, function: str, *arguments: Any, **options: Any) -> Any:
    # Any: whatever that function takes and answers
    """The answer of a function of a module that is imported now; call it off the UI thread."""
    return getattr(importlib.import_module(module), function)(*arguments, **options)


def answer(module: str, function: str, *arguments: Any, control: Control) -> Any:
    # Any: as in `call`
    """The same as `call`, for what computes long; call it off the UI thread, too.

    It is worked out as `waited_for` says: the function must ask the control.
    """
    return waited_for(lambda: call(module, function, *arguments), control, function)


def waited_for(work: Callable[[], Any], control: Control, name: str) -> Any:
    # Any: whatever the work answers
    """What work in torch answers; call it off the UI thread.

    It is worked out in a thread that the program waits for when it ends; then the control is
    stopped, which the work must heed, and the calling thread, a daemon, hears no more.
    """
    found: list[Any] = []  # Any: as above
    raised: list[BaseException] = []

    def guarded() -> None:
        try:
            found.append(work())
        except BaseException as error:  # noqa: BLE001  a border: it is raised where it was asked
            # no tensor may outlive this thread, by a traceback, when the program ends
            raised.append(RuntimeError("the program ends") if control.is_stopped else error)

    thread = threading.Thread(target=guarded, name=name, daemon=False)  # daemons make daemons
    _start(thread, control)
    thread.join()
    if control.is_stopped:
        # a thread that calls Qt while the interpreter is taken down aborts the process
        threading.Event().wait()
    if raised:
        raise raised[0]
    return found[0]


def train(job: Job, emit: Emit, control: Control) -> threading.Thread:
    """Starts a training run in a thread of its own; exactly one of its events is the last.

    `emit` is called from that thread. When the program ends before the run, the run is stopped
    and keeps its state.
    """
    thread = threading.Thread(target=_train, args=(job, emit, control), name="training")
    _start(thread, control)
    return thread


def _start(thread: threading.Thread, control: Control) -> None:
    # torch imports it, which is refused once the program ends
    importlib.import_module("concurrent.futures.thread")
    if not _started:
        threading.Thread(target=_end_threads, name="end of threads", daemon=True).start()
    thread.start()
    _started.append((thread, control))


def _end_threads() -> None:
    """When the main thread has ended, stops the runs and waits for them.

    They are no daemons: torch aborts the process when one of its threads is torn away.
    """
    threading.main_thread().join()
    for _, control in _started:
        control.stop()
    until = time.monotonic() + EXIT_WAITS_S
    for thread, _ in _started:
        thread.join(max(0.0, until - time.monotonic()))
        if thread.is_alive():
            os._exit(1)  # whatever it hangs on must not keep the program for ever


def _train(job: Job, emit: Emit, control: Control) -> None:
    try:
        _load_libraries()
        run = importlib.import_module("backends.pytorch.train").run
    except Exception as error:  # noqa: BLE001  a border: the window must hear of it
        emit(Failed(f"PyTorch cannot be loaded: {type(error).__name__}: {error}."))
        return
    run(job, emit, control)


def warm_up() -> None:
    """Loads torch and what its first training step needs, in a thread, once."""
    if not _warmed.is_set():
        _warmed.set()
        _start(threading.Thread(target=_warm_up, name="warm-up"), Control())


def is_warm() -> bool:
    """Whether `warm_up` is over, so that training begins at once."""
    return _warm.is_set()


def is_loaded() -> bool:
    """Whether torch is there already."""
    return "torch" in sys.modules


def _warm_up() -> None:
    _load_libraries()
    try:
        call("backends.pytorch.warm", "warm_up")
    except ImportError:
        return  # the first run says what is wrong, to someone who wants to know
    finally:
        _warm.set()


def _load_libraries() -> None:
    """Opens torch's libraries through ctypes, which lets other threads run meanwhile.

    The import would hold the interpreter, and so the window, for 0.2 s.
    """
    with _lock:
        spec = None if is_loaded() else importlib.util.find_spec("torch")
        if spec is None or spec.origin is None or not sys.platform.startswith("linux"):
            return
        for name in ("libc10.so", "libtorch_cpu.so"):
            library = Path(spec.origin).parent / "lib" / name
            try:
                ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
            except OSError:
                return  # the import itself will say what is missing
