"""Reads the module class that a person typed, without running it: its ports and parameters."""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from graph.block import Port
from graph.names import LONGEST_NAME, RESERVED
from graph.params import Param, Plain, parameter
from graph.problems import UserError

LONGEST_CODE = 60_000
MODULES = ("nn.Module", "torch.nn.Module")
# Lines that the generated file has anyway; they may stand before the class and are left out.
IMPORTS = frozenset(
    {
        "import math",
        "import torch",
        "import torch.nn as nn",
        "import torch.nn.functional as F",
        "from torch import nn",
        "from torch import Tensor",
        "from torch import Tensor, nn",
        "from torch import nn, Tensor",
        "from torch.nn import functional as F",
    }
)
THERE = "torch, nn, F, math and Tensor"
KINDS = {"int": int, "float": float, "bool": bool}
SIZES = re.compile(r"tuple\[int(, int|, int, int|, \.\.\.)\]", re.IGNORECASE)
# Characters that make a text read differently from what it does, or break lines unseen.
_UNSEEN = re.compile("[\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_FORWARD = re.compile(r"def forward\(\s*self\s*,?(.*?)\)\s*(?:->|:)", re.DOTALL)
_CLASS_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")


class CodeError(UserError):
    """Code that cannot be used; `line` is counted from 1, and 0 where it is about the whole."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"Line {line}: {text}" if line else text)
        self.line = line


@dataclass(frozen=True)
class Written:
    """A module class as a person wrote it.

    Attributes:
        name: of the class.
        source: the text of the class and nothing else: what is trusted, run and exported.
        first_line: where the class begins in what was typed, counted from 1.
        inputs, outputs: its ports.
        params: what its constructor takes.
    """

    name: str
    source: str
    first_line: int
    about: str
    inputs: tuple[Port, ...]
    outputs: tuple[str, ...]
    params: tuple[Param, ...]


@lru_cache(256)
def read(code: str) -> Written:
    """The class in a text.

    Raises:
        CodeError: it cannot be used, with the line.
    """
    made = _class_in(_parsed(code), code)
    source = ast.get_source_segment(code, made) or ""
    functions = {each.name: each for each in made.body if isinstance(each, ast.FunctionDef)}
    forward = functions.get("forward")
    if forward is None:
        raise CodeError(made.lineno, f"{made.name} needs a method `def forward(self, x)`.")
    inputs = tuple(_inputs(forward))
    outputs = _outputs(made, forward, {port.name for port in inputs})
    params = tuple(_params(functions["__init__"])) if "__init__" in functions else ()
    about = (ast.get_docstring(made) or "").strip().partition("\n")[0]
    return Written(made.name, source, made.lineno, about, inputs, outputs, params)


def ports_at_least(code: str) -> tuple[str, ...]:
    """The inputs that a text with mistakes seems to have, so that its wires keep their places."""
    found = _FORWARD.search(code)
    words = (
        [re.split(r"[:=]", part)[0].strip(" *\n") for part in found[1].split(",")] if found else []
    )
    return tuple(dict.fromkeys(word for word in words if _is_name(word))) or ("x",)


def _parsed(code: str) -> ast.Module:
    if len(code) > LONGEST_CODE:
        raise CodeError(0, f"The code has {len(code):,} characters; {LONGEST_CODE:,} are the most.")
    unseen = _UNSEEN.search(code)
    if unseen:
        line = code.count("\n", 0, unseen.start()) + 1
        raise CodeError(line, f"the unseen character U+{ord(unseen[0]):04X} may not stand here.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # such as an escape that Python does not know
            return ast.parse(code)
    except SyntaxError as error:
        raise CodeError(error.lineno or 0, f"{error.msg}.") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise CodeError(0, f"The code cannot be read: {error}.") from error


def _class_in(tree: ast.Module, code: str) -> ast.ClassDef:
    found: list[ast.ClassDef] = []
    for place, part in enumerate(tree.body):
        is_text = isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)
        if isinstance(part, ast.ClassDef):
            found.append(part)
        elif not (ast.unparse(part) in IMPORTS or (is_text and not place)):
            raise CodeError(part.lineno, _not_here(part))
    if not found:
        raise CodeError(0, "The code needs a class, such as `class Swish(nn.Module):`.")
    if len(found) > 1:
        raise CodeError(
            found[1].lineno, "there may be one class only; a second one needs its own block."
        )
    made = found[0]
    bases = [ast.unparse(base) for base in made.bases]
    if len(bases) != 1 or bases[0] not in MODULES or made.keywords or made.decorator_list:
        raise CodeError(made.lineno, f"the class must begin with `class {made.name}(nn.Module):`.")
    _check_class_name(made)
    for inner in ast.walk(made):
        if isinstance(inner, (ast.Import, ast.ImportFrom)):
            raise CodeError(inner.lineno, _not_here(inner))
    return made


def _not_here(part: ast.stmt) -> str:
    if isinstance(part, (ast.Import, ast.ImportFrom)):
        return f"`{ast.unparse(part)}` cannot be imported here; {THERE} are there already."
    return "only the class may stand here; move what it needs into the class."


def _check_class_name(made: ast.ClassDef) -> None:
    name = made.name
    if not _CLASS_NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        text = f"“{name[:LONGEST_NAME]}” cannot name the class; a name such as MyLayer can."
        raise CodeError(made.lineno, text)
    if name in RESERVED:
        text = f"“{name}” has a meaning in the generated code; call the class My{name}."
        raise CodeError(made.lineno, text)


def _is_name(word: str) -> bool:
    return word.isascii() and word.isidentifier() and not keyword.iskeyword(word) and word[0] != "_"


def _need_name(word: str, line: int) -> None:
    if not _is_name(word) or len(word) > LONGEST_NAME:
        text = f"“{word[:LONGEST_NAME]}” cannot name a port or a parameter: use a, b, c … and _."
        raise CodeError(line, text)


def _inputs(forward: ast.FunctionDef) -> Iterator[Port]:
    """The arguments of `forward`, each a port."""
    given = forward.args
    named = [*given.posonlyargs, *given.args]
    if not named or named[0].arg != "self" or forward.decorator_list:
        raise CodeError(forward.lineno, "the method must begin with `def forward(self, …)`.")
    if given.kwonlyargs or given.kwarg:
        raise CodeError(forward.lineno, "forward takes no arguments behind a * here.")
    if given.vararg and given.defaults:
        raise CodeError(forward.lineno, "an optional argument cannot stand before *.")
    without = len(named) - len(given.defaults)
    for place, argument in enumerate(named[1:], 1):
        _need_tensor(argument)
        default = given.defaults[place - without] if place >= without else None
        if default is not None and ast.unparse(default) != "None":
            text = f"{argument.arg} is a port, so None is its only default; numbers go to __init__."
            raise CodeError(argument.lineno, text)
        yield Port(argument.arg, optional=default is not None)
    if given.vararg:
        _need_tensor(given.vararg)
        yield Port(given.vararg.arg, many=True)


def _need_tensor(argument: ast.arg) -> None:
    _need_name(argument.arg, argument.lineno)
    if argument.annotation is not None and "Tensor" not in ast.unparse(argument.annotation):
        text = f"{argument.arg} is a port, so it must be a Tensor; numbers go to __init__."
        raise CodeError(argument.lineno, text)


def _outputs(made: ast.ClassDef, forward: ast.FunctionDef, taken: set[str]) -> tuple[str, ...]:
    """The outputs: a line `outputs = ("y", "z")` in the class, or as many as `forward` returns."""
    for part in made.body:
        if isinstance(part, ast.Assign) and ast.unparse(part.targets[0]) == "outputs":
            return _declared(part, taken)
    returned = [
        part.value for part in ast.walk(forward) if isinstance(part, ast.Return) and part.value
    ]
    if not returned:
        raise CodeError(forward.lineno, "forward must return something.")
    names: list[str] = []
    count = _count(forward)
    if isinstance(returned[-1], ast.Tuple):
        names = [each.id if isinstance(each, ast.Name) else "" for each in returned[-1].elts]
    if count is None:
        count = len(names) or 1
    elif not names and count == 1:
        names = []
    good = len(names) == count and len(set(names) - taken) == count and all(map(_is_name, names))
    if names and good:
        return tuple(names)
    if count == 1:
        return ("y" if "y" not in taken else "out",)
    stem = "y" if not any(re.fullmatch(r"y\d+", name) for name in taken) else "out"
    return tuple(f"{stem}{number}" for number in range(1, count + 1))


def _declared(part: ast.Assign, taken: set[str]) -> tuple[str, ...]:
    try:
        names = ast.literal_eval(part.value)
    except (ValueError, TypeError):
        names = None
    names = (names,) if isinstance(names, str) else names
    if not isinstance(names, (tuple, list)) or not names:
        raise CodeError(part.lineno, 'the outputs are names, such as `outputs = ("y", "weights")`.')
    for name in names:
        _need_name(name if isinstance(name, str) else "", part.lineno)
    if len(set(names)) != len(names) or taken & set(names):
        raise CodeError(part.lineno, "the names of inputs and outputs must all differ.")
    return tuple(names)


def _count(forward: ast.FunctionDef) -> int | None:
    """How many values the return annotation promises; None where it does not say."""
    note = forward.returns
    if note is None:
        return None
    if not isinstance(note, ast.Subscript):
        return 1 if ast.unparse(note) in ("Tensor", "torch.Tensor") else None
    parts = note.slice.elts if isinstance(note.slice, ast.Tuple) else [note.slice]
    if ast.unparse(note.value).lower() != "tuple" or "..." in map(ast.unparse, parts):
        text = "forward must say how many values it returns, such as `-> tuple[Tensor, Tensor]`."
        raise CodeError(forward.lineno, text)
    return len(parts)


def _params(init: ast.FunctionDef) -> Iterator[Param]:
    """The arguments of the constructor, each a parameter of the block."""
    given = init.args
    if given.vararg or given.kwarg:
        raise CodeError(init.lineno, "__init__ cannot take * or **: each parameter has a name.")
    named = [*given.posonlyargs, *given.args]
    if not named:
        raise CodeError(init.lineno, "__init__ must begin with self.")
    defaults = [None] * (len(named) - len(given.defaults)) + list(given.defaults)
    pairs = [*zip(named[1:], defaults[1:], strict=True)]
    pairs += [*zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    for argument, default in pairs:
        _need_name(argument.arg, argument.lineno)
        if argument.arg == "code":
            raise CodeError(
                argument.lineno, "a parameter cannot be called code; choose another name."
            )
        if default is None:
            text = f"{argument.arg} needs a default, such as `{argument.arg}: int = 8`."
            raise CodeError(argument.lineno, text)
        yield _param(argument, _default(argument, default))


def _default(argument: ast.arg, default: ast.expr) -> Plain:
    try:
        value = ast.literal_eval(default)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        value = None
    note = ast.unparse(argument.annotation) if argument.annotation is not None else ""
    if note == "float" and type(value) is int:
        value = float(value)
    is_size = isinstance(value, tuple) and all(type(each) is int for each in value)
    kind = type(value).__name__
    agrees = not note or (bool(SIZES.fullmatch(note)) if is_size else note == kind)
    if not (is_size or kind in KINDS) or not agrees:
        text = (
            f"{argument.arg} must be a whole number, a number, True or False, or a tuple of whole "
            "numbers, with a default written out, such as `features: int = 8`."
        )
        raise CodeError(argument.lineno, text)
    return value  # type: ignore[no-any-return]  # judged in the lines above


def _param(argument: ast.arg, default: Plain) -> Param:
    note = ast.unparse(argument.annotation) if argument.annotation is not None else ""
    try:
        made = parameter(argument.arg, default, "A parameter of the class.")
        if "..." in note:
            made = Param(made.name, "ints", default, made.title, made.help)
        made.check(default)
    except UserError as error:
        raise CodeError(argument.lineno, str(error)) from error
    return made
