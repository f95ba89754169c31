"""What happened to a run, line by line, for those who look into its folder."""

from __future__ import annotations

import contextlib
from datetime import datetime
from pathlib import Path

LOG = "log.txt"


def add_line(run: Path, text: str) -> None:
    """Writes a line with the time; a disk that refuses it is told of by more important files."""
    line = " ".join(text.split())
    with contextlib.suppress(OSError), (run / LOG).open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {line}\n")
