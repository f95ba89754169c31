"""Arguments taken apart into a form and the literals in it, so that calls can be compared."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from graph.block import Argument, Call, Line, Literal, Row, Series, Use, Written
from graph.names import unique
from graph.program import Step

# How torch calls the first arguments of these, for names of constructor arguments.
_CHANNELS = ("in_channels", "out_channels", "kernel_size")
_FEATURES = ("in_features", "out_features")
_SIZES = ("input_size", "hidden_size")
POSITIONAL: dict[str, tuple[str, ...]] = {
    **{f"nn.{kind}{n}d": _CHANNELS for kind in ("Conv", "ConvTranspose") for n in "123"},
    **{f"nn.BatchNorm{n}d": ("num_features",) for n in "123"},
    **{f"nn.InstanceNorm{n}d": ("num_features",) for n in "123"},
    **{f"nn.{kind}": _SIZES for kind in ("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell")},
    **{f"nn.Dropout{n}": ("p",) for n in ("", "1d", "2d", "3d")},
    "nn.Linear": _FEATURES,
    "nn.LayerNorm": ("normalized_shape",),
    "nn.RMSNorm": ("normalized_shape",),
    "nn.GroupNorm": ("num_groups", "num_channels"),
    "nn.Embedding": ("num_embeddings", "embedding_dim"),
    "nn.MultiheadAttention": ("embed_dim", "num_heads"),
}
_CONVOLUTION = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "bias": True}
_RECURRENT = {"num_layers": 1, "bias": True, "dropout": 0.0, "bidirectional": False}
DEFAULTS: dict[str, dict[str, Literal]] = {
    **{f"nn.Conv{n}d": dict(_CONVOLUTION) for n in "123"},
    **{f"nn.ConvTranspose{n}d": {**_CONVOLUTION, "output_padding": 0} for n in "123"},
    **{f"nn.{kind}": dict(_RECURRENT) for kind in ("RNN", "LSTM", "GRU")},
    "nn.Linear": {"bias": True},
}


@dataclass(frozen=True)
class Leaf:
    """A place in a form where a literal stood, and what it could be called."""

    hint: str


@dataclass(frozen=True)
class _CallForm:
    target: str
    args: tuple[Form, ...]
    kwargs: tuple[tuple[str, Form], ...]


@dataclass(frozen=True)
class _LineForm:
    start: Form
    step: Form


@dataclass(frozen=True)
class _RowForm:
    """A row; of one that goes through values the form says how many, since counts are none."""

    call: Form
    index: str
    over: Form
    length: int


@dataclass(frozen=True)
class _Same:
    value: object


Form = Leaf | _CallForm | _LineForm | _RowForm | _Same


def take_apart(
    value: Argument, hint: str, names: Mapping[str, tuple[str, ...]]
) -> tuple[Form, list[Argument]]:
    """The form of an argument and its literals in order.

    Arguments of calls that stand for what they would be without them are put in, so that calls
    that differ in them have one form.

    Args:
        names: what further calls name their arguments.
    """
    if isinstance(value, Call):
        known = POSITIONAL.get(value.target) or names.get(value.target) or ()
        parts = [
            take_apart(arg, known[k] if k < len(known) else hint, names)
            for k, arg in enumerate(value.args)
        ]
        kwargs = {**DEFAULTS.get(value.target, {}), **value.kwargs}
        named = [(key, *take_apart(kwargs[key], key, names)) for key in kwargs]
        form = _CallForm(
            value.target, tuple(part for part, _ in parts), tuple((key, f) for key, f, _ in named)
        )
        leaves = [leaf for _, found in parts for leaf in found]
        return form, leaves + [leaf for _, _, found in named for leaf in found]
    if isinstance(value, Line):
        start, first = take_apart(value.start, hint, names)
        step, second = take_apart(value.step, f"{hint}_step", names)
        return _LineForm(start, step), first + second
    if isinstance(value, Row):
        call, first = take_apart(value.call, hint, names)
        over, second = take_apart(value.over, "depth", names)
        length = len(value.over) if isinstance(value.over, tuple) else 0
        return _RowForm(call, value.index, over, length), first + second
    if isinstance(value, (bool, int, float, str, tuple)):
        return Leaf(hint), [value]
    return _Same(value), []


def put_together(form: Form, leaves: Iterator[Argument]) -> Argument:
    """The argument of this form with these in the places of its literals."""
    if isinstance(form, Leaf):
        return next(leaves)
    if isinstance(form, _CallForm):
        args = [put_together(part, leaves) for part in form.args]
        defaults = DEFAULTS.get(form.target, {})
        kwargs = {key: put_together(part, leaves) for key, part in form.kwargs}
        told = {k: v for k, v in kwargs.items() if not _is(v, defaults.get(k))}
        return Call(form.target, *args, **told)
    if isinstance(form, _LineForm):
        start = put_together(form.start, leaves)
        return Line(start, put_together(form.step, leaves))  # type: ignore[arg-type]  # as it was
    if isinstance(form, _RowForm):
        call = put_together(form.call, leaves)
        assert isinstance(call, Call)
        return Row(call, form.index, put_together(form.over, leaves))
    return form.value  # type: ignore[return-value]  # what was an argument before


def hints(form: Form) -> list[str]:
    """What each literal of a form could be called, in their order."""
    if isinstance(form, Leaf):
        return [form.hint]
    if isinstance(form, _CallForm):
        parts: list[Form] = [*form.args, *(part for _, part in form.kwargs)]
    elif isinstance(form, _LineForm):
        parts = [form.start, form.step]
    elif isinstance(form, _RowForm):
        parts = [form.call, form.over]
    else:
        parts = []
    return [hint for part in parts for hint in hints(part)]


def _beside(form: Form, taken: Container[str], renamed: Mapping[str, str]) -> Form:
    """The form with rows whose index is called like none of these names."""
    if isinstance(form, _CallForm):
        args = tuple(_beside(part, taken, renamed) for part in form.args)
        kwargs = tuple((key, _beside(part, taken, renamed)) for key, part in form.kwargs)
        return _CallForm(form.target, args, kwargs)
    if isinstance(form, _RowForm):
        index = unique(form.index, taken)
        made = _beside(form.call, taken, {**renamed, form.index: index})
        return replace(form, call=made, index=index)
    if isinstance(form, _Same) and isinstance(form.value, Written):
        return _Same(Written(renamed.get(form.value.text, form.value.text)))
    return form


def _is(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default


@dataclass(frozen=True)
class StepForm:
    """The modules and values of a step without their literals."""

    modules: tuple[tuple[str, Form], ...]
    values: tuple[tuple[str, Form], ...]

    def hints(self) -> list[str]:
        """What each literal could be called, in their order."""
        return [hint for _, form in (*self.modules, *self.values) for hint in hints(form)]

    def beside(self, taken: Container[str]) -> StepForm:
        """The same with rows whose index hides none of these names."""
        return StepForm(
            tuple((name, _beside(form, taken, {})) for name, form in self.modules),
            tuple((name, _beside(form, taken, {})) for name, form in self.values),
        )

    def with_leaves(
        self, leaves: Iterable[Argument]
    ) -> tuple[dict[str, Call | Use | Series], dict[str, Argument]]:
        """The modules and values with these literals."""
        given = iter(leaves)
        modules: dict[str, Call | Use | Series] = {}
        for name, form in self.modules:
            call = put_together(form, given)
            assert isinstance(call, Call)
            modules[name] = call
        return modules, {name: put_together(form, given) for name, form in self.values}


def step_apart(step: Step, names: Mapping[str, tuple[str, ...]]) -> tuple[StepForm, list[Argument]]:
    """The form of a step whose modules are calls by now, and its literals."""
    calls = {name: call for name, call in step.emit.modules.items() if isinstance(call, Call)}
    modules = [(name, *take_apart(call, name, names)) for name, call in calls.items()]
    values = [(name, *take_apart(value, name, names)) for name, value in step.emit.values.items()]
    form = StepForm(
        tuple((name, part) for name, part, _ in modules),
        tuple((name, part) for name, part, _ in values),
    )
    return form, [leaf for _, _, found in (*modules, *values) for leaf in found]
