"""How plots show a run, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from app.training.record import RunRecord


@dataclass(frozen=True)
class View:
    """What the controls above the plots say.

    Attributes:
        weight: of the past in the moving average; 0 shows the losses as they are.
        by_epoch: whether x counts epochs, or steps.
        compares: whether the run before is shown as well.
    """

    weight: float = 0.9
    is_log: bool = False
    by_epoch: bool = True
    compares: bool = False

    def scale(self, record: RunRecord) -> float:
        """What a step of a run is in units of the x axis."""
        return 1 / record.steps_per_epoch if self.by_epoch else 1.0
