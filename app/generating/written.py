"""What a model wrote as text to read: what was read, what was written, and what is right."""

from __future__ import annotations

from app.human import grouped
from app.i18n import tr
from backends.protocol import Answer, Writing


def lines_of(found: Writing, most: int) -> list[str]:
    """The answers, a line each; a text that is continued stays in one piece."""
    if not found.answers[0].right:
        (answer, *_) = found.answers
        return [answer.read + ("" if found.continues else "  →  ") + answer.written]
    return [_line_of(answer) for answer in found.answers[:most]]


def score_of(found: Writing) -> str:
    """How many answers are right; empty where nobody knows it."""
    if found.exact is None:
        return ""
    text = "{share:.1%} of {rows} test rows are written as they should be"
    return tr(text, share=found.exact, rows=grouped(found.rows))


def _line_of(answer: Answer) -> str:
    mark = "" if answer.written == answer.right else "   " + tr("right: ") + answer.right
    return f"{answer.read}  →  {answer.written}{mark}"
