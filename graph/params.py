"""Declared parameters: one declaration gives the form, the limits, the file format and the help."""

from __future__ import annotations

import inspect
import keyword
import math
import re
import reprlib
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, dataclass, field, make_dataclass
from typing import Any, ClassVar, TypeVar, dataclass_transform

from graph.expressions import Expr as Expr  # a value of a parameter, imported with the others
from graph.expressions import calculate, names_in
from graph.problems import UserError

Size2 = tuple[int, int]
Size3 = tuple[int, int, int]
Ints = tuple[int, ...]

Plain = bool | int | float | str | tuple[int, ...]


Value = Plain | Expr
V = TypeVar("V")

# Files may hold values of any length and depth, which no message should.
_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60

_KIND_OF: Mapping[str, str] = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "str": "text",
    "Size2": "size2",
    "Size3": "size3",
    "Ints": "ints",
    "tuple[int, int]": "size2",
    "tuple[int, int, int]": "size3",
    "tuple[int, ...]": "ints",
}
_TYPE_OF: Mapping[str, object] = {
    "int": int,
    "float": float,
    "bool": bool,
    "text": str,
    "choice": str,
    "size2": Size2,
    "size3": Size3,
    "ints": Ints,
}
_LENGTH_OF: Mapping[str, int] = {"size2": 2, "size3": 3}


@dataclass(frozen=True)
class Param:
    """One declared parameter.

    Attributes:
        kind: `int`, `float`, `bool`, `choice`, `text`, `size2`, `size3` or `ints`.
        ge, le, gt: bounds of every number in the value; gt excludes the bound itself.
        unit: what the number counts, such as `px`, shown behind the field.
        show_if: whether the form shows it, given the other values; a hidden one keeps its value.
        was: earlier names, so that old files keep their values.
        widget: a wish to the form, such as `slider`, `file` or `folder`; a form may ignore it.
    """

    name: str
    kind: str
    default: Plain
    title: str
    help: str
    unit: str = ""
    ge: float | None = None
    le: float | None = None
    gt: float | None = None
    choices: tuple[str, ...] = ()
    show_if: Callable[[Any], bool] | None = (
        None  # Any: receives the form, whose class it is part of
    )
    was: tuple[str, ...] = ()
    widget: str = ""

    def check(self, value: object) -> Plain:
        """The value in its normal form.

        Raises:
            UserError: it has the wrong kind or is out of bounds; the text says what would be right.
        """
        plain = _CHECKS[self.kind](self, value)
        for number in plain if isinstance(plain, tuple) else (plain,):
            if isinstance(number, (int, float)) and not isinstance(number, bool):
                self._check_bounds(number)
        return plain

    def _check_bounds(self, number: float) -> None:
        if self.ge is not None and number < self.ge:
            raise self.wrong(number, f"at least {self.ge:g}")
        if self.gt is not None and number <= self.gt:
            raise self.wrong(number, f"more than {self.gt:g}")
        if self.le is not None and number > self.le:
            raise self.wrong(number, f"at most {self.le:g}")

    def wrong(self, value: object, wanted: str) -> UserError:
        """The error that says what was received and what would be right."""
        shown = value if isinstance(value, float) else _SHORT.repr(value)
        return UserError(f"{self.title} must be {wanted}, but is {shown}.")

    def parse(self, text: str) -> Value:
        """The value a person typed: a literal, or arithmetic such as `4 * 16` or `2 * width`.

        Raises:
            UserError: the text is neither.
        """
        text = text.strip()
        if self.kind in ("text", "choice"):
            return self.check(text)
        if self.kind == "bool":
            return self.check({"true": True, "false": False}.get(text.lower(), text))
        if self.kind in ("int", "float"):
            return self._parsed(Expr(text))
        if self.kind in ("size2", "size3", "ints") and re.search(r"[A-Za-wyz_*+]", text):
            return self._parsed(Expr(text))
        numbers = [int(n) for n in re.findall(r"-?\d+", text)]
        if not re.fullmatch(r"[\s\d,x×()\[\]-]*", text):
            raise self.wrong(text, "whole numbers separated by commas")
        return self.check(tuple(numbers))

    def _parsed(self, expr: Expr) -> Value:
        """Arithmetic as it is written, or the number it comes to where it names no variable."""
        return expr if names_in(expr.text) else self.check(self._number(calculate(expr, {})))

    def _number(self, value: float) -> float:
        return int(value) if self.kind != "float" and value == int(value) else value

    def accepts(self, expr: Expr) -> bool:
        """Whether the value may be calculated so: numbers by arithmetic, others by a mere name."""
        names_in(expr.text)
        return self.kind not in ("text", "choice", "bool") or expr.text.strip().isidentifier()

    def resolve(self, value: object, variables: Mapping[str, object]) -> Plain:
        """The value with expressions worked out and bounds checked.

        Raises:
            UserError: an unknown variable, bad arithmetic, or a result out of bounds.
        """
        if isinstance(value, Expr):
            name = value.text.strip()
            if name in variables and not isinstance(variables[name], (int, float)):
                return self.check(variables[name])
            if not self.accepts(value):
                raise self.wrong(value.text, "written out, not calculated")
            if self.kind == "bool" and name in variables:
                return self.check(variables[name])
            return self.check(self._number(calculate(value, variables)))
        return self.check(value)


