"""What a person should know of how a table was read, though it could be read."""

from __future__ import annotations

import re

from backends.data.csv_survey import CsvColumn, Survey
from backends.data.csv_text import LATIN_1, OTHER_LETTERS

NUMBER_LIKE = re.compile(
    r"[-+−(]?\s?[$€£¥]?\s?\d[\d.,'’ \u00a0\u202f]*(e[-+]?\d+)?\s?[%$€£¥]?\)?", re.IGNORECASE
)


def odd_number(column: CsvColumn, decimal: str) -> str:
    """Why a column of texts may be one of numbers; empty where it does not look like one."""
    if column.is_said or column.kind not in ("category", "text"):
        return ""
    if column.text_at is None or not all(map(NUMBER_LIKE.fullmatch, column.samples)):
        return ""
    cell, right = column.text_at[1], f"1234{decimal}5"
    return f"cells such as “{cell[:40]}” may be numbers, which are written like {right} here"


def notes_on(survey: Survey, categories: list[str]) -> list[str]:
    """Sentences on names, letters and numbers that may have been taken for something else.

    Args:
        categories: the columns that are used as such.
    """
    notes = []
    if survey.dialect.encoding == LATIN_1:
        notes.append(OTHER_LETTERS)
    for name, given in survey.renamed:
        notes.append(f"Several columns are called “{given}”; one of them is “{name}” here.")
    for column in survey.columns:
        why = odd_number(column, survey.dialect.decimal) if column.name in categories else ""
        if why:
            notes.append(f"“{column.name}” is used as a category, but {why}.")
    return notes
