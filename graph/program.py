"""A drawing in the order in which it runs: what is printed as code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.block import Emit
from graph.model import Endpoint, NodeId
from graph.params import Plain
from graph.tensor import TensorType
from graph.trainers import Trainer
from graph.tuning import AS_EVER, Tuned


@dataclass(frozen=True)
class Feed:
    """A column of the data that enters the program, under the name of its Input or Target."""

    node: NodeId
    name: str
    column: str
    type: TensorType


@dataclass(frozen=True)
class Step:
    """One block at work: its code, where its inputs come from, and the types of its outputs.

    `inputs` maps each wired port to the outputs that feed it, in slot order. `shares` is the node
    whose modules it uses, if it has none of its own; those of a `frozen` one do not learn, and
    `tuned` says how others start and learn.
    """

    node: NodeId
    name: str
    title: str
    emit: Emit
    inputs: Mapping[str, tuple[Endpoint, ...]]
    many: frozenset[str]
    types: Mapping[str, TensorType]
    shares: NodeId | None = None
    frozen: bool = False
    tuned: Tuned = AS_EVER


@dataclass(frozen=True)
class Result:
    """A value with a name: what the model returns, a loss or a metric."""

    name: str
    endpoint: Endpoint
    type: TensorType


@dataclass(frozen=True)
class Given:
    """An argument of a class: its name, how its type is written, and what it is if not given."""

    name: str
    type: str
    default: Plain | None = None


@dataclass(frozen=True)
class ModuleClass:
    """A class that a definition became.

    Attributes:
        arguments: what its constructor takes.
        kept: those of them that it stores, since its `forward` reads them.
        is_chain: whether it is no more than its modules one behind the other.
    """

    name: str
    about: str
    inputs: tuple[Feed, ...]
    body: tuple[Step, ...]
    returns: tuple[Result, ...]
    arguments: tuple[Given, ...]
    kept: tuple[str, ...]
    is_chain: bool


@dataclass(frozen=True)
class Program:
    """A drawing in the order in which it runs.

    Attributes:
        inputs: what `Model.forward` takes.
        body: the steps of the model.
        returns: what the model returns: the outputs, then what else the objective needs.
        targets: columns that only the objective reads, inputs it compares with included.
        objective: the steps from the model's answers to losses and metrics.
        losses: their sum is what training minimises.
        gaps: blocks that could not be written, and why; a program with gaps does not run.
        classes: what the definitions became, each after those that it uses.
        trainers: which blocks learn from which of the losses; all from all where there are none.
    """

    name: str
    description: str
    inputs: tuple[Feed, ...]
    body: tuple[Step, ...]
    returns: tuple[Result, ...]
    targets: tuple[Feed, ...]
    objective: tuple[Step, ...]
    losses: tuple[Result, ...]
    metrics: tuple[Result, ...]
    gaps: tuple[tuple[NodeId, str], ...]
    trainers: tuple[Trainer, ...] = ()
    classes: tuple[ModuleClass, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it runs: it returns something and has no gaps."""
        return bool(self.returns) and not self.gaps

    @property
    def is_trainable(self) -> bool:
        """Whether it runs and has a loss."""
        return self.is_whole and bool(self.losses)
