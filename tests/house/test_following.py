"""The file that says what usually follows what is as the gallery has it."""

from __future__ import annotations

from app.following import FILE, counted, following
from graph.registry import default_registry


def test_the_counts_are_up_to_date() -> None:
    assert FILE.read_text("utf-8") == counted(), "`make pictures` counts anew"


def test_every_kind_exists() -> None:
    known = default_registry()
    for table in (following().after, following().before):
        for kind, others in table.items():
            assert all(known.find(each) for each in (kind, *others))
