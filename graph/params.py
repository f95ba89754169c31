"""Declared parameters: one declaration gives the form, the limits, the file format and the help."""

from __future__ import annotations

import inspect
import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, dataclass, field, make_dataclass
from typing import Any, ClassVar, TypeVar, dataclass_transform

from graph.declared import KINDS as KINDS
from graph.declared import Ints as Ints
from graph.declared import Param as Param
from graph.declared import Plain as Plain
from graph.declared import Size2 as Size2
from graph.declared import Size3 as Size3
from graph.declared import Value as Value
from graph.expressions import Expr as Expr  # a value of a parameter, imported with the others
from graph.problems import UserError

V = TypeVar("V")

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
    empty: str = "",
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
        "empty": empty,
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

    `sections` names the headings that stand above some of them, by the name of the parameter.
    Subclasses behave like dataclasses with names only, but share their methods: with hundreds of
    blocks, writing and compiling these for each would take most of the start of the program.
    """

    params: ClassVar[Mapping[str, Param]] = {}
    former: ClassVar[Mapping[str, str]] = {}
    defaults: ClassVar[Mapping[str, Plain]] = {}
    sections: ClassVar[Mapping[str, str]] = {}
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
