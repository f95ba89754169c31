"""`python -m backends.searching FOLDER` goes on with the search in a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from backends.searching.apart import work
from graph.problems import UserError


def main(words: list[str]) -> int:
    """Makes the search; answers the exit code."""
    if len(words) != 1:
        print("usage: python -m backends.searching FOLDER", file=sys.stderr)
        return 2
    try:
        work(Path(words[0]).absolute())
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
