"""The text of an exported `sample.py`, which makes new data with a diffusion model."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from backends.pasting import body_of, gathered, merged_imports, repeated_names, text_of
from backends.pytorch.export_text import heading, is_ours, rule
from backends.pytorch.own_unit import denoised_column, is_scaled
from backends.pytorch.paths import MODEL
from backends.pytorch.prepare import Prepared
from backends.pytorch.source import Source, print_source
from backends.pytorch.text import docstring_text, one_line, statement
from graph.denoising import Denoising, denoising, trains_diffusion
from graph.infer import infer
from graph.lower import Program, lower
from graph.model import Document
from graph.names import unique
from graph.problems import UserError

SCRIPT = "backends.pytorch.sample_script"

HEAD = '''"""Makes new data with the diffusion model in model.py: {name}.

Usage:
    python sample.py --count 100   makes 100 rows of samples.csv with the trained weights
    python sample.py --help        says what else there is
"""'''


@dataclass(frozen=True)
class _Part:
    """A part of the model as a class of its own."""

    name: str
    program: Program
    source: Source


def sample_text(prepared: Prepared) -> str | None:
    """The text of `sample.py`, which needs `model.py` beside it; None if there is none to make."""
    document = prepared.document
    if not trains_diffusion(document):
        return None
    try:
        parts = denoising(document, prepared.typing)
    except UserError:
        return None
    sizes = [dim for dim in parts.clean.shape[1:] if isinstance(dim, int)]
    if len(sizes) < parts.clean.rank - 1:
        return None
    classes = [_part("Denoising", parts.denoiser)]
    if parts.decoder is not None:
        classes.append(_part("Decoding", parts.decoder))
    return _text(prepared, parts, classes, tuple(sizes))


def _part(name: str, document: Document) -> _Part:
    program = lower(document, infer(document))
    return _Part(name, program, print_source(program))


def _text(
    prepared: Prepared, parts: Denoising, classes: list[_Part], sizes: tuple[int, ...]
) -> str | None:
    texts = {name: text_of(name) for name in gathered([SCRIPT], is_ours)}
    known = _definitions(prepared.source.model)
    taken = known.keys() | _defined(texts.values())
    classes = [replace(part, name=unique(part.name, taken)) for part in classes]
    own: dict[str, str] = {}
    shared = {MODEL}
    for part in classes:
        _take(part, known, own, shared)
    needed = _needed([part.source.model for part in classes], list(own.values()))
    if repeated_names([*own.values(), *texts.values()]) or shared & _defined(texts.values()):
        return None  # a person's definition is called like something of the script
    imports = merged_imports([*texts.values(), *needed, "import sys"], is_ours)
    head = HEAD.format(name=docstring_text(one_line(prepared.document.name)).rstrip("."))
    names = f"from model import {', '.join(sorted(shared))}"
    if is_scaled(prepared, denoised_column(prepared, parts)):
        names = f"import train\n{names}"
    top = [head, "from __future__ import annotations", imports, *names_lines(names)]
    pieces = ["\n\n".join([*top, "HERE = Path(__file__).resolve().parent"])]
    pieces += [rule("the parts of the model that make new data"), *own.values()]
    for name, text in texts.items():
        pieces += [heading(name, text), body_of(text)]
    return "\n\n\n".join([*pieces, _tail(prepared, parts, classes, sizes)]) + "\n"


def names_lines(imports: str) -> list[str]:
    """Import lines as they are formatted, as one text."""
    return ["\n".join(line for text in imports.split("\n") for line in statement(text, 0))]


def _tail(
    prepared: Prepared, parts: Denoising, classes: list[_Part], sizes: tuple[int, ...]
) -> str:
    names = {feed.node: feed.name for feed in classes[0].program.inputs}
    schedule = next(n for n, id in prepared.source.paths.owners().items() if id == parts.schedule)
    told = tuple(names[id] for id in parts.told)
    made = f'schedule="{schedule}", sizes={sizes!r}, noisy="{names[parts.noisy]}", '
    made += f'step="{names[parts.step]}"'
    quoted = "".join(f'"{name}", ' for name in told).strip()
    made += f", told=({quoted})" if told else ""
    denoiser, decoder, *_ = *(part.name for part in classes), None
    column = denoised_column(prepared, parts)
    scaled = is_scaled(prepared, column)
    last = ", in_unit" if scaled else ""
    call = f"sys.exit(main({MODEL}, {denoiser}, {decoder}, recipe, HERE{last}))"
    lines = [
        'if __name__ == "__main__":', *statement(f"recipe = Recipe({made})", 4), f"    {call}"
    ]  # fmt: skip
    return "\n".join([*(_unit_lines(column) if scaled else []), *lines])


def _unit_lines(column: str) -> list[str]:
    """The function that undoes how the data were scaled, as the rows to train on tell it."""
    return [
        "def in_unit(made: Tensor) -> Tensor:",
        '    """The data in the unit that they had before the steps of train.py."""',
        "    rows, _ = train.load_data()",
        "    recipe = train.Recipe(**train.RECIPE, steps=train.make_steps())",
        "    recipe = train.learned_from(recipe, rows)",
        f"    return train.in_own_unit(recipe, {json.dumps(column)}, made)",
        "",
        "",
    ]


def _take(part: _Part, known: Mapping[str, str], own: dict[str, str], shared: set[str]) -> None:
    """Collects what a part is made of: from the model where that has the same, or as its own."""
    texts = _definitions(part.source.model)
    waiting = [MODEL]
    while waiting:
        name = waiting.pop()
        if name != MODEL and _is_made_alike(known.get(name), texts[name]):
            shared.add(name)
            continue
        if name == MODEL:
            text = texts[name].replace(f"class {MODEL}(", f"class {part.name}(", 1)
            own[part.name] = text
        else:
            own[name] = texts[name]
        waiting += [used for used in _names_in(texts[name]) & texts.keys() if used not in own]


def _is_made_alike(known: str | None, text: str) -> bool:
    """Whether what has the same name in the model is also made of the same arguments."""
    if known is None or known == text:
        return known == text
    return _arguments(known) == _arguments(text)


def _arguments(text: str) -> list[str] | None:
    """The arguments of a class; None of anything else."""
    (node,) = ast.parse(text).body
    inits = [n for n in getattr(node, "body", ()) if getattr(n, "name", "") == "__init__"]
    if not isinstance(node, ast.ClassDef):
        return None
    return [arg.arg for init in inits for arg in init.args.args]


def _definitions(text: str) -> dict[str, str]:
    """The classes and functions of a module, as they are written."""
    lines = text.splitlines()
    return {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(text).body
        if isinstance(node, (ast.ClassDef, ast.FunctionDef))
    }


def _names_in(text: str) -> set[str]:
    """The names that a text uses."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def _defined(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for name in _definitions(text)}


def _needed(texts: list[str], own: list[str]) -> list[str]:
    """The import lines of texts of which only some definitions are taken."""
    used = set().union(*map(_names_in, own))
    return [
        line
        for text in texts
        for line in text.splitlines()
        if line.startswith(("import ", "from ")) and _imported(line) & used
    ]


def _imported(line: str) -> set[str]:
    (node,) = ast.parse(line).body
    assert isinstance(node, (ast.Import, ast.ImportFrom))
    return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
