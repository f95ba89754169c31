"""Garbage is collected on the UI thread, whichever thread makes it."""

import gc
import sys
import threading
import weakref

import pytest
from PySide6.QtCore import QObject

import app.collecting
from app.collecting import Collector


class Widget(QObject):
    """One that nobody reaches but itself."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self


@pytest.fixture
def collector(qapp):
    gc.collect()
    made = Collector(qapp)
    yield made
    made.end()
    made.deleteLater()


def test_circles_are_freed_by_the_ui_thread_while_another_makes_objects(qtbot, collector):
    freed: list[str] = []
    weakref.finalize(Widget(), lambda: freed.append(threading.current_thread().name))
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            [[number] for number in range(2000)]

    thread = threading.Thread(target=work, name="another")
    thread.start()
    try:
        qtbot.waitUntil(lambda: bool(freed))
    finally:
        ended.set()
        thread.join()
    assert freed == [threading.main_thread().name]


def test_another_thread_collects_nothing(qapp, collector):
    lost = weakref.ref(Widget())

    def work() -> None:
        kept = [[number] for number in range(20_000)]
        kept.clear()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert lost() is not None


def test_at_the_end_python_collects_by_itself_again(qapp, collector):
    assert not gc.isenabled()
    collector.end()
    assert gc.isenabled()


def test_what_a_large_import_brought_is_left_out(monkeypatch, collector):
    monkeypatch.setattr(app.collecting, "MANY_MODULES", 2)
    kept = [[number] for number in range(50_000)]
    for number in range(3):
        monkeypatch.setitem(sys.modules, f"imported_{number}", sys)
    before = gc.get_freeze_count()
    collector.collect()
    assert gc.get_freeze_count() >= before + len(kept)


def test_garbage_among_what_was_frozen_is_found_in_the_end(monkeypatch, collector):
    lost = weakref.ref(Widget())
    collector._freeze()
    collector._collect_whole()
    assert lost() is not None
    monkeypatch.setattr(app.collecting, "FROZEN_S", -1.0)
    collector._collect_whole()
    assert lost() is None