def _check_int(param: Param, value: object) -> Plain:
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise param.wrong(value, "a whole number")
    if abs(value) >= 1 << 63:
        raise param.wrong(value, "a number below 2^63")
    return value


def _check_float(param: Param, value: object) -> Plain:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise param.wrong(value, "a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise param.wrong(value, "a finite number")
    return number


def _check_bool(param: Param, value: object) -> Plain:
    if not isinstance(value, bool):
        raise param.wrong(value, "on or off")
    return value


def _check_text(param: Param, value: object) -> Plain:
    if not isinstance(value, str):
        raise param.wrong(value, "text")
    return value


def _check_choice(param: Param, value: object) -> Plain:
    if value not in param.choices or not isinstance(value, str):
        raise param.wrong(value, "one of " + ", ".join(param.choices))
    return value


def _check_ints(param: Param, value: object) -> Plain:
    length = _LENGTH_OF.get(param.kind)
    wanted = f"{length} whole numbers" if length else "a list of whole numbers"
    if isinstance(value, int) and not isinstance(value, bool):
        value = (value,) * (length or 1)
    if not isinstance(value, (tuple, list)):
        raise param.wrong(value, wanted)
    if length and len(value) == 1:
        value = tuple(value) * length
    if length and len(value) != length:
        raise param.wrong(tuple(value), wanted)
    if any(isinstance(n, bool) or not isinstance(n, int) or abs(n) >= 1 << 63 for n in value):
        raise param.wrong(tuple(value), wanted)
    return tuple(value)


_CHECKS: Mapping[str, Callable[[Param, object], Plain]] = {
    "int": _check_int,
    "float": _check_float,
    "bool": _check_bool,
    "text": _check_text,
    "choice": _check_choice,
    "size2": _check_ints,
    "size3": _check_ints,
    "ints": _check_ints,
}


def param(
    *,
    default: Plain,
    help: str,
    title: str = "",
    unit: str = "",
    ge: float | None = None,
    le: float | None = None,
    gt: float | None = None,
    choices: tuple[str, ...] = (),
    show_if: Callable[[Any], bool] | None = None,  # Any: the form class is not defined yet here
    was: tuple[str, ...] = (),
    widget: str = "",
) -> Any:  # Any: a field specifier stands where the annotated type is expected
    """Declares a parameter of a `Form`; kind and name come from the annotated field.

    The annotation is one of `int`, `float`, `bool`, `str`, `Size2`, `Size3`, `Ints`;
    a `str` with `choices` is a choice.
    """
    options = {
        "title": title,
        "help": help,
        "unit": unit,
        "ge": ge,
        "le": le,
        "gt": gt,
        "choices": choices,
        "show_if": show_if,
        "was": was,
        "widget": widget,
    }
    return _Declaration(default, options)


@dataclass
class _Declaration:
    """What stands behind an annotated name until its class is made."""

    default: Plain
    options: dict[str, Any]  # Any: the arguments of Param


class _FieldsOnDemand:
    """What `replace` and `asdict` of the standard library ask for; few forms are ever asked."""

    def __get__(self, form: Form | None, cls: type[Form]) -> Mapping[str, object]:
        specs = [
            (p.name, _TYPE_OF[p.kind], field(default=p.default, kw_only=True))
            for p in cls.params.values()
        ]
        found: Mapping[str, object] = vars(make_dataclass(cls.__name__, specs))[
            "__dataclass_fields__"
        ]
        return found


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(param,))
class Form:
    """A frozen set of declared parameters.

    Subclasses behave like dataclasses with names only, but share their methods: with hundreds of
    blocks, writing and compiling these for each would take most of the start of the program.
    """

    params: ClassVar[Mapping[str, Param]] = {}
    former: ClassVar[Mapping[str, str]] = {}
    defaults: ClassVar[Mapping[str, Plain]] = {}
    __dataclass_fields__: ClassVar[Any] = _FieldsOnDemand()  # Any: as the standard library has it

    def __init_subclass__(cls, **options: Any) -> None:  # Any: whatever object takes
        super().__init_subclass__(**options)
        params: dict[str, Param] = {}
        for base in reversed(cls.__mro__[1:]):
            if issubclass(base, Form):
                params |= base.params
        for name, annotation in inspect.get_annotations(cls).items():
            if not _is_class_variable(annotation):
                params[name] = _declared(cls, name, annotation)
                setattr(cls, name, params[name].default)
        cls.params = params
        cls.former = {old: p.name for p in params.values() for old in p.was}
        cls.defaults = {name: p.default for name, p in params.items()}

    def __init__(self, **values: Plain) -> None:
        held = self.__dict__
        held.update(self.defaults)
        held.update(values)
        if len(held) > len(self.defaults):
            unknown = next(name for name in values if name not in self.defaults)
            raise TypeError(f"{type(self).__name__} has no parameter called {unknown!r}")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    @classmethod
    def renamed(cls, values: Mapping[str, V]) -> Mapping[str, V]:
        """The values under the present names of their parameters."""
        old = cls.former.keys() & values.keys()
        if not old:
            return values
        present = {name: value for name, value in values.items() if name not in old}
        return {cls.former[name]: values[name] for name in old} | present

    @classmethod
    def build(
        cls, values: Mapping[str, object], variables: Mapping[str, object] | None = None
    ) -> Any:  # Any: typing.Self would be lost on dynamically chosen classes
        """The form holding these values, checked; parameters not named take their defaults.

        Raises:
            UserError: a value is refused. Unknown names are ignored; `unknown_names` finds them.
        """
        made = cls.shaped_by(values, variables or {})
        known = made.params
        resolved = {
            name: known[name].resolve(value, variables or {})
            for name, value in made.renamed(values).items()
            if name in known
        }
        return made(**resolved)

    @classmethod
    def shaped_by(
        cls, values: Mapping[str, object], variables: Mapping[str, object]
    ) -> type[Any]:  # Any: a subclass of the class that is asked
        """The class that these values make of it; one where a value says what others there are."""
        return cls

    def values(self) -> dict[str, Plain]:
        """All parameters and their values."""
        return {name: getattr(self, name) for name in self.params}

    def shown(self) -> list[Param]:
        """The parameters a form shows for these values, in order of declaration."""
        return [p for p in self.params.values() if p.show_if is None or p.show_if(self)]

    @classmethod
    def unknown_names(cls, values: Mapping[str, object]) -> list[str]:
        """Names among `values` that are not declared."""
        return [name for name in values if name not in cls.params]


