"""What the program remembers."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import MOST_RECENT, Settings, load_settings, save_settings, settings_path
from graph.problems import UserError


def test_settings_come_back_as_they_were_saved() -> None:
    settings = Settings(theme="light", recent=("/a.loom", "/b.loom"), geometry="AAA=")
    save_settings(settings)
    assert load_settings() == (settings, "")


def test_without_a_file_the_defaults_are_used() -> None:
    assert load_settings() == (Settings(), "")


@pytest.mark.parametrize("text", ["{", "[]", '{"theme": 3}', '{"recent": "x"}', '{"recent": [1]}'])
def test_a_damaged_file_is_set_aside_with_a_note(text: str) -> None:
    path = settings_path()
    path.parent.mkdir(parents=True)
    path.write_text(text)
    settings, note = load_settings()
    assert settings == Settings()
    aside = path.with_suffix(".broken.json")
    assert str(aside) in note
    assert aside.read_text() == text
    assert not path.exists()


def test_unknown_values_of_a_newer_version_do_no_harm() -> None:
    path = settings_path()
    path.parent.mkdir(parents=True)
    path.write_text('{"theme": "light", "wings": 2}')
    assert load_settings()[0].theme == "light"


def test_recent_files_are_the_newest_first_each_once_and_not_too_many() -> None:
    settings = Settings()
    for number in range(MOST_RECENT + 5):
        settings = settings.with_recent(Path(f"/d/{number}.loom"))
    settings = settings.with_recent(Path("/d/10.loom"))
    assert settings.recent[0] == "/d/10.loom"
    assert len(settings.recent) == len(set(settings.recent)) == MOST_RECENT
    assert "/d/10.loom" not in settings.without_recent(Path("/d/10.loom")).recent


def test_a_folder_that_cannot_be_made_is_a_user_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TORCHLOOM_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(UserError, match="cannot be made"):
        save_settings(Settings())
