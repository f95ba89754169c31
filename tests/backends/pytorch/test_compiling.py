"""torch.compile as an opt-in: the same training, or word of why it is not there."""

import copy

import pytest
import torch

from backends.protocol import Noted, Preparing
from backends.pytorch.loop import fit
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import losses, train
from tests.backends.pytorch.test_averaging import normed
from tests.backends.pytorch.test_loop import Quiet, line, recipe, squared


class Watch(Quiet):
    is_compiling = False

    def compiling(self):
        self.is_compiling = True

    def started(self, run):
        self.run = run
        self.state_at_first = copy.deepcopy(run.state_dict())


def no_compiler(*_, **__):
    """A compiler that there is not, as torch tells of it."""

    def call(*_, **__):
        raise torch._dynamo.exc.TorchDynamoException("No working C++ compiler found.\nTrace")

    return call


def test_without_a_compiler_a_run_goes_on_as_it_is_and_tells_why(monkeypatch):
    """torch takes many seconds to find that out, so that its answer is played."""
    monkeypatch.setattr(torch, "compile", no_compiler)
    plain, asked = Watch(), Watch()
    fit(normed(), squared, line(), recipe(), plain)
    fit(normed(), squared, line(), recipe(compile=True), asked)
    assert asked.is_compiling
    assert not plain.is_compiling
    assert asked.run.note.endswith("without being compiled: No working C++ compiler found.")
    assert asked.losses == plain.losses


def test_compiling_ahead_leaves_nothing_behind(monkeypatch):
    """With what is compiled as it is, which computes the same."""
    monkeypatch.setattr(torch, "compile", lambda network: network)
    plain, asked = Watch(), Watch()
    fit(normed(), squared, line(), recipe(accumulate=2), plain)
    fit(normed(), squared, line(), recipe(accumulate=2, compile=True), asked)
    assert asked.run.note == ""
    assert asked.losses == plain.losses
    for name, value in plain.state_at_first["model"].items():
        assert torch.equal(value, asked.state_at_first["model"][name]), name


def test_a_run_tells_that_it_compiles_and_why_it_does_not(monkeypatch, tmp_path):
    monkeypatch.setattr(torch, "compile", no_compiler)
    events = train(iris_mlp(compile=True, epochs=1), tmp_path)
    texts = [event.text for event in events if isinstance(event, Preparing)]
    assert "Compiling the model" in texts
    [noted] = [event for event in events if isinstance(event, Noted)]
    assert "No working C++ compiler" in noted.text
    assert losses(events) == losses(train(iris_mlp(epochs=1), tmp_path))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch of itself, as it compiles
def test_a_compiled_model_trains_as_the_plain_one():
    plain, compiled, other = Watch(), Watch(), normed()
    fit(normed(), squared, line(), recipe(), plain)
    fit(other, squared, line(), recipe(compile=True), compiled)
    assert compiled.run.note == ""
    assert compiled.losses == pytest.approx(plain.losses, rel=1e-4)
    assert list(other.state_dict()) == list(normed().state_dict())
