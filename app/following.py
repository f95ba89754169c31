"""What usually follows what: counted in the gallery, and kept in a small file beside the program.

`make pictures` writes the file anew. Drawing the whole gallery takes too long for a search.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import assets
from graph.fileio import write_atomically
from graph.following import Following, count_following

FILE = Path(assets.__file__).parent / "following.json"


@cache
def following() -> Following:
    """The counts of the gallery."""
    kept: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text("utf-8"))
    ways = {
        way: {kind: tuple(others) for kind, others in table.items()} for way, table in kept.items()
    }
    return Following(**ways)


def counted() -> str:
    """The text of the file, counted anew."""
    from graph.gallery import entries  # a search never needs it

    found = count_following(entry.build() for entry in entries())
    return json.dumps(asdict(found), indent=1) + "\n"


if __name__ == "__main__":
    write_atomically(FILE, counted().encode())
