"""Does to a hostile file all that the program does to a drawing, and measures it.

Run as `python -m tests.graph.hostile_runner composites`, it answers a line of JSON for each file;
further words choose some of the files.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from backends.pytorch.source import print_source
from backends.pytorch.verify import verify
from graph.check import check
from graph.cost import costs
from graph.fileio import dumps, load
from graph.gallery import find
from graph.infer import infer
from graph.lower import lower
from graph.problems import Severity, UserError
from tests.graph import hostile_composites, hostile_optimizers

FILES = {"composites": hostile_composites.files, "optimizers": hostile_optimizers.files}
MOST_LOOKED_INTO = 5
LONGEST_S = 10.0
MOST_BYTES = 2 << 30


class Trial:
    """What came of a file, and the most seconds of each stage."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.refused = ""
        self.failed = ""
        self.errors: list[str] = []
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measures some work; in CPU time, since the machine may be shared."""
        started = time.process_time()
        try:
            yield
        finally:
            taken = time.process_time() - started
            self.seconds[name] = max(self.seconds.get(name, 0.0), taken)

    def run(self, path: Path) -> None:
        """Reads the file, types it, counts what it costs, writes its code, and writes it back."""
        with self.stage("read"):
            document = load(path).document
        with self.stage("typed"):
            typing = infer(document)
            problems = check(document, typing)
            costs(document, typing)
        self.errors = [p.text for p in problems if p.severity is Severity.ERROR]
        for name in list(document.definitions)[:MOST_LOOKED_INTO]:
            with self.stage("looked into"):
                view = document.inside(name)
                inside = infer(view)
                check(view, inside)
                costs(view, inside)
        with self.stage("written as code"):
            source = print_source(lower(document, typing))
        with self.stage("verified"):
            for text in (source.text, source.model, source.objective):
                verify(text)
        with self.stage("written"):
            written = dumps(document)
        path.write_text(written, "utf-8")
        assert load(path).document == document, "it is read back as another drawing"

    def told(self) -> dict[str, object]:
        """All of it as JSON."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {
            "name": self.name,
            "refused": self.refused,
            "failed": self.failed,
            "errors": self.errors,
            "seconds": self.seconds,
            "peak_mb": peak / 1024,
        }


def main() -> None:
    """Runs all files; a reference that does no harm first, so that all modules are there."""
    document = find("resnet-18").build()
    verify(print_source(lower(document, infer(document))).text)
    print(json.dumps(Trial("nothing").told()), flush=True)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    signal.signal(signal.SIGVTALRM, _give_up)
    kind, *chosen = sys.argv[1:]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "hostile.loom"
        for name, text in FILES[kind]().items():
            if chosen and not any(word in name for word in chosen):
                continue
            trial = Trial(name)
            path.write_text(text, "utf-8")
            signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST_S)
            try:
                trial.run(path)
            except UserError as error:
                trial.refused = str(error)
            except Exception:  # noqa: BLE001  what is found is told, and the next file tried
                trial.failed = traceback.format_exc(limit=-4)
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
            print(json.dumps(trial.told()), flush=True)


def _give_up(_signal: int, _frame: object) -> None:
    raise TimeoutError(f"it takes longer than {LONGEST_S:g} s")


if __name__ == "__main__":
    main()
