"""The folder of a search: what was looked for, in which drawing, and what was tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from backends.data.source import params_of
from backends.runs import folder as store
from backends.searching.trial import SearchJob
from graph.fileio import dumps, load
from graph.model import Document
from graph.problems import UserError
from graph.searching import NONE, Search, make_search

SEARCHES = "searches"
SEARCH = "search.json"
TRIALS = "trials.journal"
LATEST = "latest"


@dataclass(frozen=True)
class Stored:
    """A search as its folder keeps it."""

    folder: Path
    document: Document
    search: Search

    def job(self, trials: int | None = None) -> SearchJob:
        """What goes on with it, perhaps for more trials."""
        search = self.search if trials is None else with_trials(self.search, trials)
        return SearchJob(self.document, search, self.folder.parent.parent, resume=self.folder)


def with_trials(search: Search, trials: int) -> Search:
    """The search for another number of trials."""
    return replace(search, trials=trials)


def begin(job: SearchJob) -> Path:
    """Makes the folder of a new search and writes down what is looked for.

    Raises:
        UserError: it cannot be written.
    """
    folder = store.make_folder(job.runs / SEARCHES, job.name or job.document.name)
    try:
        store.write_text(folder / store.DOCUMENT, dumps(job.document))
        keep(folder, job.search, job.document.name)
    except UserError:
        store.remove_folder(folder)
        raise
    return folder


def keep(folder: Path, search: Search, drawing: str) -> None:
    """Writes down what is looked for."""
    value = {
        "drawing": drawing,
        "over": [str(each) for each in search.over],
        "trials": search.trials,
        "objective": search.objective,
        "goal": search.goal,
        "seed": search.seed,
        "pruner": search.pruner,
    }
    store.write_json(folder / SEARCH, value)


def read(folder: Path) -> Stored:
    """A search that was begun.

    Raises:
        UserError: there is none, or it is damaged.
    """
    if not (folder / SEARCH).is_file():
        raise UserError(f"{folder} is no folder of a search: it has no {SEARCH}.")
    held = store.read_json(folder / SEARCH)
    document = load(folder / store.DOCUMENT).document
    try:
        search = make_search(
            document,
            [str(text) for text in held["over"]],
            trials=int(held["trials"]),
            objective=str(held["objective"]),
            goal=str(held["goal"]),
            seed=int(held["seed"]),
            pruner=str(held.get("pruner", NONE)),  # of searches from before there were any
            source=params_of(document.data),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{folder / SEARCH} is damaged: {error!r}.") from error
    return Stored(folder, document, search)


def searches_in(runs: Path) -> Iterator[Path]:
    """The folders of the searches whose runs are in a folder, the newest first."""
    try:
        found = [path for path in (runs / SEARCHES).iterdir() if (path / SEARCH).is_file()]
    except OSError:
        return
    yield from sorted(found, key=_made, reverse=True)


def find(runs: Path, asked: str, drawing: str) -> Path:
    """The folder of a search, by its path, its name or `latest` of a drawing.

    Raises:
        UserError: there is none.
    """
    if asked == LATEST:
        for folder in searches_in(runs):
            if store.read_json(folder / SEARCH).get("drawing") == drawing:
                return folder
        raise UserError(f"No search in “{drawing}” is in {runs / SEARCHES}.")
    places = (Path(asked), runs / SEARCHES / asked)
    found = next((place for place in places if (place / SEARCH).is_file()), None)
    if found is None:
        raise UserError(
            f"There is no search {asked}, neither as a folder nor in {runs / SEARCHES}."
        )
    return found.absolute()


def _made(folder: Path) -> tuple[str, int]:
    """When it was made, as its name has it; of one second, the later has the higher number."""
    stamp = re.match(r"\d{8}-\d{6}", folder.name)
    number = re.search(r"-(\d+)$", folder.name)
    return stamp[0] if stamp else "", int(number[1]) if number else 1
