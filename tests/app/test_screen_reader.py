"""A screen reader in another process reads the blocks of the canvas while they are edited."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.screen_reader import LAUNCHERS

ROOT = Path(__file__).parents[2]
TOOLS = ("dbus-run-session", "Xvfb", "busctl")


@pytest.mark.slow
def test_a_screen_reader_reads_the_blocks_while_they_are_edited() -> None:
    if not all(map(shutil.which, TOOLS)) or not any(Path(path).exists() for path in LAUNCHERS):
        pytest.skip("There is no bus for screen readers here: install at-spi2-core and xvfb.")
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-m", "tests.app.screen_reader"],
        check=False, capture_output=True, text=True, cwd=ROOT, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["lives"], done.stderr
    blocks = [each for each in found["items"] if each["role"] == "list item"]
    names = {each["name"].partition(",")[0] for each in blocks if each["name"]}
    assert {"image", "conv1", "cross_entropy"} <= names
    conv = next(each for each in blocks if str(each["name"]).startswith("conv1"))
    assert conv["wires"] == "from image.y to x; from y to relu1.x"
    assert conv["related"][0]
    assert conv["extents"][0][2] > 10
