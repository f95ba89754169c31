"""From a document to all that a run or an export needs: checked, typed, printed, read."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from backends.data.source import Cancelled, Splits, source_of
from backends.probing import settled
from backends.pytorch.code_lines import line_in_code
from backends.pytorch.compile import BuildError, Built, build
from backends.pytorch.frozen import frozen_modules
from backends.pytorch.memory import free_bytes
from backends.pytorch.paths import Paths
from backends.pytorch.recipe import Group, Part, Recipe
from backends.pytorch.source import Source, print_source
from backends.pytorch.steps_made import made_steps
from graph import recipe as declared
from graph.check import check
from graph.cost import costs
from graph.data import DataInfo
from graph.edits import label
from graph.freezing import frozen_behind_losses, why_nothing_learns
from graph.infer import Typing
from graph.lower import Program, lower
from graph.model import Document, NodeId
from graph.problems import Problem, Severity, UserError
from graph.sized import sized
from graph.stepping import stepped
from graph.tensor import BYTES_OF

Progress = Callable[[str, float | None], object]
Cancel = Callable[[], bool]


@dataclass(frozen=True)
class Prepared:
    """A document that is fit to run, and what it became."""

    document: Document
    data: DataInfo
    typing: Typing
    program: Program
    source: Source
    recipe: Recipe

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the data that the model and its objective read, each once."""
        feeds = (*self.program.inputs, *self.program.targets)
        return tuple(dict.fromkeys(feed.column for feed in feeds))


class BlockError(UserError):
    """A block keeps the drawing from running; `node` is its id."""

    def __init__(self, text: str, node: NodeId | None) -> None:
        super().__init__(text)
        self.node = node


def prepare(
    document: Document, progress: Progress | None = None, cancelled: Cancel | None = None
) -> Prepared:
    """Checks a document against its data and prints its source; no row is read.

    Args:
        progress: receives what is being done, and the share that is done where that is known.
        cancelled: asked between the parts of the work.

    Raises:
        UserError: the drawing, its recipe or its data has errors; the text lists them. It is a
            BlockError where it is known at which block to look first.
        Cancelled: `cancelled` answered True.
    """
    _tell(progress, cancelled, "Looking at the data")
    raw = source_of(document.data).describe()
    data = stepped(raw, document.data.steps)
    _tell(progress, cancelled, "Checking the drawing")
    if not document.graph.nodes:
        raise UserError("The drawing is empty. Add an Input, layers and a loss.")
    typing = settled(document)
    errors = _errors(document, typing, data)
    rows = sized(document, typing, data)
    if not errors and rows is not document:
        errors = _errors(rows, settled(rows), data)
    if errors:
        nodes = [node for problem in errors for node in problem.nodes]
        raise BlockError(_list_of(errors), next(iter(nodes), None))
    program = lower(document, typing, data)
    if not program.is_whole:
        texts = [text for _, text in program.gaps if text] or ["The model answers nothing."]
        raise UserError("\n".join(texts))
    source, recipe = print_source(program), recipe_of(document)
    recipe = replace(recipe, parts=parts_of(program, source), groups=groups_of(source))
    tuned = source.paths.tuned().items()
    recipe = replace(recipe, recomputed=tuple(module for module, how in tuned if how.recompute))
    recipe = replace(recipe, frozen=frozen_modules(source.paths, document))
    recipe = replace(recipe, steps=made_steps(raw, document.data.steps))
    return Prepared(document, data, typing, program, source, recipe)


def _errors(document: Document, typing: Typing, data: DataInfo) -> list[Problem]:
    found = check(document, typing, data=data)
    return [problem for problem in found if problem.severity is Severity.ERROR]


def need_loss(prepared: Prepared) -> None:
    """Refuses a drawing that cannot be trained.

    Raises:
        UserError: it has no loss, or all that could learn is frozen.
    """
    if not prepared.program.is_trainable:
        raise UserError(
            "The drawing has no loss, so there is nothing to train for. Add one, such as "
            "Cross-entropy, and wire the model's answer and a Target to it."
        )
    frozen = frozen_behind_losses(prepared.typing)
    if frozen:
        raise BlockError(why_nothing_learns(prepared.document, frozen), frozen[0])


