"""What can be wrong with a drawing, and the edits that mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.model import Document, NodeId
    from graph.params import Value


class UserError(Exception):
    """Something the user can mend: a refused action, file, data set or device.

    The text says what is wrong, the value received and what would be right, in full sentences.
    """


class Severity(StrEnum):
    """How much a problem matters: an error keeps the model from running."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Fix:
    """An edit that mends a problem, with the words on its button."""

    label: str
    edit: Callable[[Document], Document] = field(compare=False)


@dataclass(frozen=True)
class Problem:
    """One cause of trouble: what is wrong, at which blocks, and what would mend it.

    `code` is stable and machine-readable; `nodes` names the block to go to first;
    `port` is the input it is about, if any; `short` fits a pill on the edge (`64 ≠ 128`).
    """

    code: str
    text: str
    severity: Severity = Severity.ERROR
    nodes: tuple[NodeId, ...] = ()
    port: str | None = None
    short: str = ""
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True)
class Insert:
    """A hint: put a new block of this kind on the edge into `port`."""

    kind: str
    port: str
    params: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True)
class SetParam:
    """A hint: give the block's own parameter another value."""

    name: str
    value: Value


@dataclass(frozen=True)
class SetUpstream:
    """A hint: give a parameter of the block that feeds `port` another value."""

    port: str
    name: str
    value: Value


Hint = Insert | SetParam | SetUpstream


class Refusal(Exception):
    """A block refuses its inputs or parameters.

    Raised by `Block.infer`; the text does not name the block, whoever shows it does:
    "needs an image (N, C, H, W), but receives 64×10". `at` names the blocks inside a definition
    that it is about, and `code` and `severity` are those of the `Problem` that it becomes.
    """

    def __init__(
        self,
        text: str,
        *,
        port: str | None = None,
        short: str = "",
        hints: tuple[Hint, ...] = (),
        at: tuple[NodeId, ...] = (),
        code: str = "refused",
        severity: Severity = Severity.ERROR,
    ) -> None:
        super().__init__(text)
        self.text = text
        self.port = port
        self.short = short
        self.hints = hints
        self.at = at
        self.code = code
        self.severity = severity
