"""Trains a drawing by the command line, and adds the most memory that the process has taken."""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys

from app.cli import main


def run(drawing: str, runs: str) -> int:
    """The answer of `torchloom train --json`, with the peak of its memory in GB."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main(["train", drawing, "--runs", runs, "--json"])
    answer = json.loads(printed.getvalue().splitlines()[-1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    print(json.dumps({**answer, "peak_gb": round(peak, 3)}), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
