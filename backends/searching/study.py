"""What Optuna knows of a search: what was chosen and what came of it, kept in its journal."""

from __future__ import annotations

import importlib
import importlib.util
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backends.searching.folder import TRIALS
from backends.searching.pruning import pruner_of
from backends.searching.trial import FAILED, FINISHED, PRUNED, RUNNING, STOPPED, Trial
from graph.params import Value
from graph.problems import UserError
from graph.searching import Search, Values, all_values, combinations
from graph.spaces import Choices, Space, Span, value_text

STATE, RUN, TEXT, SECONDS = "state", "run", "text", "seconds"
NAME = "search"
DIGITS = 5
ENOUGH_DRAWS = 1000
MOST_COUNTED = 20_000
BY_CHANCE_FIRST = 10


def is_installed() -> bool:
    """Whether Optuna is there."""
    return importlib.util.find_spec("optuna") is not None


def need_optuna() -> Any:  # Any: a package that may not be there
    """Optuna.

    Raises:
        UserError: it is not installed.
    """
    try:
        optuna = importlib.import_module("optuna")
    except ImportError as error:
        raise UserError(
            f"Optuna, which chooses the values of a search, is not installed ({error}). "
            "Install it with: pip install torchloom[search]"
        ) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


class Study:
    """Chooses values and remembers what came of them.

    Args:
        folder: that of the search.
        parallel: how many trials run beside each other.

    Raises:
        UserError: Optuna is not installed, or the journal cannot be used.
    """

    def __init__(self, folder: Path, search: Search, parallel: int = 1) -> None:
        optuna = need_optuna()
        journal = importlib.import_module("optuna.storages.journal")
        self._states = optuna.trial.TrialState
        self._search = search
        self._distributions = {
            str(over.field): _distribution(optuna.distributions, over.space) for over in search.over
        }
        path = str(folder / TRIALS)
        try:
            backend = journal.JournalFileBackend(path, journal.JournalFileOpenLock(path))
            storage = optuna.storages.JournalStorage(backend)
            if not storage.get_all_studies():  # what only looks is to write nothing
                direction = "maximize" if search.is_highest else "minimize"
                optuna.create_study(storage=storage, study_name=NAME, direction=direction)
            pruner = pruner_of(optuna.pruners, search)
            self._study = optuna.load_study(study_name=NAME, storage=storage, pruner=pruner)
        except (OSError, ValueError) as error:
            raise UserError(
                f"What was tried cannot be kept in {path}: {error}. Begin a new search."
            ) from error
        # the journal keeps no state of the chance: what goes on is not to choose the same again
        seed = search.seed + len(self._study.trials)
        first = min(BY_CHANCE_FIRST, max(search.trials // 2, 1))
        self._study.sampler = optuna.samplers.TPESampler(
            seed=seed, n_startup_trials=first, constant_liar=parallel > 1
        )
        self._chance = random.Random(seed)
        self._asked: dict[int, Any] = {}  # Any: trials of Optuna, by our numbers
        self._numbers: dict[int, int] = {}  # those of Optuna, by ours
        self._tried: dict[Values, int] = {}
        self._left: list[Values] = []
        for found in self._study.get_trials(deepcopy=False):
            is_left = found.state == self._states.RUNNING
            if found.params and (is_left or STATE in found.user_attrs):
                values = self._values(found.params)
                self._number(found.number, values)
                self._left += [values] if is_left else []

    def trials(self) -> tuple[Trial, ...]:
        """All that was tried so far."""
        held = {found.number: found for found in self._study.get_trials(deepcopy=False)}
        return tuple(self._trial(ours, held[number]) for ours, number in self._numbers.items())

    def next(self) -> Trial | None:
        """A choice that was not made before, or was left; None where there is no other."""
        self._ask_again()
        count = combinations(self._search)
        while self._left or count is None or len(self._tried) < count:
            asked = self._study.ask(self._distributions)
            values = self._values(asked.params)
            if values in self._left or values not in self._tried:
                return self._begun(asked, values)
            self._study.tell(asked, state=self._states.FAIL)
            other = self._untried(count)
            if other is None:
                return None
            self._study.enqueue_trial(self._params(other))
        return None

    def note(self, trial: Trial, run: Path) -> None:
        """Says which run makes a trial."""
        self._asked[trial.number].set_user_attr(RUN, str(run))

    def tell(self, trial: Trial, epoch: int, value: float) -> bool:
        """Says what a trial came to after an epoch; answers whether that is weak."""
        asked = self._asked[trial.number]
        asked.report(value, epoch)
        return bool(asked.should_prune())

    def end(self, trial: Trial) -> None:
        """Says what came of a trial."""
        asked = self._asked.pop(trial.number)
        asked.set_user_attr(TEXT, trial.text)
        asked.set_user_attr(SECONDS, trial.seconds)
        asked.set_user_attr(STATE, trial.state)
        if trial.state == FINISHED:
            self._study.tell(asked, trial.value)
        else:  # to Optuna it is worse than all that have a value
            self._study.tell(asked, state=self._states.PRUNED)

    def _ask_again(self) -> None:
        """Lets what was left be asked for first, under new numbers of Optuna."""
        asked = {each.number for each in self._asked.values()}
        for held in self._study.get_trials(deepcopy=False):
            if held.state == self._states.RUNNING and held.number not in asked:
                self._study.tell(held.number, state=self._states.FAIL)
                notes = {RUN: held.user_attrs[RUN]} if RUN in held.user_attrs else {}
                self._study.enqueue_trial(held.params, user_attrs=notes)

    def _begun(self, asked: Any, values: Values) -> Trial:  # Any: a trial of Optuna
        if values in self._left:
            self._left.remove(values)
            ours = self._tried[values]
            self._numbers[ours] = asked.number
        else:
            ours = self._number(asked.number, values)
        self._asked[ours] = asked
        run = asked.user_attrs.get(RUN)
        return Trial(ours, values, RUNNING, run=Path(run) if run else None)

    def _number(self, number: int, values: Values) -> int:
        ours = len(self._numbers) + 1
        self._numbers[ours] = number
        self._tried[values] = ours
        return ours

    def _trial(self, ours: int, held: Any) -> Trial:  # Any: a trial of Optuna
        notes = held.user_attrs
        is_over = held.state.is_finished()
        state = notes.get(STATE, FAILED) if is_over else STOPPED
        value = held.value if state in (FINISHED, PRUNED) else None
        run = Path(notes[RUN]) if notes.get(RUN) else None
        return Trial(
            ours, self._values(held.params), state, value, run,
            str(notes.get(TEXT, "")), float(notes.get(SECONDS, 0.0)),
            tuple(sorted(held.intermediate_values.items())),
        )  # fmt: skip

    def _untried(self, count: int | None) -> Values | None:
        if count is not None and count <= MOST_COUNTED:
            left = [values for values in all_values(self._search) if values not in self._tried]
            return self._chance.choice(left) if left else None
        for _ in range(ENOUGH_DRAWS):
            values = tuple(
                _tidy(over.space, over.space.draw(self._chance)) for over in self._search.over
            )
            if values not in self._tried:
                return values
        return None

    def _params(self, values: Values) -> dict[str, object]:
        return {
            str(over.field): value_text(value) if isinstance(over.space, Choices) else value
            for over, value in zip(self._search.over, values, strict=True)
        }

    def _values(self, params: Mapping[str, Any]) -> Values:  # Any: as Optuna has them
        return tuple(_value(over.space, params[str(over.field)]) for over in self._search.over)


def _distribution(kinds: Any, space: Space) -> object:  # Any: a module of Optuna
    if isinstance(space, Choices):
        return kinds.CategoricalDistribution([value_text(value) for value in space.values])
    kind = kinds.IntDistribution if space.is_whole else kinds.FloatDistribution
    if space.is_log:
        return kind(space.low, space.high, log=True)
    high = space.high if space.count is None else space.low + (space.count - 1) * space.step
    return kind(space.low, high, step=space.step or None)


def _value(space: Space, held: Any) -> Value:  # Any: as Optuna has it
    if isinstance(space, Choices):
        return next(value for value in space.values if value_text(value) == held)
    return _tidy(space, held)


def _tidy(space: Space, value: Value) -> Value:
    """A number of no more digits than a person wants to read."""
    if isinstance(space, Span) and not space.is_whole and isinstance(value, float):
        return min(max(float(f"{value:.{DIGITS}g}"), space.low), space.high)
    return value
