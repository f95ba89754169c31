"""Where in code that a person typed an error arose."""

from __future__ import annotations

import linecache
import traceback

from graph.code_edits import classes_in
from graph.custom_code import Written
from graph.model import Document


def line_in_code(error: BaseException, document: Document) -> int | None:
    """The line of the code in a custom block, as it was typed; None where it arose elsewhere."""
    classes = {written.source: written for _, written in classes_in(document)}
    seen: BaseException | None = error
    while seen is not None and classes:
        for frame in reversed(traceback.extract_tb(seen.__traceback__)):
            if frame.filename.startswith("<torchloom"):
                text = "".join(linecache.getlines(frame.filename))
                for written in classes.values():
                    line = _line_of(text, written, frame.lineno or 0)
                    if line is not None:
                        return line
        seen = seen.__cause__
    return None


def _line_of(text: str, written: Written, line: int) -> int | None:
    place = text.find(written.source)
    first = text.count("\n", 0, place) + 1
    if place < 0 or not first <= line <= first + written.source.count("\n"):
        return None
    return written.first_line + line - first
