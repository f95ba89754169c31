"""The text of an exported `train.py`: recipe, objective, data and loop in one file."""

from __future__ import annotations

import ast
import json

from backends.data.reading import DataExport
from backends.pasting import body_of, gathered, merged_imports, repeated_names, text_of
from backends.pytorch.export_steps import modules_of, steps_text
from backends.pytorch.prepare import Prepared
from backends.pytorch.recipe import FROZEN, KNOBS, Change, Group, Part, Recipe
from backends.pytorch.text import docstring_text, one_line, statement
from graph import recipe as declared
from graph.optimizing import Optimizing

WIDTH = 88
SCRIPT = "backends.pytorch.export_script"
MODULES = ("backends.pytorch.loop", "backends.pytorch.weights_file", SCRIPT)
ERRORS = "backends.data.readers.errors"
TITLES = {
    "export_script": "command line",
    "sample_script": "command line",
    "weights_file": "weights",
}

FORMAT = """\
# How the Python files here are formatted.

[tool.ruff]
line-length = 100

[tool.black]
line-length = 100
"""

HEAD = '''"""Trains the model in model.py: {name}.

Usage:
    python train.py              trains, prints every epoch, writes trained.safetensors
    python train.py --evaluate   measures weights.safetensors on the test rows
    python train.py --help       says what else there is
"""'''

LISTS = {
    "parts": ("Part", "PARTS"),
    "groups": ("Group", "GROUPS"),
    "changes": ("Change", "CHANGES"),
}


def train_text(prepared: Prepared, data: DataExport) -> str:
    """The text of `train.py`, which needs `model.py` beside it and nothing of ours."""
    wanted = (*MODULES, *modules_of(prepared.recipe.steps))
    modules = [name for name in gathered(wanted, is_ours) if name != ERRORS]
    if not _defines_data_error(data.code):
        modules.insert(0, ERRORS)
    texts = {name: text_of(name) for name in modules}
    objective = prepared.source.objective
    repeated = repeated_names([objective, data.code, *texts.values()])
    if repeated:
        raise ValueError(f"train.py would define {', '.join(repeated)} twice")
    everything = [data.code, objective, *texts.values()]
    imports = merged_imports([*everything, "import sys\nfrom pathlib import Path"], is_ours)
    head = HEAD.format(name=docstring_text(one_line(prepared.document.name)).rstrip("."))
    top = [head, "from __future__ import annotations", imports, "from model import Model"]
    constants = f"HERE = Path(__file__).resolve().parent\n\n{recipe_text(prepared)}"
    parts = ["\n\n".join([*top, constants])]
    parts += [rule("objective"), body_of(objective)]
    parts += [rule("data"), body_of(data.code), load_text(prepared, data)]
    for name, text in texts.items():
        parts += [heading(name, text), body_of(text)]
    if prepared.recipe.steps:
        parts += [rule("steps"), steps_text(prepared.recipe.steps)]
    return "\n\n\n".join([*parts, _tail(prepared.recipe)]) + "\n"


def _tail(recipe: Recipe) -> str:
    """The last lines of the script, which start it."""
    lists = {name: texts for name, texts in LISTS.items() if getattr(recipe, name)}
    made = [
        f"    {name} = tuple({kind}(**each) for each in {constant})"
        for name, (kind, constant) in lists.items()
    ]
    if recipe.steps:
        made.append("    steps = make_steps()")
    names = [*lists, *(["steps"] if recipe.steps else [])]
    given = ", ".join(["**RECIPE", *(f"{name}={name}" for name in names)])
    started = f"    sys.exit(main(Model, objective, Recipe({given}), load_data, HERE))"
    return "\n".join(['if __name__ == "__main__":', *made, started])


def is_ours(node: ast.ImportFrom) -> bool:
    """Whether what is imported is part of this program."""
    return (node.module or "").startswith("backends.")


def _defines_data_error(code: str) -> bool:
    return "DataError" in {getattr(node, "name", "") for node in ast.parse(code).body}


def rule(title: str) -> str:
    """A line that begins a section of a script."""
    return f"# {'-' * (WIDTH - len(title) - 3)} {title}"


def heading(module: str, text: str) -> str:
    """A rule with the module's docstring under it."""
    stem = module.rpartition(".")[2]
    doc = ast.get_docstring(ast.parse(text)) or ""
    lines = [f"# {line}".rstrip() for line in doc.splitlines()]
    return "\n".join([rule(TITLES.get(stem, stem)), "#", *lines])


