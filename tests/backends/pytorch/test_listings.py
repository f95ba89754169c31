"""The code of ten networks is, line by line, what was read and found good."""

from __future__ import annotations

import difflib

import pytest

from tests.backends.pytorch.listings import FOLDER, NAMES, path_of, text_of


@pytest.mark.parametrize("name", NAMES)
def test_the_code_of_a_network_is_as_it_was_read(name: str) -> None:
    kept = path_of(name).read_text("utf-8")
    now = text_of(name)
    changes = difflib.unified_diff(kept.splitlines(), now.splitlines(), "kept", "now", lineterm="")
    assert now == kept, "\n".join((*changes, "`make golden` writes the listings anew."))


def test_no_listing_is_kept_of_a_network_that_is_not_compared() -> None:
    assert set(FOLDER.glob("*.py")) == {path_of(name) for name in NAMES}
