"""Copies of unsaved work: written, kept from other programs, found after a crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.autosave import Autosave
from app.recovery import SUFFIX, Journal, discard
from app.session import Session
from graph import edits

CRASH = """
import os
from app.recovery import Journal
from graph import edits
from graph.model import Document
journal = Journal()
journal.write(journal.new_key(), edits.add(Document(), "dense"), "net", None)
os._exit(1)
"""


def crash_elsewhere() -> None:
    """Leaves a copy behind as a program does that is killed."""
    subprocess.run([sys.executable, "-c", CRASH], check=False, timeout=60)


def copies(home: Path) -> list[Path]:
    """The copies on the disk."""
    return sorted(home.glob(f"recovery/*/*{SUFFIX}"))


def test_a_copy_left_by_a_crash_is_found_with_its_document(home: Path) -> None:
    crash_elsewhere()
    (found,) = Journal().leftovers()
    assert found.title == "net"
    assert found.path is None
    assert [node.kind for node in found.document.graph.nodes.values()] == ["dense"]
    discard(found)
    assert Journal().leftovers() == []


def test_the_copies_of_a_running_program_are_not_offered(home: Path) -> None:
    journal = Journal()
    journal.write(journal.new_key(), Session().document, "mine", None)
    other = Journal(home / "recovery")
    other._own = home / "recovery" / "another"  # as if it were another process
    assert other.leftovers() == []
    assert len(copies(home)) == 1
    journal.close()


def test_a_damaged_copy_is_passed_over(home: Path) -> None:
    crash_elsewhere()
    copies(home)[0].write_text("{")
    assert Journal().leftovers() == []


def test_autosave_copies_what_changed_and_forgets_what_is_saved(
    home: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    session = Session()
    autosave = Autosave(Journal(), lambda: [session], session)
    autosave.look()
    assert copies(home) == []
    session.apply("Add", lambda document: edits.add(document, "dense"))
    autosave.look()
    qtbot.waitUntil(lambda: len(copies(home)) == 1)
    session.mark_saved(tmp_path / "net.loom")
    autosave.look()
    assert copies(home) == []
    autosave.close()
    assert not (home / "recovery").exists()


def test_after_a_crash_all_unsaved_documents_are_copied_at_once(home: Path, qtbot: QtBot) -> None:
    sessions = [Session(), Session()]
    sessions[0].apply("Add", lambda document: edits.add(document, "dense"))
    autosave = Autosave(Journal(), lambda: sessions, sessions[0])
    assert autosave.save_all() == copies(home)
    assert len(copies(home)) == 1
    autosave.close()
