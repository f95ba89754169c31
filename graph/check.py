"""All that is wrong with a drawing: what inference refused, and what only the whole shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property, partial

from graph import edits, surgery
from graph.block import Block, Category, Role
from graph.code_edits import clashes
from graph.composites.checking import (
    problems_inside,
    problems_of_definitions,
    problems_of_sharing,
)
from graph.data import Column, DataInfo, DataSpec
from graph.feeding import TARGET_PORT, fitted, input_fix, loss_fix, open_ends, target_fix
from graph.fixes import problem_at, set_fix
from graph.freezing import problems_of_freezing
from graph.infer import Typing
from graph.kinds import kinds_of
from graph.lower import layers_behind_losses, lower_feeds
from graph.mixed_targets import problems_of_mixing, without_echoes
from graph.model import Document, Edge, NodeId
from graph.names import is_usable
from graph.order import upstream
from graph.problems import Fix, Problem, Severity
from graph.recipe_problems import problems_of_recipe
from graph.registry import Registry
from graph.switching import problems_of_switching
from graph.tensor import TensorType, show_shape
from graph.trainers import losses_fix, trainer_problems
from graph.trying import noise_fix
from graph.tuning import problems_of_tuning

MOST_OPEN = 50
MOST_BETWEEN = 10
_IMAGE_CHANNELS = (1, 3, 4)
_FEATURES_LAST = ("layer_norm", "rms_norm")
_KEEP_AXES = (Category.ACTIVATION, Category.NORMALISATION, Category.REGULARISATION)
_ONE_SHAPE = getattr(Block.shaped_by, "__func__", None)
ONE_NUMBER = "one number"
# A loss that works on logits, and the activation that must not stand before it.
ON_LOGITS = {"cross_entropy": "softmax", "bce_with_logits": "sigmoid"}


def check(
    document: Document,
    typing: Typing,
    registry: Registry | None = None,
    data: DataInfo | None = None,
) -> list[Problem]:
    """Every problem, errors first, each cause once.

    Without `data` what the drawing asks of its data is not judged.
    """
    known = kinds_of(document, registry)
    checker = _Checker(document, typing, known, data)
    found = without_echoes([*known.failures, *checker.problems()])
    return sorted(found, key=lambda problem: problem.severity is not Severity.ERROR)


class _Checker:
    def __init__(
        self, document: Document, typing: Typing, registry: Registry, data: DataInfo | None
    ) -> None:
        self.drawn = document
        self.document = document = typing.at_work(document)
        self.graph = document.graph
        self.typing = typing
        self.registry = registry
        self.data = data
        self.used = typing.used

    def problems(self) -> Iterator[Problem]:
        if not self.drawn.graph.nodes:
            return
        yield from self._from_inference()
        yield from problems_of_switching(self.drawn, self.typing)
        if not self.graph.nodes:
            text = "Every block is muted, or waits for one that is, so nothing is left to run."
            yield Problem("all-off", text)
        yield from self._names()
        yield from self._parameters()
        if self.document.scope is not None:
            yield from self._inside()
        yield from problems_of_sharing(self.document, self.typing)
        yield from self._habits()
        if self.document.scope is None:
            yield from self._whole()

    def _inside(self) -> Iterator[Problem]:
        before = self._before_what_is_off()
        for problem in problems_inside(self.drawn, self.typing, self.registry):
            if problem.code != "unused" or not before.issuperset(problem.nodes):
                yield problem

    def _habits(self) -> Iterator[Problem]:
        for loss, unwanted in ON_LOGITS.items():
            for id in self.typing.by_kind.get(loss, ()):
                yield from self._twice_activated(id, unwanted)
        known = self.typing.sees_image
        for id in self.typing.by_kind.get("dense", ()):
            sees = known.get(id)
            if sees is None:
                sees = known[id] = self._sees_image(id)
            if sees:
                yield self._dense_on_image(id)

    def _whole(self) -> Iterator[Problem]:
        """What only the whole drawing must have."""
        yield from self._structure()
        yield from problems_of_definitions(self.document, self.registry)
        yield from clashes(self.document)
        for id in layers_behind_losses(self.document, self.typing):
            text = "holds weights or a state, so it cannot stand behind a loss or a metric"
            yield problem_at(self.document, id, "behind-loss", text)
        yield from trainer_problems(self.drawn, self.typing, self.registry)
        yield from problems_of_freezing(self.document, self.typing)
        yield from problems_of_tuning(self.document)
        yield from problems_of_recipe(self.document, self.typing)
        if self.data is not None:
            yield from self._data(self.data)

    def _role(self, id: NodeId) -> Role | None:
        block = self.typing.blocks.get(id)
        return block.kind.role if block else None

    def _from_inference(self) -> Iterator[Problem]:
        """Refusals; at blocks that lead nowhere they only warn, since these are left out."""
        for id, problem in self.typing.problems.items():
            soft = id not in self.used and problem.code not in ("cycle", "unknown-block")
            if problem.code == "open-input" and problem.port is not None:
                fix = self._wire(id, problem.port)
                problem = replace(problem, fixes=(fix,) if fix else ())
            if problem.code == "unknown-block" and self.graph.nodes[id].definition:
                remove = Fix("Remove it", partial(edits.remove, ids=[id]))
                problem = replace(problem, fixes=(remove,))
            yield replace(problem, severity=Severity.WARNING) if soft else problem

    def _wire(self, id: NodeId, port: str) -> Fix | None:
        if self._role(id) is Role.OPTIMIZER:
            return losses_fix(self.document, self.typing, id, self.registry)
        fix = None
        if port == TARGET_PORT:
            fix = target_fix(self.document, id, self.data, self.registry)
        return fix or input_fix(self.document, id, port, self.open_ends, self.registry)

    @cached_property
    def open_ends(self) -> list[NodeId]:
        """What open inputs could be wired to; nothing in a heap of loose blocks, to save time."""
        codes = [problem.code for problem in self.typing.problems.values()]
        is_heap = codes.count("open-input") > MOST_OPEN
        return [] if is_heap else open_ends(self.document, self.registry)

    def _names(self) -> Iterator[Problem]:
        if self.graph.census.is_named:
            return
        taken: set[str] = set()
        for id, node in self.graph.nodes.items():
            if node.name in taken or not is_usable(node.name):
                text = "has a name that cannot stand in code or is taken; it is written differently"
                yield problem_at(self.document, id, "name", text, severity=Severity.WARNING)
            taken.add(node.name)

    def _structure(self) -> Iterator[Problem]:
        roles = self.typing.by_role
        if not self.typing.blocks:
            return
        if not roles.get(Role.INPUT):
            yield Problem(
                "no-input",
                "The drawing has no Input, so it receives no data. Add one and wire it.",
                fixes=(Fix("Add an Input", self._add_first("input")),),
            )
        losses = roles.get(Role.LOSS)
        if not losses:
            yield self._no_loss()
        if not roles.get(Role.OUTPUT) and not losses:
            yield Problem(
                "no-output",
                "The drawing has no Output, so the model answers with every open end.",
                Severity.WARNING,
            )
        unused = self.typing.unused - self._before_what_is_off()
        for id in self.graph.nodes if unused else ():
            if id in unused:
                text = "leads to no output and no loss, so it is left out of the code"
                yield problem_at(self.document, id, "unused", text, severity=Severity.WARNING)

    def _no_loss(self) -> Problem:
        known = (self.registry.find(kind) for kind in self.drawn.graph.census.kinds)
        if any(block is not None and block.kind.role is Role.LOSS for block in known):
            text = (
                "No loss is at work, so the drawing cannot be trained: what is drawn of them is "
                "muted, or waits for a block that is."
            )
            return Problem("no-loss", text, Severity.WARNING)
        text = "The drawing has no loss, so it cannot be trained. Add one, such as Cross-entropy."
        return Problem("no-loss", text, Severity.WARNING, fixes=self._loss_fixes())

    def _before_what_is_off(self) -> frozenset[NodeId]:
        """Blocks that lead to others which are switched off, or left out for that."""
        if not self.drawn.graph.is_switched:
            return frozenset()
        drawn = self.drawn.graph
        return frozenset(upstream(drawn, drawn.nodes.keys() - self.graph.nodes.keys()))

    def _loss_fixes(self) -> tuple[Fix, ...]:
        fix = loss_fix(self.document, self.open_ends, self.data, self.registry)
        return (fix,) if fix else ()

    def _add_first(self, kind: str) -> edits.Edit:
        top = min(node.y for node in self.drawn.graph.nodes.values())
        left = min(node.x for node in self.drawn.graph.nodes.values())
        id = edits.next_node_id(self.document)
        return lambda now: fitted(
            edits.add(now, kind, (left, top - 100)), id, self.data, self.registry
        )

    def _parameters(self) -> Iterator[Problem]:
        if all(self._has_parameters(kind, names) for kind, *names in self.graph.census.shapes):
            return
        for id, node in self.graph.nodes.items():
            block = self.registry.of(node) if node.params else None
            if block is None or node.params.keys() <= block.params.keys():
                continue
            for name in block.unknown_names(node.params):
                text = f"has a parameter “{name}” that this version does not know; it is kept"
                yield problem_at(
                    self.document, id, "unknown-parameter", text, severity=Severity.WARNING
                )

    def _has_parameters(self, kind: str, names: Collection[str]) -> bool:
        """Whether every block of a kind has these; not where it depends on the block."""
        block = self.registry.find(kind)
        if block is None:
            return True
        is_shaped = getattr(block.shaped_by, "__func__", None) is not _ONE_SHAPE
        return not is_shaped and block.params.keys() >= set(names)

    def _twice_activated(self, id: NodeId, unwanted: str) -> Iterator[Problem]:
        for edge in self.graph.inputs_of(id):
            before = self.typing.blocks.get(edge.source)
            inputs = self.graph.inputs_of(edge.source)
            if before is None or before.kind.name != unwanted or not inputs:
                continue
            text = (
                f"works on logits, but {edits.label(self.document, edge.source)} has turned them "
                f"into probabilities; it would be applied twice"
            )
            fix = Fix(
                f"Wire it to what comes before {before.kind.title}",
                partial(_take_from, old=edge, new=inputs[0]),
            )
            yield problem_at(
                self.document, id, "activated-twice", text,
                severity=Severity.WARNING, port=edge.into, fixes=(fix,),
            )  # fmt: skip

    def _sees_image(self, id: NodeId) -> bool:
        edges = self.graph.inputs_of(id)
        if id not in self.typing.types or not edges:
            return False
        type_ = self.typing.edge_type(edges[0])
        return type_ is not None and type_.rank >= 4 and self._is_image(edges[0], type_)

    def _dense_on_image(self, id: NodeId) -> Problem:
        edges = self.graph.inputs_of(id)
        type_ = self.typing.edge_type(edges[0])
        shape = show_shape(type_.shape) if type_ is not None else ""
        text = (
            f"mixes only the last axis of {shape}; "
            "to see the whole image it needs a Flatten before it"
        )
        drawn = self.drawn.graph.edges_into(id, edges[0].into)[0]
        fix = Fix("Insert Flatten", partial(surgery.insert, edge=drawn, kind="flatten"))
        return problem_at(
            self.document, id, "dense-on-image", text,
            severity=Severity.WARNING, port="x", fixes=(fix,),
        )  # fmt: skip

    def _is_image(self, edge: Edge, type_: TensorType) -> bool:
        """Whether its channels stand before its places; elsewhere features stand last by intent."""
        for _ in range(MOST_BETWEEN):
            block = self.typing.blocks.get(edge.source)
            if block is None or block.kind.name in _FEATURES_LAST:
                return False
            if block.kind.role is Role.INPUT:
                return type_.shape[1] in _IMAGE_CHANNELS
            inputs = self.graph.inputs_of(edge.source)
            if block.kind.category not in _KEEP_AXES or not inputs:
                return block.kind.category in (Category.CONVOLUTION, Category.POOLING)
            edge = inputs[0]
        return False

    def _data(self, data: DataInfo) -> Iterator[Problem]:
        columns = {column.name: column for column in data.columns}
        feeds = lower_feeds(self.document, self.typing, data)
        yield from problems_of_mixing(self.drawn, self.typing, data, feeds)
        for id, feed in feeds.items():
            column = columns.get(feed.column)
            if column is None:
                yield self._no_column(id, feed.column, data)
            else:
                yield from self._column_type(id, feed.type, column, data)
                yield from self._classes(id, column)

    def _no_column(self, id: NodeId, name: str, data: DataInfo) -> Problem:
        role = self._role(id)
        fitting = data.inputs() if role is Role.INPUT else data.targets()
        known = ", ".join(f"“{column.name}”" for column in fitting) or "none"
        text = f"reads the column “{name}”, which {data.title} does not have; it has {known}"
        fixes = (set_fix(self.document, id, "column", c.name, self.registry) for c in fitting[:3])
        return problem_at(
            self.document, id, "no-column", text, fixes=tuple(fix for fix in fixes if fix)
        )

    def _column_type(
        self, id: NodeId, type_: TensorType, column: Column, data: DataInfo
    ) -> Iterator[Problem]:
        wanted = column.shape
        shape = type_.shape[1:]
        fits = len(shape) == len(wanted) and all(
            not isinstance(dim, int) or dim == size for dim, size in zip(shape, wanted, strict=True)
        )
        if not fits:
            received, right = (show_shape(each) if each else ONE_NUMBER for each in (shape, wanted))
            text = f"expects {received} a row, but “{column.name}” of {data.title} holds {right}"
            fix = set_fix(self.document, id, "shape", ", ".join(map(str, wanted)), self.registry)
            if fix and not wanted:
                fix = replace(fix, label=f"{fix.label}{ONE_NUMBER}")
            is_chosen = self.document.data != DataSpec()
            other = None if is_chosen else noise_fix(self.document, self.typing, self.registry)
            yield problem_at(
                self.document, id, "data-shape", text, short=f"{received} ≠ {right}",
                fixes=tuple(each for each in (other, fix) if each),
            )  # fmt: skip
        if type_.dtype != column.dtype:
            text = f"expects {type_.dtype}, but “{column.name}” of {data.title} is {column.dtype}"
            fix = set_fix(self.document, id, "dtype", column.dtype, self.registry)
            yield problem_at(self.document, id, "data-dtype", text, fixes=(fix,) if fix else ())

    def _classes(self, id: NodeId, column: Column) -> Iterator[Problem]:
        """Fewer logits than classes fail on the first batch; more are classes never seen."""
        count = len(column.classes)
        for edge in self.graph.consumers_of(id) if count else ():
            block = self.typing.blocks.get(edge.target)
            if block is None or block.kind.name != "cross_entropy":
                continue
            logits = self._logits_of(edge.target, edge)
            type_ = self.typing.edge_type(logits) if logits else None
            if logits is None or type_ is None or type_.rank < 2:
                continue
            given = type_.shape[-1 if block.values().get("classes_last") else 1]
            few = given if isinstance(given, int) else count
            # sequences seldom hold every token that there could be
            if few == count or (type_.rank > 2 and few > count):
                continue
            noun = "logit" if given == 1 else "logits"
            text = (
                f"receives {given} {noun}, but “{column.name}” has {count} classes; "
                "the last layer should give one logit a class"
            )
            fix = set_fix(self.document, logits.source, "features", count, self.registry)
            yield problem_at(
                self.document, edge.target, "class-count", text,
                severity=Severity.ERROR if few < count else Severity.WARNING, port=logits.into,
                short=f"{given} ≠ {count}", fixes=(fix,) if fix else (),
            )  # fmt: skip

    def _logits_of(self, loss: NodeId, target: Edge) -> Edge | None:
        others = [edge for edge in self.graph.inputs_of(loss) if edge.into != target.into]
        return others[0] if others else None


def _take_from(document: Document, old: Edge, new: Edge) -> Document:
    """The document in which an edge starts where another does."""
    return edits.with_edge(document, replace(old, source=new.source, out=new.out))
