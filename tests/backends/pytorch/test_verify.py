"""The allow-list over generated text: nothing a stranger's file could smuggle in is executed."""

import pytest

from backends.pytorch.compile import execute
from backends.pytorch.verify import Unsafe, verify

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
