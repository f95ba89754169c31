"""A block whose code a person types: its ports, parameters and shapes follow from that code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar

from graph import custom_code, probes, trust
from graph.block import (
    Block,
    Call,
    Category,
    Emit,
    Example,
    Port,
    Snippet,
    block,
    show_value,
)
from graph.custom_code import CodeError, Written
from graph.params import Expr, Param, Plain, param
from graph.problems import Refusal, Severity
from graph.tensor import Dim, T, TensorType

FIRST_CODE = '''\
class Scale(nn.Module):
    """Multiplies each feature by a number that is learned."""

    def __init__(self, features: int = 64) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.ones(features))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor
'''
CODE = "code"
KIND = "custom"
Given = tuple[TensorType | None, ...]


@block(
    KIND,
    title="Custom code",
    category=Category.CODE,
    glyph="Py",
    keywords=("python", "own", "module", "script", "plug-in", "function"),
)
class Custom(Block):
    """Runs a PyTorch module that you write here, for what no other block does.

    The arguments of `forward` are the inputs, what it returns are the outputs, and the arguments
    of `__init__` are parameters of the block. Code that came with a file runs only after you have
    read and trusted it. Its shapes are found by running it on tensors without numbers.

    Shape: whatever the code makes of its inputs.
    """

    code: str = param(
        default=FIRST_CODE,
        title="Code",
        help="A class that is an nn.Module; torch, nn, F, math and Tensor are there.",
        widget=CODE,
    )

    written: ClassVar[Written | None] = None
    mistake: ClassVar[str] = ""

    examples = (
        Example({}, x=T("N", 64)),
        Example({}, x=T("N", 10, 64)),
        Example({"code": "class Twice:\n    pass"}, x=T("N", 4), fails="nn.Module"),
    )

    @classmethod
    def shaped_by(
        cls, values: Mapping[str, object], variables: Mapping[str, object]
    ) -> type[Custom]:
        """The class that this code makes of the block."""
        code = values.get(CODE, FIRST_CODE)
        if isinstance(code, Expr):
            code = variables.get(code.text.strip(), "")
        return custom_kind(code) if isinstance(code, str) else cls

    def values(self) -> dict[str, Plain]:
        """All parameters and their values."""
        known: dict[str, Plain] = getattr(self, "given", None) or {CODE: self.code}
        return known

    def shown(self) -> list[Param]:
        """All parameters: none depends on another."""
        return list(self.params.values())

    def summary(self) -> str:
        """The name of the class and its parameters."""
        own = [(name, value) for name, value in self.values().items() if name != CODE]
        name = self.written.name if self.written else "?"
        return "  ".join([name, *(f"{key} {show_value(value)}" for key, value in own[:2])])

    def infer(self, *inputs: TensorType | None) -> tuple[TensorType, ...]:
        """What the code was seen to give for such inputs.

        Raises:
            Refusal: it has a mistake, is not trusted, was not tried yet, or refuses the inputs.
        """
        return self._answer(inputs).outputs

    def emit(self, *inputs: TensorType | None) -> Emit:
        """A call of the class, which the generated text brings along."""
        written = self._usable()
        words = []
        is_named = False
        for port, type_ in zip(self.inputs, inputs, strict=False):
            if port.many or type_ is not None:
                words.append(f"{port.name}={{{port.name}}}" if is_named else f"{{{port.name}}}")
            is_named = is_named or (type_ is None and not port.many)
        layer = next(name for name in ("layer", "layer_", "layer__") if name not in self._ports())
        targets = ", ".join(f"{{{name}}}" for name in self.outputs)
        return Emit(
            f"{targets} = {{{layer}}}({', '.join(words)})",
            {layer: Call(written.name, **dict(self._arguments()))},
            snippets=(Snippet(written.name, written.source),),
        )

    def parameters(self, *inputs: TensorType | None) -> int:
        """Trainable numbers, as they were counted when it was tried."""
        return probes.known(self._question(inputs)).parameters

    def multiply_adds(self, *inputs: TensorType | None) -> Dim:
        """As they were counted when it was tried."""
        return probes.known(self._question(inputs)).multiply_adds

    def _ports(self) -> set[str]:
        return {*self.outputs, *(port.name for port in self.inputs)}

    def _usable(self) -> Written:
        if self.written is None:
            raise Refusal(f"holds code that cannot be used: {self.mistake}", code="code")
        return self.written

    def _arguments(self) -> tuple[tuple[str, Plain], ...]:
        """What differs from the defaults of the constructor."""
        defaults = {each.name: each.default for each in self.params.values()}
        return tuple(
            (name, value)
            for name, value in self.values().items()
            if name != CODE and (value != defaults[name] or type(value) is not type(defaults[name]))
        )

    def _question(self, inputs: Given) -> probes.Question:
        written = self._usable()
        many = next((port.name for port in self.inputs if port.many), "")
        names = [port.name for port in self.inputs if not port.many]
        names += [many] * (len(inputs) - len(names))
        given = tuple(
            (name, type_) for name, type_ in zip(names, inputs, strict=True) if type_ is not None
        )
        return probes.Question(
            written.source,
            written.name,
            self._arguments(),
            given,
            many,
            len(self.outputs),
            written.first_line,
        )

    def _answer(self, inputs: Given) -> probes.Answer:
        if not is_trusted(self._usable()):
            raise Refusal("holds Python code that you have not trusted yet", code=probes.UNTRUSTED)
        answer = probes.ask(self._question(inputs))
        if answer is None:
            raise Refusal(
                "is being tried out, to see what it gives",
                code=probes.PROBING,
                severity=Severity.WARNING,
            )
        if answer.refusal:
            raise Refusal(answer.refusal)
        return answer


class _Kind(Custom):
    """The block that a code makes; each code has a subclass of its own."""

    def __init_subclass__(cls) -> None:
        """Passes by what declared blocks are made into: a person names the parameters."""

    def __init__(self, **values: Plain) -> None:
        defaults = {name: declared.default for name, declared in self.params.items()}
        object.__setattr__(self, "given", {**defaults, **values})
        object.__setattr__(self, "_hash", hash((type(self), *self.values().values())))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.values() == getattr(other, "given", None)

    def __hash__(self) -> int:
        known: int = self._hash  # type: ignore[attr-defined]  # set in __init__; blocks are frozen
        return known


@lru_cache(1024)
def custom_kind(code: str) -> type[Custom]:
    """The kind of block that a code makes; with mistakes, it keeps what inputs it seems to have."""
    cls: type[Custom] = type("CustomKind", (_Kind,), {"__doc__": Custom.__doc__})
    cls.kind, cls.former = Custom.kind, Custom.former
    cls.params = {CODE: Custom.params[CODE]}
    try:
        written = custom_code.read(code)
    except CodeError as error:
        cls.written, cls.mistake = None, str(error)
        cls.inputs = tuple(Port(name) for name in custom_code.ports_at_least(code))
        cls.outputs = ("y",) if all(port.name != "y" for port in cls.inputs) else ("out",)
        return cls
    cls.written = written
    cls.params = {**cls.params, **{each.name: each for each in written.params}}
    cls.inputs, cls.outputs = written.inputs, written.outputs
    if written.about:
        cls.__doc__ = written.about
    return cls


def is_trusted(written: Written) -> bool:
    """Whether this class may run: a person agreed, or it is the one that a new block has."""
    return trust.is_trusted(written.source)


Custom.written = custom_code.read(FIRST_CODE)
Custom.inputs, Custom.outputs = Custom.written.inputs, Custom.written.outputs
trust.agree([trust.digest(Custom.written.source)])
