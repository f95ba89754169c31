"""Trainings in turns, and how their steps compare."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping

from benchmarks.training.by_hand import Trained

HAND = "by hand"
WARM_SHARE = 0.1  # of the epochs of a run, which do not count; at least one
AGREEING, SETTLED = 3, 1.02
Trains = Mapping[str, Callable[[], Trained]]


class Rounds:
    """The milliseconds that a step took, validations and all else included, in each round."""

    def __init__(self, trains: Trains) -> None:
        self._trains = trains
        self.ms: dict[str, list[float]] = {name: [] for name in trains}
        self.cpu_ms: dict[str, list[float]] = {name: [] for name in trains}

    def go(self, fewest: int, longest_s: float) -> None:
        """Goes on until some runs of each agree, or time is up.

        Raises:
            AssertionError: losses are not equal.
        """
        started = time.perf_counter()
        while self.count < fewest or not (
            self.is_settled or time.perf_counter() - started > longest_s
        ):
            self._go_round()

    def _go_round(self) -> None:
        losses = []
        names = list(self._trains)
        for name in reversed(names) if self.count % 2 else names:  # who begins takes turns, too
            trained = self._trains[name]()
            losses.append(trained.losses)
            self.ms[name].append(_ms_per_step(trained))
            self.cpu_ms[name].append(trained.cpu_ms)
        assert all(each == losses[0] for each in losses), "the losses are not equal"
        shown = "  ".join(f"{name} {self.ratio(name):.3f}" for name in names if name != HAND)
        print(f"  round {self.count}: {shown}", file=sys.stderr, flush=True)

    @property
    def count(self) -> int:
        """How many rounds there were."""
        return len(self.ms[HAND])

    @property
    def is_settled(self) -> bool:
        """Whether some runs of each were about as fast as its fastest."""
        ordered = [sorted(found) for found in self.ms.values()]
        return all(
            len(found) >= AGREEING and found[AGREEING - 1] <= SETTLED * found[0]
            for found in ordered
        )

    def ratio(self, name: str) -> float:
        """The median over the rounds of the time that a step took, to that by hand."""
        return statistics.median(
            own / hand for own, hand in zip(self.ms[name], self.ms[HAND], strict=True)
        )

    def detail(self) -> dict[str, object]:
        """All that was measured."""
        ratios = {name: self._ratios(name) for name in self.ms if name != HAND}
        ms = {name: [round(each, 4) for each in found] for name, found in self.ms.items()}
        return {
            "rounds": self.count,
            "is_settled": self.is_settled,
            "ms_per_step": ms,
            "to_hand": ratios,
        }

    def _ratios(self, name: str) -> dict[str, float]:
        found = {
            "median_of_ratios": self.ratio(name),
            "ratio_of_fastest": min(self.ms[name]) / min(self.ms[HAND]),
        }
        if all(self.cpu_ms[name]):
            found["ratio_of_cpu_time"] = statistics.median(self.cpu_ms[name]) / statistics.median(
                self.cpu_ms[HAND]
            )
        return {what: round(ratio, 4) for what, ratio in found.items()}


def _ms_per_step(trained: Trained) -> float:
    epochs = len(trained.seconds)
    warm = max(1, round(WARM_SHARE * epochs))
    return 1000 * sum(trained.seconds[warm:]) / (len(trained.losses) * (epochs - warm) / epochs)
