"""The allow-list over generated text: nothing a stranger's file could smuggle in is executed."""

import pytest

from backends.pytorch.compile import execute
from backends.pytorch.verify import Unsafe, verify
from graph import trust

HARMLESS = '''"""A model."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Model(nn.Module):
    """image -> logits."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 32, 3)
        self.pos = nn.Parameter(torch.zeros(1, 16, 32))

    def forward(self, image: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        x = F.relu(self.conv(image))  # N×32×26×26
        x = x.flatten(1)[:, None] + self.pos
        return x, x.mean(dim=(1, 2))
'''

HOSTILE = [
    "import os",
    "from os import system",
    "import torch.hub",
    "from torch import load",
    "import torch as nn",
    "__import__('os').system('id')",
    "eval('1')",
    "exec('1')",
    "open('x', 'w')",
    "print(1)",
    "getattr(torch, 'load')",
    "x = torch.load('a.pt')",
    "x = torch.hub",
    "x = torch.ops",
    "x = torch.utils",
    "x = torch.os",
    "x = F.torch",
    "x = F.warnings",
    "x = nn.modules",
    "x = nn.utils",
    "x = nn.utils.rnn.pack_padded_sequence",
    "x = nn.utils.rnn.torch(1)",
    "x = nn.utils.rnn.pack_padded_sequence.__globals__",
    "x = nn.utils.rnn.pack_padded_sequence.__call__(1)",
    "x = torch.nn.utils.rnn.pack_padded_sequence(1)",
    "nn.utils.rnn.pack_padded_sequence = 1",
    "x = nn.functional",
    "x = nn.Module.__subclasses__()",
    "x = ().__class__",
    "x = Tensor.__reduce__",
    "x = torch.zeros(1).numpy().tofile('x')",
    "x = torch.zeros(1).storage()",
    "x = torch.from_file('x')",
    "x = torch.zeros(1)._backward_hooks",
    "x = (lambda: 0)()",
    "x = f'{torch}'",
    "x = '\\x00'",
    "x = b'ab'",
    "x = 1j",
    "async def f(): pass",
    "def f(): yield 1",
    "@nn.Module\ndef f(): pass",
    "class _A: pass",
    "torch = nn",
    "len = 3",
    "__name__ = 'x'",
    "global x",
    "del torch",
    "with torch.zeros(1): pass",
    "try:\n    pass\nfinally:\n    pass",
    "while True: pass",
    "assert True",
    "x = y",
    "x: y = 1\nz = x.mro()",
    "x = super().__getattribute__('a')",
    "nn.Linear.forward = 3",
    "torch.zeros = 3",
    "x = torch.zeros(1).register_hook(3)",
    "\u2028import os",
    "x = (yield)",
    "x = 'a' 'b\n'",
    "match 1:\n    case _: pass",
    "x = [i for i in range(3) if (i := 2)]",
    "",
]


def test_what_the_printer_writes_passes():
    verify(HARMLESS)
    assert execute(HARMLESS).names["Model"]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text])
def test_hostile_texts_are_not_executed(text):
    with pytest.raises(Unsafe, match="The code of this drawing"):
        verify(f"{HARMLESS}\n\n{text}\n")


@pytest.mark.parametrize("text", [text for text in HOSTILE if text and "\n" not in text])
def test_hostile_statements_inside_methods_are_not_executed(text):
    with pytest.raises(Unsafe):
        verify(HARMLESS + f"\n    def more(self):\n        {text}\n")


def test_the_message_names_the_line():
    with pytest.raises(Unsafe, match="line 2 holds import os"):
        verify("import torch\nimport os\n")


TRUSTED = """class Free(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        secret = __import__("os").getpid()
        self.os = secret
        return x * (secret > 0)"""


@pytest.fixture
def agreed():
    """A class that a person has trusted, with all that generated code never does."""
    trust.agree([trust.digest(TRUSTED)])
    yield TRUSTED
    trust.withdraw([trust.digest(TRUSTED)])


def with_class(code: str) -> str:
    return HARMLESS.replace("class Model", f"{code}\n\n\nclass Model")


def test_a_trusted_class_is_executed(agreed):
    assert execute(with_class(agreed)).names["Free"]


def test_the_same_class_is_refused_without_trust():
    with pytest.raises(Unsafe, match="which generated code never does"):
        verify(with_class(TRUSTED))


@pytest.mark.parametrize(
    "change",
    [
        ("getpid", "getppid"),
        ("class Free", "@torch.jit.script\nclass Free"),
        ("class Free", "class Free2"),
        ("return x", "return  x"),
    ],
)
def test_a_class_that_differs_from_what_was_trusted_is_refused(agreed, change):
    with pytest.raises(Unsafe):
        verify(with_class(agreed.replace(*change)))


@pytest.mark.parametrize(
    "line", ["secret = 1", "x = secret", "self.os.system('id')", "x = self.os"]
)
def test_a_trusted_class_opens_nothing_to_the_code_around_it(agreed, line):
    text = with_class(agreed).replace("x = F.relu", f"{line}\n        x = F.relu")
    if line == "secret = 1":
        verify(text)  # a name of its own
        return
    with pytest.raises(Unsafe):
        verify(text)


def test_a_trusted_text_within_another_class_is_refused(agreed):
    inside = "class Outer(nn.Module):\n" + "\n".join(f"    {line}" for line in agreed.splitlines())
    with pytest.raises(Unsafe):
        verify(with_class(inside))


OTHER_SELVES = [
    "self = torch\n        self = self.os\n        self.system('id')",
    "for self in [torch]:\n            x = self.os",
    "x = [self.os for self in [torch]]",
    "self: Tensor = torch",
    "self, y = torch, 1",
]
AROUND = [
    "def take(self):\n    return self.os",
    "def take(x, *, self):\n    return self.os",
    "def self(x):\n    return x",
    "def forward(x):\n    return x",
    "class A(nn.Module):\n    def exp(self):\n        return self.os\n\n\nx = A.exp(torch)",
    "class A(nn.Module):\n    def forward(self):\n        return self.os\n\n    x = forward(torch)",
    "class A(nn.Module):\n    def forward(self, x=__init__):\n        return x",
    "class A(nn.Module):\n    def forward(x, self):\n        return self.os",
    "class A(nn.Module):\n    self = torch",
    "class A(Tensor):\n    pass",
    "class A(Model):\n    pass",
    "class A(nn.Module, metaclass=nn.Module):\n    pass",
]


def with_attributes(text: str) -> str:
    """The text with attributes of self that are those of modules."""
    return text.replace(
        "super().__init__()", "super().__init__()\n        self.os = self.system = 1"
    )


@pytest.mark.parametrize("line", OTHER_SELVES)
def test_self_is_nothing_but_an_instance(line):
    verify(with_attributes(HARMLESS))
    with pytest.raises(Unsafe):
        verify(with_attributes(HARMLESS).replace("x = F.relu", f"{line}\n        x = F.relu"))


@pytest.mark.parametrize("text", AROUND)
def test_methods_are_called_on_instances_only(text):
    with pytest.raises(Unsafe):
        verify(with_attributes(HARMLESS) + f"\n\n{text}\n")


def test_what_is_trusted_is_not_inherited(agreed):
    with pytest.raises(Unsafe):
        verify(
            with_class(agreed) + "\n\nclass A(Free):\n    def forward(self):\n        return self\n"
        )
