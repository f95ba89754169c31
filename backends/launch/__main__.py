"""`python -m backends.launch RUN` does the job that lies in the folder of a run.

Where it is for several processes of this machine it starts them by torchrun, which also starts them
anew when one of them dies. Each of those comes here, too, and finds its place in the environment.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from backends.launch.job_file import Launch, read_launch
from backends.launch.lines import torchrun_words
from backends.launch.news import Teller, news_in
from backends.launch.orders import STOP, order
from backends.launch.where import Kind
from backends.protocol import Failed
from backends.runs import folder as store
from backends.runs import lock
from backends.runs.follow import ENDED, summary_of
from graph.problems import UserError

# torch warns that all weights are used, and torchrun that threads are few; both are meant
QUIET = {"TORCH_CPP_LOG_LEVEL": "ERROR", "OMP_NUM_THREADS": "1"}


def main(words: list[str]) -> int:
    """Does the job; answers the exit code."""
    if len(words) != 1:
        print("usage: python -m backends.launch RUN", file=sys.stderr)
        return 2
    try:
        launch = read_launch(Path(words[0]).absolute(), is_to_do=True)
        if launch.where.kind is Kind.PROCESSES and "WORLD_SIZE" not in os.environ:
            return supervise(launch)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    from backends.launch.worker import work  # a supervisor needs no part of it

    return work(launch)


def supervise(launch: Launch) -> int:
    """Starts the processes of this machine, and starts them anew when one dies."""
    try:
        from torch.distributed import run as torchrun
        from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
        from torch.distributed.launcher.api import LaunchConfig
    except ImportError as error:
        text = (
            f"The PyTorch that is installed cannot start several processes: {error}. Train in one "
            "process, or install a PyTorch with torch.distributed."
        )
        Teller(launch.news).tell(Failed(text))
        return 1

    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    lock.take(launch.folder)
    words = torchrun_words(launch.where, launch.run)
    if "signals_to_handle" in LaunchConfig.__dataclass_fields__:  # others end all at once
        signal.signal(signal.SIGTERM, lambda *_: order(launch.order, STOP))
        words = ["--signals-to-handle", "SIGINT,SIGHUP,SIGQUIT", *words]
    try:
        torchrun.main(words)
    except ChildFailedError as error:
        print(error, file=sys.stderr)
    finally:
        lock.release(launch.folder)
    if news_in(launch.news).get("end"):
        return 0  # gloo may abort after all is done: the word of the run counts, not its exit code
    _tell_of_deaths(launch)
    return 1


def _tell_of_deaths(launch: Launch) -> None:
    text = (
        "The processes of the run have died again and again, and are not started any more. What "
        f"they said is in {launch.log}. Its last checkpoint can be gone on with."
    )
    summary = summary_of(launch.run)
    if summary is not None and summary.get("status") not in ENDED:
        store.write_json(launch.run / store.SUMMARY, {**summary, "status": "failed", "text": text})
    Teller(launch.news).tell(Failed(text, None, launch.run if summary else None))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
