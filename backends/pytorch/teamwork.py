"""How the processes of a team keep in step: the first says what comes next, the others listen."""

from __future__ import annotations

import datetime
import json
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import torch
import torch.distributed as dist

from backends.protocol import Job
from backends.pytorch import checkpoint
from backends.pytorch.distributed import ALONE, STATE, WEIGHTS, Team
from backends.pytorch.loop import Epoch, Progress, Run, evaluate, fit
from backends.pytorch.prepare import build_model, load_columns, prepare
from backends.pytorch.recipe import Change

GO, TURN, STOP, OVER = "go", "turn", "stop", "over"
WORDS = (GO, TURN, STOP, OVER, STATE, WEIGHTS)
Settings = list[tuple[str, float | str]]
TELLING_LASTS = datetime.timedelta(seconds=30)
PAUSES_LAST = datetime.timedelta(days=365)
BROKEN = r"gloo|NCCL|Connection (closed|reset)|Broken pipe|process group"


class Leader:
    """The first process of a team, which speaks for all; without others, nobody hears it."""

    def __init__(self, team: Team = ALONE) -> None:
        self.team = team
        self._is_over = False
        self._voice = _Voice(team) if team.size > 1 else None
        if self._voice is not None:
            team.before_gathering = self._voice.say
            team.meet = self.begin

    def begin(self) -> None:
        """All is ready: the others begin, too."""
        if self._voice is not None:
            self._voice.say(GO)

    def end(self) -> None:
        """There is nothing more to do."""
        if self._voice is not None and not self._is_over:
            self._is_over = True
            self._voice.say(OVER)

    def heeded(self, progress: Progress) -> Progress:
        """A progress whose decisions the others heed."""
        return _Leading(progress, self) if self._voice is not None else progress

    def says(self, goes_on: bool, settings: Settings) -> bool:
        """Says whether the next batch comes, and what of the recipe changes before it."""
        if self._voice is not None:
            self._voice.say(STOP if not goes_on else TURN if settings else GO)
            if goes_on and settings:
                self._voice.tell(settings)
        return goes_on

    def lost_the_others(self, error: BaseException) -> bool:
        """Whether an error is that another process has died, so that all must begin anew."""
        return self._voice is not None and is_broken(error)


LONE = Leader()


@contextmanager
def lead(team: Team) -> Iterator[Leader]:
    """Leads the others, and lets them go at the end."""
    leader = Leader(team)
    yield leader
    leader.end()


class _Leading(Progress):
    def __init__(self, progress: Progress, leader: Leader) -> None:
        self._progress, self._leader = progress, leader
        self.started = progress.started  # type: ignore[method-assign]  # they are its own
        self.stepped = progress.stepped  # type: ignore[method-assign]
        self.epoch_ended = progress.epoch_ended  # type: ignore[method-assign]
        self.ended = progress.ended  # type: ignore[method-assign]
        self.turned = progress.turned  # type: ignore[method-assign]
        self.noted = progress.noted  # type: ignore[method-assign]
        self._settings: Settings = []

    def goes_on(self) -> bool:
        goes_on = self._progress.goes_on()
        settings = list(self._progress.asked()) if goes_on else []
        self._settings += settings
        return self._leader.says(goes_on, settings)

    def asked(self) -> Settings:
        settings, self._settings = self._settings, []
        return settings


class _Following(Progress):
    """Does as the first process says."""

    def __init__(self, team: Team) -> None:
        self._voice = _Voice(team)
        self.run: Run | None = None
        self.is_over = False
        self._settings: Settings = []
        team.meet = self.goes_on

    def started(self, run: Run) -> None:
        self.run = run

    def goes_on(self) -> bool:
        """Waits for the word; puts the state of the run together meanwhile, when asked to."""
        while not self.is_over:
            word = self._voice.hear(PAUSES_LAST)
            if word == TURN:
                self._settings += self._voice.listen()
            if word in (GO, TURN, STOP):
                return word != STOP
            if word == OVER:
                self.is_over = True
            elif self.run is not None:
                _ = self.run.state_dict() if word == STATE else self.run.weights()
        return False

    def asked(self) -> Settings:
        settings, self._settings = self._settings, []
        return settings

    def turned(self, change: Change, before: float | str) -> None:
        """Says nothing: the first process tells of it."""

    def noted(self, text: str) -> None:
        """Says nothing, likewise."""

    def epoch_ended(self, epoch: Epoch, run: Run) -> None:
        """Says nothing, likewise."""

    def wait_for_the_end(self) -> None:
        """Waits until the first process has told of the error that it, too, must have met.

        Raises:
            RuntimeError: it has not.
        """
        while not self.is_over:
            self.is_over = self._voice.hear(TELLING_LASTS) == OVER


class _Voice:
    """Words of the first process to all; a pause between two of them may be long."""

    def __init__(self, team: Team) -> None:
        self._group = dist.new_group(backend="gloo", timeout=PAUSES_LAST)
        self._leads = team.leads

    def say(self, word: str) -> None:
        """Tells all a word."""
        if self._leads:
            dist.broadcast(torch.tensor(WORDS.index(word)), 0, group=self._group)

    def hear(self, longest: datetime.timedelta) -> str:
        """The next word."""
        number = torch.tensor(0)
        work = dist.broadcast(number, 0, group=self._group, async_op=True)
        assert work is not None  # this process is in the group
        work.wait(longest)
        return WORDS[int(number)]

    def tell(self, settings: Settings) -> None:
        """Tells all what of the recipe changes."""
        text = json.dumps(settings).encode()
        dist.broadcast(torch.tensor(len(text)), 0, group=self._group)
        dist.broadcast(torch.tensor(list(text), dtype=torch.uint8), 0, group=self._group)

    def listen(self) -> Settings:
        """What is told."""
        size = torch.tensor(0)
        dist.broadcast(size, 0, group=self._group)
        text = torch.empty(int(size), dtype=torch.uint8)
        dist.broadcast(text, 0, group=self._group)
        return [(str(name), value) for name, value in json.loads(bytes(text.tolist()))]


def help_out(job: Job, team: Team) -> None:
    """Does what a process does that is not the first: the same, without telling or keeping.

    Raises:
        Exception: the first process has died, or met no error where this one did.
    """
    following = _Following(team)
    try:
        _help_out(job, team, following)
    except Exception as error:
        if is_broken(error):
            raise
        traceback.print_exc()
        following.wait_for_the_end()


def _help_out(job: Job, team: Team, following: _Following) -> None:
    prepared = prepare(job.document)
    splits = load_columns(prepared)
    built = build_model(prepared)
    state = checkpoint.load_checkpoint(job.resume, print) if job.resume else None
    if not following.goes_on() or built.objective is None:
        return
    run = fit(built.model, built.objective, splits.train, prepared.recipe, following, state, team)
    if run.is_over() and len(next(iter(splits.test.values()), ())):
        evaluate(built.model, built.objective, splits.test, run.recipe, following, team)
    following.goes_on()


def is_broken(error: BaseException) -> bool:
    """Whether an error is that another process has died."""
    is_words = isinstance(error, RuntimeError) and re.search(BROKEN, str(error)) is not None
    return is_words or isinstance(error, dist.DistError)