def recipe_of(document: Document) -> Recipe:
    """The recipe of a document, as the loop takes it.

    Raises:
        UserError: a value is refused.
    """
    form = declared.Recipe.build(document.recipe, document.variables)
    values = form.values()
    return Recipe(**{name: values[name] for name in values if name not in declared.CHECKPOINTS})


def parts_of(program: Program, source: Source) -> tuple[Part, ...]:
    """What takes turns in a step of training, with the modules that each part trains."""
    return tuple(
        Part(
            name=trainer.name,
            modules=_modules(source.paths, trainer.nodes),
            **{key: value for key, value in trainer.values.items() if key != "trains"},  # type: ignore[arg-type]  # the block declares the same kinds
        )
        for trainer in program.trainers
    )


def groups_of(source: Source) -> tuple[Group, ...]:
    """The modules that learn otherwise than the rest, those together that learn alike."""
    found: dict[tuple[float, float], list[str]] = {}
    for module, how in source.paths.tuned().items():
        rates = (how.learning_rate, how.weight_decay)
        if rates != (1.0, 1.0):
            found.setdefault(rates, []).append(module)
    return tuple(Group(tuple(modules), *rates) for rates, modules in found.items())


def _modules(paths: Paths, nodes: Collection[NodeId]) -> tuple[str, ...]:
    """The attributes of the model that these blocks became."""
    return tuple(attribute for attribute, node in paths.owners().items() if node in nodes)


def build_model(prepared: Prepared) -> Built:
    """The live model, its weights drawn from the recipe's seed.

    Raises:
        BlockError: a layer refuses its arguments, or its weights do not fit the memory.
    """
    _need_memory(prepared)
    source = prepared.source
    try:
        return build(
            source.model,
            source.objective,
            prepared.recipe.seed,
            source.model_lines,
            source.objective_lines,
        )
    except BuildError as error:
        node = NodeId(error.node) if error.node is not None else None
        where = label(prepared.document, node) if node else "The model"
        line = line_in_code(error, prepared.document)
        why = f"line {line} of its code: {error}" if line else str(error)
        raise BlockError(f"{where} cannot be made: {why.rstrip('.')}.", node) from error


def _need_memory(prepared: Prepared) -> None:
    """Refuses weights that cannot fit, before minutes go into filling the memory with some."""
    known = costs(prepared.document, prepared.typing).blocks
    weights = {step.node: known[step.node].parameters for step in prepared.program.body}
    needed, free = BYTES_OF["float32"] * sum(weights.values()), free_bytes()
    if free is None or needed <= free:
        return
    node = max(weights, key=weights.__getitem__)
    raise BlockError(
        f"The memory is not enough: the weights take {needed // 10**9:,} GB, and "
        f"{free / 1e9:,.1f} GB are free. {label(prepared.document, node)} has "
        f"{weights[node]:,} of them; make it, or what it receives, smaller.",
        node,
    )


def load_columns(
    prepared: Prepared,
    progress: Callable[[float], None] | None = None,
    cancelled: Cancel | None = None,
) -> Splits:
    """The arrays of the columns that the objective asks for, to train on and for the test.

    Raises:
        UserError: the data is not there or cannot be used.
        Cancelled: `cancelled` answered True.
    """
    splits = source_of(prepared.document.data).load(progress, cancelled)
    for name in prepared.columns:
        if name not in splits.train:
            known = ", ".join(f"“{column}”" for column in splits.train)
            raise UserError(f"The data has no column “{name}”; it has {known or 'none'}.")
    # a test without rows may lack its columns; “@” marks what says how rows are drawn
    test = {name: splits.test[name] for name in prepared.columns if name in splits.test}
    train = {name: splits.train[name] for name in prepared.columns}
    train |= {name: held for name, held in splits.train.items() if name.startswith("@")}
    return replace(splits, train=train, test=test)


def _tell(progress: Progress | None, cancelled: Cancel | None, text: str) -> None:
    if cancelled is not None and cancelled():
        raise Cancelled
    if progress is not None:
        progress(text, None)


def _list_of(errors: list[Problem]) -> str:
    if len(errors) == 1:
        return errors[0].text
    lines = "\n".join(f"– {problem.text}" for problem in errors)
    return f"The drawing has {len(errors)} errors:\n{lines}"
