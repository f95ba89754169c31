"""The harness finds what is wrong with a block; it would be worth little otherwise."""

import subprocess
import sys

import pytest

from backends.pytorch.testing import check_block, checks_of, sized_trials
from backends.pytorch.trial import source_of
from graph.block import Block, Call, Category, Emit, Example, block, known
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.registry import default_registry
from graph.tensor import Dim, T, TensorType

EXAMPLES = (
    Example({}, x=T("N", 4)),
    Example({"features": 3}, x=T("N", "T", 4)),
    Example({}, x=T(), fails="needs an axis"),
)


def declared(**attributes) -> type[Block]:
    """A dense layer as an author of a plug-in would write it, with some of it replaced."""

    class Layer(Block):
        """Multiplies the last axis by learned numbers.

        Shape: `(…, in) -> (…, features)`.
        """

        features: int = param(default=5, ge=1, help="How many come out.")
        examples = EXAMPLES

        def infer(self, x: TensorType) -> TensorType:
            if not x.shape:
                raise Refusal("needs an axis", port="x")
            if x.dtype != "float32":
                raise Refusal(f"needs floating-point numbers, not {x.dtype}", port="x")
            return x.with_shape(*x.shape[:-1], self.features)

        def emit(self, x: TensorType) -> Emit:
            return Emit(
                "{y} = {layer}({x})", {"layer": Call("nn.Linear", x.shape[-1], self.features)}
            )

        def parameters(self, x: TensorType) -> int:
            return self.features * (known(x.shape[-1], "the last axis") + 1)

        def multiply_adds(self, x: TensorType) -> Dim:
            return x.elements() * self.features

    for name, value in attributes.items():
        setattr(Layer, name, value)
    declare = block("layer", title="Layer", category=Category.LINEAR, keywords=("own",))
    return declare(Layer)


def test_a_right_block_passes_all_checks():
    check_block(declared())


def test_a_random_block_that_says_so_passes_all_checks():
    check_block(declared(emit=noisy_emit, is_random=True))


def wrong_infer(self, x: TensorType) -> TensorType:
    return x.with_shape(*x.shape[:-1], self.features + 1)


def careless_infer(self, x: TensorType) -> TensorType:
    return x.with_shape(*x.shape[:-1], self.features)


def strict_infer(self, x: TensorType) -> TensorType:
    if not x.shape:
        raise Refusal("needs an axis", port="x")
    if x.rank > 2:
        raise Refusal("is for rows only", port="x", hints=(SetParam("features", 1),))
    return careless_infer(self, x)


def unused_emit(self, x: TensorType) -> Emit:
    made = Call("nn.Linear", x.shape[-1], self.features)
    return Emit(
        "{_unused} = {x}\n{_kept} = {x} + {_unused}\n{y} = {layer}({_kept})", {"layer": made}
    )


def hostile_emit(self, x: TensorType) -> Emit:
    return Emit("{y} = torch.load({x})")


def idle_emit(self, x: TensorType) -> Emit:
    made = Call("nn.Linear", x.shape[-1], self.features)
    return Emit("{y} = {layer}({x}).detach() + {x}.sum()", {"layer": made})


def noisy_emit(self, x: TensorType) -> Emit:
    made = Call("nn.Linear", x.shape[-1], self.features)
    return Emit("{y} = {layer}({x} + torch.rand_like({x}))", {"layer": made})


@pytest.mark.parametrize(
    ("check", "changes", "words"),
    [
        ("types", {"infer": wrong_infer}, "gives"),
        ("fuzz", {"infer": careless_infer}, "crashes|torch refuses"),
        ("fuzz", {"infer": strict_infer}, "is for rows only"),
        ("offers", {"infer": strict_infer}, "leads to"),
        ("source", {"emit": hostile_emit}, "torch.load"),
        ("gradients", {"emit": idle_emit}, "gradient"),
        ("gradients", {"parameters": lambda self, x: 3}, "counts 3 parameters"),
        ("state", {"emit": noisy_emit}, "differ"),
        ("multiply_adds", {"multiply_adds": lambda self, x: 7}, "counts 7 multiply-adds"),
        ("declaration", {"__doc__": "No shape."}, "Shape"),
        ("help", {"__doc__": "A layer.\n\nShape: `(…, out_features)`."}, "out_features"),
        ("declaration", {"examples": ()}, "two examples"),
    ],
)
def test_a_fault_is_found(check, changes, words):
    made = declared(**changes)
    with pytest.raises(Exception, match=words):
        checks_of(made)[check](made)


def test_printed_code_is_as_ruff_would_have_it(tmp_path):
    for cls in default_registry().blocks():
        if "types" not in checks_of(cls):
            continue
        for number, trial in enumerate(sized_trials(cls)):
            text = source_of(trial).model
            (tmp_path / f"{cls.kind.name}_{number}.py").write_text(text, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    rules = ["--isolated", "--select", "E,F,W,I,UP,B,RET", "--line-length", "88", "--no-cache"]
    shape = ["--isolated", "--line-length", "88", "--diff", "--no-cache"]
    for command in (["check", *rules, "."], ["format", *shape, "."]):
        done = subprocess.run(
            [*ruff, *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:]