def _is_class_variable(annotation: object) -> bool:
    return re.match(r"(\w+\.)?ClassVar\b", _written(annotation)) is not None


def _written(annotation: object) -> str:
    """An annotation as it stands in the code."""
    return annotation.__name__ if type(annotation) is type else str(annotation)


def _declared(cls: type, name: str, annotation: object) -> Param:
    declared = vars(cls).get(name)
    options = dict(declared.options) if isinstance(declared, _Declaration) else {}
    kind = "choice" if options.get("choices") else _KIND_OF.get(_written(annotation))
    if not isinstance(declared, _Declaration) or kind is None:
        raise TypeError(
            f"{cls.__name__}.{name}: declare it as `name: int = param(default=…, help=…)`"
        )
    options["title"] = options["title"] or name.replace("_", " ").capitalize()
    made = Param(name=name, kind=kind, default=declared.default, **options)
    if made.check(made.default) != made.default:
        raise TypeError(
            f"{cls.__name__}.{name}: its default {made.default!r} is not in normal form"
        )
    return made


def to_json(value: Value) -> object:
    """The value as JSON holds it; expressions are `{"expr": text}`."""
    if isinstance(value, Expr):
        return {"expr": value.text}
    return list(value) if isinstance(value, tuple) else value


def from_json(value: object) -> Value:
    """The value read back; anything JSON can hold is kept, wrong or not, for `check` to judge."""
    if isinstance(value, Mapping) and set(value) == {"expr"} and isinstance(value["expr"], str):
        return Expr(value["expr"])
    if isinstance(value, list) and all(isinstance(n, int) for n in value):
        return tuple(value)
    return value  # type: ignore[return-value]  # a value of the wrong kind is reported, not lost


def parameter(name: str, default: Plain, help: str = "") -> Param:
    """A parameter of a definition, of the kind that its default has.

    Raises:
        UserError: the name cannot stand in an expression.
    """
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name):
        raise UserError(f"“{name[:60]}” cannot name a parameter: use letters, digits and _.")
    kinds = {bool: "bool", int: "int", float: "float", str: "text"}
    kind = kinds.get(type(default), "ints")
    if isinstance(default, tuple) and len(default) in (2, 3):
        kind = f"size{len(default)}"
    return Param(name, kind, default, name.replace("_", " ").capitalize(), help)


KINDS: frozenset[str] = frozenset(_CHECKS)
