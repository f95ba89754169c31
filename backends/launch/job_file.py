"""A job as files in the folder of its run, so that other processes can do it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backends.launch.lines import texts
from backends.launch.orders import GO, order
from backends.launch.where import Where, where_of
from backends.protocol import Job
from backends.runs import folder as store
from graph import trust
from graph.code_edits import classes_in
from graph.fileio import dumps, loads
from graph.model import Document
from graph.problems import UserError

FOLDER = "launch"
JOB, ORDER, NEWS, LOG = "job.json", "order.txt", "news.json", "log.txt"
SETTINGS = "settings.jsonl"
VERSION = 1
OWN_DATASET = "own_dataset"


@dataclass(frozen=True)
class Launch:
    """A job that other processes do, with the folder of its run and where it runs."""

    job: Job
    where: Where
    run: Path

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.run / FOLDER

    @property
    def order(self) -> Path:
        """The file that steers it."""
        return self.folder / ORDER

    @property
    def settings(self) -> Path:
        """The file in which other values of its recipe are asked for."""
        return self.folder / SETTINGS

    @property
    def news(self) -> Path:
        """The file in which it tells what is in no other file of the run."""
        return self.folder / NEWS

    @property
    def log(self) -> Path:
        """What its processes print."""
        return self.folder / LOG


def write_launch(job: Job, where: Where) -> Launch:
    """Writes a job into the folder of its run, which is made for a new one.

    Raises:
        UserError: the folder cannot be written.
    """
    run = job.resume or store.make_folder(job.runs, job.document.name)
    launch = Launch(job, where, run)
    value = {
        "version": VERSION,
        "on": str(where),
        "document": json.loads(dumps(job.document)),
        "runs": str(job.runs),
        "resumes": job.resume is not None,
        "start_from": str(job.start_from) if job.start_from else None,
        "trusted": trusted_in(job.document),
    }
    try:
        launch.folder.mkdir(exist_ok=True)
        launch.news.unlink(missing_ok=True)
        launch.settings.unlink(missing_ok=True)
        order(launch.order, GO)
        store.write_json(launch.folder / JOB, value)
        for name, text in texts(where, run).items():
            store.write_text(launch.folder / name, text)
    except OSError as error:
        raise store.cannot_write(launch.folder, error) from error
    return launch


def read_launch(run: Path, *, is_to_do: bool = False) -> Launch:
    """The job in the folder of a run.

    Args:
        is_to_do: whether it is done here: the code in its drawing may run if it might where the
            job was written. Who only looks at a job does not trust it.

    Raises:
        UserError: there is none, or it cannot be read.
    """
    path = run / FOLDER / JOB
    try:
        value: Mapping[str, Any] = json.loads(path.read_text("utf-8"))  # Any: parsed JSON
        document = loads(json.dumps(value["document"]), path.name).document
        where = where_of(value["on"])
        start_from = Path(value["start_from"]) if value["start_from"] else None
        if is_to_do:
            trust.agree(str(digest) for digest in value["trusted"])
        resume = run if value["resumes"] else None
        job = Job(document, Path(value["runs"]), resume, start_from, folder=run)
    except FileNotFoundError:
        raise UserError(f"{run} holds no job for other processes.") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"The job {path} cannot be read: {error}.") from error
    return Launch(job, where, run)


def is_launched(run: Path) -> bool:
    """Whether the run is, or was, done by other processes."""
    return (run / FOLDER / JOB).exists()


def trusted_in(document: Document) -> list[str]:
    """The hashes of the code in the drawing and of its data that may run here."""
    codes = [classes.source for _, classes in classes_in(document)]
    if document.data.source == OWN_DATASET:
        from backends.data.source import source_of  # takes numpy, which the window starts without

        with contextlib.suppress(UserError):  # the run says why its data cannot be read
            codes.append(source_of(document.data).code())
    return sorted({trust.digest(code) for code in codes if trust.is_trusted(code)})
