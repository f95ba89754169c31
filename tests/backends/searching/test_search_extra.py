"""What is said where Optuna is not installed."""

import sys

import pytest

from backends.protocol import Control
from backends.searching.trial import SearchJob
from backends.searching.work import run
from graph.problems import UserError
from graph.searching import make_search
from tests.backends.pytorch.drawings import iris_mlp


def test_without_optuna_it_is_said_how_to_get_it_and_nothing_is_made(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    document = iris_mlp()
    search = make_search(document, ["epochs={1, 2}"])
    with pytest.raises(UserError, match=r"pip install torchloom\[search\]"):
        run(SearchJob(document, search, tmp_path), print, Control())
    assert not list(tmp_path.iterdir())
