"""A control that heeds others, too."""

from __future__ import annotations

from backends.protocol import Control


class Heeding(Control):
    """Stops by itself, or where one of the others was asked to."""

    def __init__(self, *others: Control) -> None:
        super().__init__()
        self._others = others

    @property
    def is_stopped(self) -> bool:
        """Whether this or one of the others was asked to stop."""
        return super().is_stopped or any(other.is_stopped for other in self._others)