def recipe_text(prepared: Prepared) -> str:
    """The recipe as a literal, without the values that have no effect in it."""
    document = prepared.document
    form = declared.Recipe.build(document.recipe, document.variables)
    names = [shown.name for shown in form.shown() if shown.name not in declared.CHECKPOINTS]
    if prepared.recipe.changes:
        names = list(dict.fromkeys([*names, *KNOBS]))  # what is off at first may be turned on
    if any(change.name == FROZEN for change in prepared.recipe.changes):
        names.append(FROZEN)
    values = {name: getattr(prepared.recipe, name) for name in names}
    if prepared.recipe.recomputed:
        values["recomputed"] = list(prepared.recipe.recomputed)
    if prepared.recipe.parts:
        values = {name: value for name, value in values.items() if name not in Optimizing.params}
    lines = [f"    {json.dumps(name)}: {_literal(value)}," for name, value in values.items()]
    return "\n".join(
        [
            "RECIPE = {",
            *lines,
            "}",
            *_parts_text(prepared.recipe.parts),
            *_groups_text(prepared.recipe.groups),
            *_changes_text(prepared.recipe.changes),
        ]
    )


def _parts_text(parts: tuple[Part, ...]) -> list[str]:
    """What takes turns in every step, as a literal."""
    if not parts:
        return []
    lines = [
        "",
        "# The optimizers, in the order in which they take turns in a step.",
        "PARTS = [",
    ]
    for part in parts:
        numbers = {name: getattr(part, name) for name in Optimizing.params}
        shown = {each.name: numbers[each.name] for each in Optimizing(**numbers).shown()}
        lines.append("    {")
        for name, value in {"name": part.name, "modules": list(part.modules), **shown}.items():
            lines += statement(f"{json.dumps(name)}: {_literal(value)}", 8)
            lines[-1] += ","
        lines.append("    },")
    return [*lines, "]"]


def _groups_text(groups: tuple[Group, ...]) -> list[str]:
    """What learns otherwise than the rest, as a literal."""
    if not groups:
        return []
    lines = ["", "# Modules with other learning rates and weight decays: factors.", "GROUPS = ["]
    for group in groups:
        values = {**vars(group), "modules": list(group.modules)}
        pairs = ", ".join(
            f"{json.dumps(name)}: {_literal(value)}" for name, value in values.items()
        )
        lines += statement(f"{{{pairs}}}", 4)
        lines[-1] += ","
    return [*lines, "]"]


def _changes_text(changes: tuple[Change, ...]) -> list[str]:
    """What was changed while the run went on, as a literal."""
    if not changes:
        return []
    lines = ["", "# What was changed while the run went on, after so many steps.", "CHANGES = ["]
    for change in changes:
        pairs = (f"{json.dumps(name)}: {_literal(value)}" for name, value in vars(change).items())
        lines.append(f"    {{{', '.join(pairs)}}},")
    return [*lines, "]"]


def _literal(value: object) -> str:
    return json.dumps(value) if isinstance(value, (str, list)) else repr(value)


def load_text(prepared: Prepared, data: DataExport) -> str:
    """The function that reads the columns which are used."""
    rows = "dict[str, np.ndarray]" if "np" in _imported(data.code) else "dict[str, Any]"
    head = f"def load_data() -> tuple[{rows}, {rows}]:"
    doc = '    """The rows to train on and those for the test, by the name of their column."""'
    if set(prepared.columns) == {column.name for column in prepared.data.columns}:
        return "\n".join([head, doc, *statement(f"return {data.call}", 4)])
    # what says how rows are drawn goes along
    drawn = '(*used, *(name for name in train if name[0] == "@"))' if data.draws_rows else "used"
    names = ", ".join(json.dumps(name, ensure_ascii=False) for name in prepared.columns)
    chosen = f"used = ({names}{',' if len(prepared.columns) == 1 else ''})"
    lines = [
        *statement(f"train, test = {data.call}", 4),
        *statement(chosen, 4),
        "    return (",
        f"        {{name: train[name] for name in {drawn}}},",
        "        {name: test[name] for name in used if name in test},",
        "    )",
    ]
    return "\n".join([head, doc, *lines])


def _imported(code: str) -> set[str]:
    nodes = [n for n in ast.parse(code).body if isinstance(n, (ast.Import, ast.ImportFrom))]
    return {alias.asname or alias.name for node in nodes for alias in node.names}
