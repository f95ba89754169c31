"""Every block says what it does, to users."""

from __future__ import annotations

import inspect

import pytest

from graph.block import Block
from graph.registry import default_registry

BLOCKS = default_registry().blocks()


@pytest.mark.parametrize("cls", BLOCKS, ids=lambda cls: cls.kind.name)
def test_a_block_has_help(cls: type[Block]) -> None:
    help = inspect.cleandoc(cls.__doc__ or "")
    first = help.split("\n\n")[0]
    assert first.endswith("."), first
    assert len(first) <= 160, "the first sentence is a tooltip"
    assert cls.kind.title
    assert cls.kind.glyph
    assert cls.examples


@pytest.mark.parametrize("cls", BLOCKS, ids=lambda cls: cls.kind.name)
def test_its_parameters_have_help(cls: type[Block]) -> None:
    for name, declared in cls.params.items():
        assert declared.help.endswith("."), name
        assert declared.title, name


def test_titles_are_unique() -> None:
    titles = [cls.kind.title for cls in BLOCKS]
    assert sorted(set(titles)) == sorted(titles)
