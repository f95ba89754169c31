"""From a typed drawing to a program: what the model computes, and what it is trained on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from graph import names
from graph.block import Emit, Role, Snippet, Use
from graph.classes import Body, uses_of, with_classes
from graph.composite import Composite
from graph.composites.repeating import why_not_share
from graph.data import Column, DataInfo
from graph.infer import Typing, arguments
from graph.model import Document, Edge, Endpoint, NodeId
from graph.order import downstream, upstream
from graph.problems import Refusal
from graph.program import Feed as Feed
from graph.program import Program as Program
from graph.program import Result as Result
from graph.program import Step as Step
from graph.trainers import trainers
from graph.tuning import AS_EVER, Tuned, tuned

WITHOUT_CODE = frozenset({Role.INPUT, Role.TARGET, Role.OUTPUT, Role.OPTIMIZER})


def lower_feeds(
    document: Document, typing: Typing, data: DataInfo | None = None
) -> dict[NodeId, Feed]:
    """The feed of each used Input and Target whose type is known.

    One without a column of its own takes the next of the data's columns that no other names.
    """
    document = typing.at_work(document)
    used = typing.used
    is_named = document.graph.census.is_named
    code_names = {} if is_named else _code_names(document)
    found: dict[NodeId, Feed] = {}
    for role in (Role.INPUT, Role.TARGET):
        nodes = {
            id: str(typing.blocks[id].values().get("column", ""))
            for id in typing.by_role.get(role, ())
        }
        columns = _columns(data, role)
        free = [column.name for column in columns if column.name not in nodes.values()]
        for id, named in nodes.items():
            type_ = next(iter(typing.types.get(id, {}).values()), None)
            if id in used and type_ is not None:
                name = document.graph.nodes[id].name if is_named else code_names[id]
                column = named or (free.pop(0) if free else name)
                found[id] = Feed(id, name, column, type_)
    return found


def _columns(data: DataInfo | None, role: Role) -> tuple[Column, ...]:
    if data is None:
        return ()
    return data.inputs() if role is Role.INPUT else data.targets()


def layers_behind_losses(document: Document, typing: Typing) -> list[NodeId]:
    """Used blocks with modules behind a loss or a metric.

    They cannot be: the objective is a function, which holds neither weights nor a state.
    """
    goals = {id for role in (Role.LOSS, Role.METRIC) for id in typing.by_role.get(role, ())}
    behind = downstream(typing.graph, goals) - goals
    if not behind:
        return []
    behind &= typing.used
    return [id for id in typing.graph.nodes if id in behind and _has_modules(typing, id)]


def _has_modules(typing: Typing, id: NodeId) -> bool:
    if id not in typing.types:
        return False
    block = typing.blocks[id]
    try:
        emit: Emit = type(block).emit(block, *arguments(type(block), typing.input_types(id)))
    except Refusal:
        return False
    return bool(emit.modules)


def lower(document: Document, typing: Typing, data: DataInfo | None = None) -> Program:
    """The program of a drawing; what is unfinished or wrong in it becomes gaps."""
    document = typing.at_work(document)
    program = _Lowering(document, typing, data).program()
    bodies = _bodies(program.body)
    steps = [*program.body, *program.objective, *(s for b in bodies.values() for s in b.steps)]
    taken = {snippet.name for step in steps for snippet in step.emit.snippets} | names.RESERVED
    program = replace(program, gaps=(*program.gaps, *_of_one_name(steps)))
    return with_classes(program, bodies, taken)


def _of_one_name(steps: Iterable[Step]) -> Iterator[tuple[NodeId, str]]:
    """Steps that bring along a function or class of which another step has one that differs."""
    first: dict[str, Snippet] = {}
    for step in steps:
        for snippet in step.emit.snippets:
            if first.setdefault(snippet.name, snippet) != snippet:
                text = (
                    f"{step.title} “{step.name}” brings along another {snippet.name} than a block "
                    "before it; give one of them another name."
                )
                yield step.node, text


def _bodies(steps: Iterable[Step]) -> dict[Use, Body]:
    """What each instance of a definition does, whatever one uses before itself."""
    found: dict[Use, Body] = {}

    def collect(steps: Iterable[Step]) -> None:
        for use in (use for step in steps for use in uses_of(step)):
            if use not in found:
                block = use.block
                assert isinstance(block, Composite)
                document = block.seen_from_inside(use.inputs)
                body = _Lowering(document, block.inside(use.inputs), None).body()
                collect(body.steps)
                found[use] = body

    collect(steps)
    return found


class _Lowering:
    def __init__(self, document: Document, typing: Typing, data: DataInfo | None) -> None:
        self.document = document
        self.graph = document.graph
        self.typing = typing
        self.used = typing.used
        self.names = _code_names(document)
        self.feeds = lower_feeds(document, typing, data)
        self.steps: dict[NodeId, Step] = {}
        self.gaps: list[tuple[NodeId, str]] = []
        for id in self.order():
            self._add_step(id)
        for id in downstream(self.graph, self._without_code()):
            self.steps.pop(id, None)
        self._make_way_for_snippets()
        if document.scope is None:
            self._leave_out_layers_behind_losses()

    def _without_code(self) -> list[NodeId]:
        """Used blocks with types that could not be written."""
        typed = [id for id in self.typing.types if id in self.used and id not in self.steps]
        return [id for id in typed if self.role(id) not in WITHOUT_CODE]

    def _make_way_for_snippets(self) -> None:
        """Renames blocks that are called like a function or class which the text brings along."""
        brought = {snippet.name for step in self.steps.values() for snippet in step.emit.snippets}
        taken = brought | set(self.names.values())
        for id, name in self.names.items():
            if name not in brought:
                continue
            self.names[id] = names.unique(f"{name}_1", taken)
            taken.add(self.names[id])
            if id in self.feeds:
                self.feeds[id] = replace(self.feeds[id], name=self.names[id])
            if id in self.steps:
                self.steps[id] = replace(self.steps[id], name=self.names[id])

    def role(self, id: NodeId) -> Role | None:
        block = self.typing.blocks.get(id)
        return block.kind.role if block else None

    def order(self) -> list[NodeId]:
        """Used nodes so that each directly follows what feeds it, as a person would write them."""
        rank = self.typing.order.rank
        ends = [id for id in self.graph.nodes if id in self.used and id in rank]
        ends.sort(key=lambda id: bool(self._used_consumers(id)))
        done: dict[NodeId, None] = {}
        for end in ends:
            stack = [(end, iter(self.graph.inputs_of(end)))]
            while stack:
                id, edges = stack[-1]
                source = next((e.source for e in edges if self._is_open(e, done)), None)
                if source is not None:
                    stack.append((source, iter(self.graph.inputs_of(source))))
                    continue
                done.setdefault(id)
                stack.pop()
        return list(done)

    def _is_open(self, edge: Edge, done: Mapping[NodeId, None]) -> bool:
        return edge.source not in done and edge.source in self.typing.order.rank

    def _used_consumers(self, id: NodeId) -> list[Edge]:
        return [edge for edge in self.graph.consumers_of(id) if edge.target in self.used]

    def _add_step(self, id: NodeId) -> None:
        role = self.role(id)
        problem = self.typing.problems.get(id)
        if problem or role is None:
            self.gaps.append((id, problem.text if problem else ""))
            return
        if role in WITHOUT_CODE or id not in self.typing.types:
            return
        block = self.typing.blocks[id]
        try:
            emit = type(block).emit(block, *arguments(type(block), self.typing.input_types(id)))
        except Refusal as refusal:
            self.gaps.append((id, f"{block.kind.title} “{self.names[id]}” {refusal.text}."))
            return
        inputs: dict[str, tuple[Endpoint, ...]] = {}
        for edge in self.graph.inputs_of(id):
            inputs[edge.into] = (*inputs.get(edge.into, ()), (edge.source, edge.out))
        many = frozenset(port.name for port in block.inputs if port.many)
        shares = self.graph.nodes[id].shares
        if shares and (shares not in self.used or why_not_share(self.document, id, shares)):
            text = f"{block.kind.title} “{self.names[id]}” names weights that it cannot use."
            self.gaps.append((id, text))
            return
        frozen, how = self._learns(id)
        if how.function is not None:
            emit = replace(emit, snippets=(*emit.snippets, how.function))
        self.steps[id] = Step(
            id, self.names[id], block.kind.title, emit, inputs, many, self.typing.types[id], shares,
            frozen, how,
        )  # fmt: skip

    def _learns(self, id: NodeId) -> tuple[bool, Tuned]:
        """Whether a block's own weights stay as they are, and how they start and learn."""
        node = self.graph.nodes[id]
        how = tuned(node, self.document.variables)
        if node.shares or not (node.frozen or how != AS_EVER) or not self._has_weights(id):
            return False, AS_EVER
        return node.frozen, how

    def _has_weights(self, id: NodeId) -> bool:
        block = self.typing.blocks[id]
        given = arguments(type(block), self.typing.input_types(id))
        return type(block).parameters(block, *given) > 0

    def _leave_out_layers_behind_losses(self) -> None:
        layers = layers_behind_losses(self.document, self.typing)
        for id in layers:
            if step := self.steps.get(id):
                text = f"{step.title} “{step.name}” cannot stand behind a loss or a metric."
                self.gaps.append((id, text))
        for id in downstream(self.graph, layers):
            self.steps.pop(id, None)

    def body(self) -> Body:
        """What a definition does, with an argument for each Input and a result for each Output."""
        inputs, returns = [], []
        for id in self.graph.nodes:
            role = self.role(id)
            if role is Role.INPUT and id in self.typing.types:
                (given,) = self.typing.types[id].values()
                inputs.append(Feed(id, self.names[id], "", given))
            for edge in self.graph.inputs_of(id) if role is Role.OUTPUT else ():
                type_ = self.typing.type_of(edge.source, edge.out)
                is_there = edge.source in self.steps or self.role(edge.source) is Role.INPUT
                if type_ is not None and is_there:
                    returns.append(Result(self.names[id], (edge.source, edge.out), type_))
        return Body(tuple(inputs), tuple(self.steps.values()), tuple(returns), tuple(self.gaps))

    def program(self) -> Program:
        objective = self._objective_nodes()
        self.trainers = [
            replace(trainer, name=self.names[trainer.node])
            for trainer in trainers(self.document, self.typing)
        ]
        body = [step for id, step in self.steps.items() if id not in objective]
        losses, metrics = self._losses(), self._metrics()
        shown = upstream(self.graph, [result.endpoint[0] for result in (*losses, *metrics)])
        goals = [step for id, step in self.steps.items() if id in objective & shown]
        in_body = {step.node for step in body}
        wanted = {e for step in body for ends in step.inputs.values() for e in ends}
        returns = self._returns(in_body, goals)
        wanted |= {result.endpoint for result in returns}
        inputs = [
            feed
            for feed in self.feeds.values()
            if (feed.node, "y") in wanted or (self.role(feed.node) is Role.INPUT and not goals)
        ]
        asked = {e[0] for step in goals for ends in step.inputs.values() for e in ends}
        targets = [feed for feed in self.feeds.values() if feed.node in asked]
        return Program(
            self.document.name,
            self.document.description,
            tuple(inputs),
            tuple(body),
            tuple(returns),
            tuple(targets),
            tuple(goals),
            tuple(losses),
            tuple(metrics),
            tuple(self.gaps),
            tuple(self.trainers),
        )

    def _objective_nodes(self) -> set[NodeId]:
        """Losses, metrics and what follows them; also what only prepares targets for them."""
        ends = [id for id in self.steps if self.role(id) in (Role.LOSS, Role.METRIC)]
        found = downstream(self.graph, ends)
        from_targets = downstream(
            self.graph, [id for id in self.feeds if self.role(id) is Role.TARGET]
        )
        for id, step in reversed(self.steps.items()):
            consumers = self._used_consumers(id)
            if (
                id in from_targets
                and not step.emit.modules
                and consumers
                and all(edge.target in found for edge in consumers)
            ):
                found.add(id)
        return found

    def _returns(self, in_body: set[NodeId], goals: list[Step]) -> list[Result]:
        found: dict[Endpoint, Result] = {}
        taken: set[str] = {feed.name for feed in self.feeds.values()}
        for id in self.graph.nodes:
            if self.role(id) is Role.OUTPUT and id in self.used:
                for edge in self.graph.inputs_of(id):
                    self._return(found, taken, (edge.source, edge.out), self.names[id], in_body)
        for step in goals:
            for ends in step.inputs.values():
                for endpoint in ends:
                    if endpoint[0] in in_body:
                        self._return(found, taken, endpoint, self.names[endpoint[0]], in_body)
        if not found:
            for id in self.steps:
                if id in in_body and not self._is_read(id):
                    for port in self.typing.types[id]:
                        self._return(found, taken, (id, port), self.names[id], in_body)
        return list(found.values())

    def _is_read(self, id: NodeId) -> bool:
        return any(edge.target in self.steps for edge in self.graph.consumers_of(id))

    def _return(
        self,
        found: dict[Endpoint, Result],
        taken: set[str],
        endpoint: Endpoint,
        name: str,
        in_body: set[NodeId],
    ) -> None:
        type_ = self.typing.type_of(*endpoint)
        is_there = endpoint[0] in in_body or endpoint[0] in self.feeds
        if type_ is not None and is_there and endpoint not in found:
            name = names.unique(name, taken)
            taken.add(name)
            found[endpoint] = Result(name, endpoint, type_)

    def _losses(self) -> list[Result]:
        if self.trainers:
            taken = dict.fromkeys(end for trainer in self.trainers for end in trainer.losses)
            nodes = dict.fromkeys(node for node, _ in taken if node in self.steps)
            return [r for node in nodes for r in self._results_of(node) if r.endpoint in taken]
        ends = [id for id in self.steps if self.role(id) is Role.LOSS]
        reached = downstream(self.graph, ends)
        return [
            result
            for id in self.steps
            if id in reached
            and self.role(id) is not Role.METRIC
            and not any(edge.target in self.steps for edge in self.graph.consumers_of(id))
            for result in self._results_of(id)
        ]

    def _metrics(self) -> list[Result]:
        metrics = [id for id in self.steps if self.role(id) is Role.METRIC]
        return [result for id in metrics for result in self._results_of(id)]

    def _results_of(self, id: NodeId) -> list[Result]:
        """The outputs of a block, named by their ports too where there are several."""
        name, types = self.names[id], self.typing.types[id]
        return [
            Result(f"{name}_{port}" if len(types) > 1 else name, (id, port), type_)
            for port, type_ in types.items()
        ]


def _code_names(document: Document) -> dict[NodeId, str]:
    """The name of each node as code uses it; files may hold names that cannot stand in code."""
    if document.graph.census.is_named:
        return {id: node.name for id, node in document.graph.nodes.items()}
    found: dict[NodeId, str] = {}
    free = names.Free()
    for id, node in document.graph.nodes.items():
        name = node.name if names.is_usable(node.name) else names.usable(node.name)
        found[id] = free.take(name)
    return found
