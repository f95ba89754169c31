"""What a block is: ports, parameters, its shape rule, its code and its cost, in one declaration."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, ClassVar, TypeVar

from graph.params import Form, Plain
from graph.problems import Refusal
from graph.saved import Saved
from graph.tensor import Dim, Sym, TensorType

NOTHING: Mapping[str, Any] = {}  # Any: an empty mapping fits every value type


class Category(Enum):
    """A family of blocks: its title in the palette and its key in the colour table."""

    IO = ("Input and output", "io")
    LINEAR = ("Linear", "linear")
    CONVOLUTION = ("Convolution", "conv")
    POOLING = ("Pooling and resizing", "pool")
    RECURRENT = ("Recurrent", "recurrent")
    ATTENTION = ("Attention", "attention")
    NORMALISATION = ("Normalisation", "norm")
    ACTIVATION = ("Activation", "act")
    REGULARISATION = ("Regularisation", "regular")
    TENSOR = ("Tensor", "merge")
    MATH = ("Math", "merge")
    REDUCTION = ("Reductions", "merge")
    LOGIC = ("Logic", "merge")
    RANDOM = ("Random", "regular")
    SIGNAL = ("Signal", "conv")
    LOSS = ("Losses", "loss")
    METRIC = ("Metrics", "loss")
    TRAINING = ("Training", "loss")
    CODE = ("Own code", "composite")
    COMPOSITE = ("Composites", "composite")

    @property
    def title(self) -> str:
        """The heading in the palette."""
        return self.value[0]

    @property
    def colour(self) -> str:
        """The key of its colour in a theme."""
        return self.value[1]


class Role(StrEnum):
    """What a block is to the program: most are layers."""

    INPUT = "input"
    TARGET = "target"
    OUTPUT = "output"
    LAYER = "layer"
    LOSS = "loss"
    METRIC = "metric"
    OPTIMIZER = "optimizer"


@dataclass(frozen=True, slots=True)
class Port:
    """A named place for edges. A `many` port takes any number of edges, in order."""

    name: str
    optional: bool = False
    many: bool = False
    help: str = ""


Literal = None | bool | int | float | str | tuple["Literal", ...]


class Call:
    """A constructor or function call as data: `Call("nn.Conv2d", 3, 32, 3, stride=2)`.

    Arguments are literals (symbolic sizes are refused when printed) or further calls.
    """

    __slots__ = ("args", "kwargs", "target")

    def __init__(self, target: str, *args: Argument, **kwargs: Argument) -> None:
        self.target = target
        self.args = args
        self.kwargs = kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Call) and (self.target, self.args, self.kwargs) == (
            other.target,
            other.args,
            other.kwargs,
        )

    def __hash__(self) -> int:
        return hash((self.target, self.args, tuple(sorted(self.kwargs))))

    def __repr__(self) -> str:
        words = [repr(a) for a in self.args] + [f"{k}={v!r}" for k, v in self.kwargs.items()]
        return f"{self.target}({', '.join(words)})"


@dataclass(frozen=True)
class Written:
    """An argument that stands in the code as this text, made by us of names and numbers."""

    text: str


@dataclass(frozen=True)
class Line:
    """A number that grows evenly with the index of a row: `start + step * i`."""

    start: Literal | Written
    step: Literal | Written


@dataclass(frozen=True)
class Row:
    """Calls made in a row, as the arguments of `nn.Sequential` or `nn.ModuleList`.

    `call` is written once for each value of `over`: a count, whose index its arguments may name,
    or values that they name.
    """

    call: Call
    index: str
    over: Argument


Argument = Literal | Sym | Call | Written | Line | Row


@dataclass(frozen=True)
class Use:
    """A module that is an instance of a definition; `graph.classes` makes a call of it."""

    block: Block
    inputs: tuple[TensorType | None, ...]


@dataclass(frozen=True)
class Series:
    """The modules of a repeated block, each with how often it follows itself.

    `formulas` are what the block calculates with the index `i`, as text, with what that gives.
    """

    items: tuple[tuple[Call | Use, int], ...]
    is_chain: bool
    formulas: Mapping[str, tuple[Literal, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Loop:
    """How often the statement of a block is carried out, and what goes round.

    Attributes:
        count: how often; None where it goes through the modules of a series.
        carried: pairs of an input and the output that takes its place the next time.
        joined: whether an output is joined to what it was made of, along axis 1.
        summed: outputs that are added up.
        scanned: an input whose steps along axis 1 are taken one by one, and the output that is
            stacked of what they give; None where there are none.
    """

    count: int | None
    carried: tuple[tuple[str, str], ...]
    joined: bool = False
    summed: tuple[str, ...] = ()
    scanned: tuple[str, str] | None = None


@dataclass(frozen=True)
class Snippet:
    """A function or module class that the generated source brings along, as its source text.

    The text is black-formatted, has a docstring, uses only `torch`, `nn`, `F`, `math` and
    `Tensor`, and defines exactly `name`.
    """

    name: str
    source: str


@dataclass(frozen=True)
class Emit:
    """The code of one block.

    `forward` holds one statement a line, each `targets = expression`, with placeholders:
    input and output ports by name (`{x}`, `{y}`; a many port as `{xs}`, joined by commas, or
    `{xs[0]}`), modules by name (`{conv}` becomes `self.conv1`), and `values` by name, printed as
    literals. Text around placeholders comes from the block, never from a document. With a `loop`,
    `{@}` is the module whose turn it is.
    """

    forward: str
    modules: Mapping[str, Call | Use | Series] = field(default_factory=dict)
    values: Mapping[str, Argument] = field(default_factory=dict)
    snippets: tuple[Snippet, ...] = ()
    loop: Loop | None = None


@dataclass(frozen=True)
class Example:
    """A use of a block that the harness checks against torch, or that must be refused.

    Inputs are types by port name, a list of types for a many port. `fails` is a part of the
    refusal's text.
    """

    params: Mapping[str, object]
    inputs: Mapping[str, TensorType | list[TensorType]]
    fails: str | None

    def __init__(
        self,
        params: Mapping[str, object] = NOTHING,
        fails: str | None = None,
        **inputs: TensorType | list[TensorType],
    ) -> None:
        object.__setattr__(self, "params", params)
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "fails", fails)


@dataclass(frozen=True)
class Kind:
    """What the `block` decorator says of a block class."""

    name: str
    title: str
    category: Category
    glyph: str
    keywords: tuple[str, ...]
    role: Role
    was: tuple[str, ...]
    stem: str


def _none(block: Block, *inputs: TensorType | None) -> int:
    return 0


def _saved(block: Block, *inputs: TensorType | None) -> Saved:
    if block.is_view:
        return Saved()
    return Saved(tuple(p.name for p in block.inputs) if block.saves is None else block.saves)


class Block(Form):
    """A block with its parameters filled in. Subclasses declare parameters, ports and rules.

    Input ports are the parameters of `infer`: `x: TensorType` is required,
    `mask: TensorType | None = None` optional, `*xs: TensorType` takes any number. Output ports
    are `outputs`, or what `output_ports` makes of the parameters. `infer`, `emit`, `parameters`
    (how many trainable numbers) and `multiply_adds` (of one forward pass; 0 where there are no
    products to speak of) have the same parameters, as have `saved` (what autograd keeps; by
    default the ports that `saves` names, which are all inputs without it, and nothing of a view)
    and `kv_cache` (numbers that a block which attends to what came before it remembers while a
    sequence is generated). `frozen_parameters` are those of what is inside a block that do not
    learn.
    `is_view` says that the output shares the input's memory, `is_random` that it draws numbers in
    evaluation too, the same ones after the same seed. `stricter` says why the block refuses
    what torch accepts, by a part of the refusal's text. `ranges` says, by port, between which
    numbers inputs lie where the code stops at others, such as at what is no probability. `reads`
    names ports whose numbers the code looks at, so that it does not run on the meta device.
    """

    kind: ClassVar[Kind]
    inputs: ClassVar[tuple[Port, ...]] = ()
    outputs: ClassVar[tuple[str, ...]] = ("y",)
    port_help: ClassVar[Mapping[str, str]] = {}
    examples: ClassVar[tuple[Example, ...]] = ()
    is_view: ClassVar[bool] = False
    is_random: ClassVar[bool] = False
    stricter: ClassVar[Mapping[str, str]] = {}
    ranges: ClassVar[Mapping[str, tuple[int, int]]] = {}
    reads: ClassVar[frozenset[str]] = frozenset()
    saves: ClassVar[tuple[str, ...] | None] = None

    infer: ClassVar[Callable[..., TensorType | tuple[TensorType, ...]]]
    emit: ClassVar[Callable[..., Emit]]
    parameters: ClassVar[Callable[..., int]] = _none
    frozen_parameters: ClassVar[Callable[..., int]] = _none
    multiply_adds: ClassVar[Callable[..., Dim]] = _none
    saved: ClassVar[Callable[..., Saved]] = _saved
    kv_cache: ClassVar[Callable[..., Dim]] = _none

    def summary(self) -> str:
        """The one line of parameters that the block shows on the canvas."""
        shown = [p for p in self.shown() if getattr(self, p.name) != p.default or p.ge is not None]
        return "  ".join(f"{p.name} {show_value(getattr(self, p.name))}" for p in shown[:3])

    def output_ports(self) -> tuple[str, ...]:
        """The output ports; a block whose parameters say how many there are overrides this."""
        return self.outputs

    def output_types(self, *args: TensorType | None, **kwargs: TensorType | None) -> Outputs:
        """The type of every output port.

        Raises:
            Refusal: the block refuses its inputs.
        """
        answer = type(self).infer(self, *args, **kwargs)
        types = answer if isinstance(answer, tuple) else (answer,)
        return dict(zip(self.output_ports(), types, strict=True))


Outputs = dict[str, TensorType]
B = TypeVar("B", bound=type[Block])


def block(
    name: str,
    *,
    title: str,
    category: Category,
    glyph: str = "",
    keywords: tuple[str, ...] = (),
    role: Role = Role.LAYER,
    was: tuple[str, ...] = (),
    stem: str = "",
) -> Callable[[B], B]:
    """Declares a class to be the block of that kind name, which files refer to for ever.

    New blocks on the canvas are named after `stem`, by default the kind's name without `2d`.
    """

    def declare(cls: B) -> B:
        initials = glyph or title[:2]
        first_name = stem or re.sub(r"_?[123]d$", "", name)
        cls.kind = Kind(name, title, category, initials, keywords, role, was, first_name)
        cls.inputs = _ports_of(cls)
        _check_declaration(cls)
        return cls

    return declare


def _ports_of(cls: type[Block]) -> tuple[Port, ...]:
    ports = []
    for parameter in list(inspect.signature(cls.infer).parameters.values())[1:]:
        many = parameter.kind is inspect.Parameter.VAR_POSITIONAL
        optional = parameter.default is not inspect.Parameter.empty
        help = cls.port_help.get(parameter.name, "")
        ports.append(Port(parameter.name, optional=optional, many=many, help=help))
    return tuple(ports)


def _check_declaration(cls: type[Block]) -> None:
    names = [port.name for port in cls.inputs] + list(cls.outputs)
    if len(set(names)) != len(names):
        raise TypeError(f"{cls.__name__}: port names must differ, inputs from outputs too")
    if not cls.__doc__ or cls.__doc__ == Block.__doc__:
        raise TypeError(f"{cls.__name__} needs a docstring: what it does, when to use it")
    if not hasattr(cls, "emit"):
        raise TypeError(f"{cls.__name__} needs an emit method")
    wrong = set(cls.port_help) - set(names)
    if wrong:
        raise TypeError(f"{cls.__name__}: port_help names no port: {', '.join(sorted(wrong))}")
    wrong = {*cls.ranges, *cls.reads} - {port.name for port in cls.inputs}
    if wrong:
        raise TypeError(f"{cls.__name__}: no input port is called {', '.join(sorted(wrong))}")


def show_value(value: Plain) -> str:
    """A parameter's value as the canvas and the inspector show it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return "×".join(str(n) for n in value)
    return f"{value:g}" if isinstance(value, float) else str(value).partition("\n")[0]


def known(dim: Dim, what: str, port: str | None = None) -> int:
    """The size as a number.

    Raises:
        Refusal: the size is symbolic; `what` says which one, for example "the number of channels".
    """
    if isinstance(dim, int):
        return dim
    raise Refusal(f"needs {what} to be a number, but it is {dim}", port=port, short=f"{dim} ?")
