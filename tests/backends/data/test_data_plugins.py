"""Data sources of plug-ins."""

from importlib.metadata import EntryPoint

import pytest

from backends.data import source as registry
from backends.data.source import ENTRY_POINTS, source_failures, sources

PLUGIN = """
from backends.data.moons import Moons


class NoisyMoons(Moons):
    '''Moons that nobody can part.'''

    kind = "noisy-moons"
    title = "Noisy moons"
    category = "From afar"
"""


@pytest.fixture
def plugins(tmp_path, monkeypatch):
    (tmp_path / "fine_plugin.py").write_text(PLUGIN, "utf-8")
    (tmp_path / "broken_plugin.py").write_text("import nothing_of_that_name", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = [
        EntryPoint("fine", "fine_plugin", ENTRY_POINTS),
        EntryPoint("broken", "broken_plugin", ENTRY_POINTS),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: found)
    registry._found.cache_clear()
    yield
    registry._found.cache_clear()


def test_plugins_join_at_the_end_and_a_broken_one_is_a_line(plugins):
    assert list(sources())[-1] == "noisy-moons"
    assert sources()["noisy-moons"]().describe().title == "Noisy moons"
    (failure,) = source_failures()
    assert "“broken”" in failure.text and "nothing_of_that_name" in failure.text
