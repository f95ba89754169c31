"""The README keeps what it promises."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from app.cli import make_parser

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text("utf-8")


def commands() -> list[list[str]]:
    """The lines of all shell blocks, without their comments."""
    blocks = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    return [shlex.split(line, comments=True) for line in lines]


def test_the_start_is_two_commands_that_the_makefile_has() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for words in commands():
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", makefile, re.MULTILINE), words


@pytest.mark.parametrize(
    "words", [words for words in commands() if words[0] == "torchloom"], ids=" ".join
)
def test_a_command_is_understood_and_its_file_is_there(words: list[str]) -> None:
    arguments = make_parser().parse_args(words[1:])
    given = getattr(arguments, "file", [])
    for file in given if isinstance(given, list) else [given]:
        assert str(file) == "FILE" or (ROOT / file).exists()


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT):
        assert (ROOT / link).exists(), link
