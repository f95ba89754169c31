"""Whose a run is."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backends.runs import lock
from graph.problems import UserError


def test_a_lock_is_of_a_living_process(tmp_path):
    assert lock.owner_of(tmp_path) is None
    lock.take(tmp_path)
    assert lock.owner_of(tmp_path) == os.getpid()
    lock.take(tmp_path)  # it is ours already
    lock.release(tmp_path)
    assert lock.owner_of(tmp_path) is None


def test_a_dead_process_locks_nothing(tmp_path):
    words = "import sys, pathlib; from backends.runs import lock; lock.take(pathlib.Path('.'))"
    path = os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
    subprocess.run([sys.executable, "-c", words], cwd=tmp_path, check=True,
                   env={**os.environ, "PYTHONPATH": path})  # fmt: skip
    assert (tmp_path / lock.LOCK).exists()
    assert lock.owner_of(tmp_path) is None
    lock.take(tmp_path)
    assert lock.owner_of(tmp_path) == os.getpid()


def test_the_lock_of_another_living_process_is_respected(tmp_path):
    lock.take(tmp_path)
    held = json.loads((tmp_path / lock.LOCK).read_text())
    parent = os.getppid()
    (tmp_path / lock.LOCK).write_text(
        json.dumps({**held, "pid": parent, "started": lock._started(parent)})
    )
    assert lock.owner_of(tmp_path) == parent
    with pytest.raises(UserError, match="is being trained by another process"):
        lock.take(tmp_path)
    # a number that was given again to a younger process
    (tmp_path / lock.LOCK).write_text(json.dumps({**held, "pid": parent, "started": "1"}))
    assert lock.owner_of(tmp_path) is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', '{"pid": null}'])
def test_a_damaged_lock_locks_nothing(tmp_path, content):
    (tmp_path / lock.LOCK).write_text(content)
    assert lock.owner_of(tmp_path) is None
    lock.take(tmp_path)
    assert lock.owner_of(tmp_path) == os.getpid()
