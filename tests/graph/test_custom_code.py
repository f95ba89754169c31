"""What is read of a module class that a person typed, without running it."""

import pytest

from graph import probes, trust
from graph.blocks.custom import FIRST_CODE, custom_kind
from graph.custom_code import CodeError, read
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.model import Repeat
from graph.problems import Severity
from graph.tensor import T
from tests.custom import GATE, forward


def test_arguments_of_forward_are_inputs_and_what_it_returns_are_outputs():
    written = read(GATE)
    assert [(p.name, p.optional) for p in written.inputs] == [("x", False), ("mask", True)]
    assert written.outputs == ("kept", "opened")
    assert written.about == "Lets through what a learned gate opens for."


def test_arguments_of_the_constructor_are_parameters():
    code = FIRST_CODE.replace(
        "features: int = 64", "features: int = 64, rate: float = 1, size=(3, 3), *, on: bool = True"
    )
    assert [(p.name, p.kind, p.default) for p in read(code).params] == [
        ("features", "int", 64), ("rate", "float", 1.0), ("size", "size2", (3, 3)),
        ("on", "bool", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "outputs"),
    [
        (forward("return x"), ("y",)),
        (forward("return y", "y"), ("out",)),
        (forward("return x, x"), ("y1", "y2")),
        (forward("a, b = x, x\nreturn a, b"), ("a", "b")),
        (forward("return f(x)").replace("):\n        ", ") -> tuple[Tensor, Tensor]:\n        ", 1),
         ("y1", "y2")),
        (forward("return x").replace("    def", "    outputs = ('left', 'right')\n    def"),
         ("left", "right")),
    ],
)  # fmt: skip
def test_outputs_are_declared_annotated_or_returned(code, outputs):
    assert read(code).outputs == outputs


def test_any_number_of_inputs_is_a_many_port():
    (port,) = read(forward("return torch.cat(xs)", "*xs: Tensor")).inputs
    assert port.many
    assert port.name == "xs"


def test_imports_that_are_there_anyway_are_left_out():
    code = "import torch\nfrom torch import nn\n\n\n" + GATE
    assert read(code).source == GATE.rstrip()
    assert read(code).first_line == 5


@pytest.mark.parametrize(
    ("code", "line", "text"),
    [
        ("", 0, "needs a class"),
        ("x = 1", 1, "only the class"),
        (GATE + "\n\nprint(1)", 14, "only the class"),
        ("import os\n" + GATE, 1, "`import os` cannot be imported here"),
        (forward("import os\nreturn x"), 3, "`import os` cannot be imported here"),
        (forward("return x +"), 3, "invalid syntax"),
        (forward("return '\\d'"), 3, "escape"),
        (forward("return x", name="Model"), 1, "MyModel"),
        (forward("return x", name="lower"), 1, "cannot name the class"),
        (forward("return x").replace("nn.Module", "object"), 1, "class Tried(nn.Module):"),
        ("@torch.no_grad\n" + forward("return x"), 2, "class Tried(nn.Module):"),
        (GATE + GATE.replace("Gate", "Other"), 12, "one class only"),
        (forward("pass"), 2, "must return something"),
        (forward("return x", "x: int"), 2, "must be a Tensor"),
        (forward("return x", "x, scale=2.0"), 2, "None is its only default"),
        (forward("return x", "x, *, z"), 2, "behind a *"),
        (forward("return x", "class_, _x"), 2, "“_x” cannot name a port"),
        (GATE.replace("features: int = 16", "features: int"), 4, "needs a default"),
        (GATE.replace("features: int = 16", "kind: str = 'a'"), 4, "must be a whole number"),
        (GATE.replace("features: int = 16", "code: int = 1"), 4, "called code"),
        (GATE.replace("features: int = 16", "**rest"), 4, "each parameter has a name"),
        (GATE + "# \u2028", 12, "U+2028"),
        ("# \u202e\n" + GATE, 1, "U+202E"),
        ("(" * 5000, 1, "nested"),
        ("x" * 70_000, 0, "characters"),
    ],
)
def test_a_mistake_is_told_with_its_line(code, line, text):
    with pytest.raises(CodeError, match=".") as told:
        read(code)
    assert text in str(told.value)
    assert told.value.line == line


def test_code_with_a_mistake_keeps_the_inputs_it_seems_to_have():
    broken = custom_kind(forward("return left +", "left: Tensor, right=None"))
    assert [port.name for port in broken.inputs] == ["left", "right"]
    assert "Line 3" in broken.mistake


def test_a_repeat_waits_for_each_shape_of_its_code():
    code = "class Wider(nn.Module):\n    def forward(self, x: Tensor) -> Tensor:\n        return x"
    d = Drawing()
    x = d.add("custom", d.add("input", shape="4"), code=code, repeat=Repeat(3))
    d.add("output", x)
    source = read(code).source
    trust.agree([trust.digest(source)])
    probes.take_wanted()  # of other drawings
    for size in (4, 8, 16):
        (problem,) = infer(d.document).problems.values()
        assert (problem.code, problem.severity) == (probes.PROBING, Severity.WARNING)
        (question,) = probes.take_wanted()
        probes.tell(question, probes.Answer((T("N", 2 * size),)))
    assert not infer(d.document).problems
    trust.withdraw([trust.digest(source)])
