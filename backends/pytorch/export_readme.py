"""The README of an exported folder."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

import torch

from backends.data.reading import DataExport
from backends.data.source import Source, source_of
from backends.pytorch.export_writing import writing_text
from backends.pytorch.prepare import Prepared
from backends.pytorch.text import one_line
from graph.cost import at_sizes
from graph.lower import Feed
from graph.model import Document

WIDTH = 88

TRAINING = """\
## Train it

With Python 3.10 or later:

    python -m pip install -r requirements.txt
    python train.py

It prints the loss of every epoch, measures the kept weights on the test rows and writes
them to `trained.safetensors`. On a CPU, with the same version of PyTorch and the
same number of threads, the losses are the same every time, to the last bit.

    python train.py --evaluate   # what the weights in weights.safetensors score
    python train.py --help       # epochs, device, seed, threads, JSON

On several GPUs, or processes, of this machine:

    torchrun --standalone --nproc-per-node 2 --max-restarts 3 train.py --state state.pt
"""

USING = """\
## Use it

{imports}

    model = Model()
    model.load_state_dict({read})
    model.eval()
{examples}
    with torch.no_grad():
        {answers} = model({inputs})
"""

SAMPLING = """\
## Make new data

    python sample.py --help      # how many, by DDIM or DDPM, from which seed

It starts with noise and takes it away step by step, with the weights in
`trained.safetensors` where they are there, and writes a row for each to `samples.csv`.
"""

READ_HERE = (
    (
        "from pathlib import Path",
        "",
        "import torch",
        "from model import Model",
        "from train import read_weights",
    ),
    'read_weights(Path("weights.safetensors"))',
)
READ_BY_LIBRARY = (
    ("import torch", "from model import Model",
     "from safetensors.torch import load_file  # python -m pip install safetensors"),
    'load_file("weights.safetensors")',
)  # fmt: skip


def readme_text(
    prepared: Prepared,
    parameters: int,
    weights: str,
    data: DataExport | None,
    has_sample: bool = False,
) -> str:
    """What the folder holds and how it is used.

    Args:
        weights: a sentence on where the weights come from.
        has_sample: whether there is a script that makes new data.
    """
    document, program = prepared.document, prepared.program
    parts = [f"# {one_line(document.name)}"]
    parts += [_wrapped(line) for line in document.description.splitlines() if line.strip()]
    parts += [_list(_facts(prepared, parameters))]
    parts += [TRAINING.strip()] if data else []
    parts += [SAMPLING.strip()] if has_sample else []
    inputs = ", ".join(feed.name for feed in program.inputs)
    answers = ", ".join(result.name for result in program.returns)
    using = USING.format(
        imports=_indented(READ_HERE[0] if data else READ_BY_LIBRARY[0]),
        read=READ_HERE[1] if data else READ_BY_LIBRARY[1],
        examples=_indented(f"{feed.name} = {_zeros(feed, document)}" for feed in program.inputs),
        inputs=inputs,
        answers=answers,
    )
    parts += [using.strip()]
    parts += [text for text in (writing_text(prepared),) if text]
    parts += ["## Files", _list(_files(weights, data, has_sample))]
    if data:
        parts += ["## Data", _data(source_of(document.data), prepared, data)]
    return "\n\n".join(parts) + "\n"


def _indented(lines: Iterable[str]) -> str:
    return "\n".join(f"    {line}".rstrip() for line in lines)


def _zeros(feed: Feed, document: Document) -> str:
    """A row of zeros, of the sizes that the drawing shows its costs for."""
    sizes = ", ".join(str(at_sizes(dim, document.sizes)) for dim in feed.type.shape)
    dtype = "" if feed.type.dtype == "float32" else f", dtype=torch.{feed.type.dtype}"
    return f"torch.zeros({sizes}{dtype})"


def _facts(prepared: Prepared, parameters: int) -> list[str]:
    program = prepared.program
    return [
        *(f"takes `{feed.name}`: {feed.type}" for feed in program.inputs),
        *(f"answers `{result.name}`: {result.type}" for result in program.returns),
        f"{parameters:,} parameters",
    ]


def _files(weights: str, data: DataExport | None, has_sample: bool) -> list[str]:
    lines = ["`model.py`: the network"]
    if data:
        lines.append("`train.py`: the recipe, the loss, the data and the training loop")
    if has_sample:
        lines.append("`sample.py`: makes new data")
    lines.append(f"`weights.safetensors`: {weights}")
    lines.append(f"`requirements.txt`: what they need; made with PyTorch {_torch_version()}")
    if data and data.files:
        lines.append("`data/`: what the network learns from")
    return lines


def _torch_version() -> str:
    return torch.__version__.partition("+")[0]


def _data(source: Source, prepared: Prepared, data: DataExport) -> str:
    known = [source.title]
    known += [f"by {source.origin}"] if source.origin else []
    known += [f"licence: {source.licence}"] if source.licence else []
    text = "; ".join(known) + "."
    if prepared.data.note:
        text += f" {prepared.data.note}"
    if not data.files and source.category == "Your files":
        text += " It is read from where it lay when this was exported; see the top of the data"
        text += " section in `train.py`."
    return _wrapped(text)


def _list(lines: list[str]) -> str:
    return "\n".join(
        textwrap.fill(f"- {one_line(line)}", WIDTH, subsequent_indent="  ") for line in lines
    )


def _wrapped(text: str) -> str:
    return textwrap.fill(one_line(text), WIDTH, break_long_words=False, break_on_hyphens=False)


def requirements_text(data: DataExport | None) -> str:
    """The packages that the folder needs."""
    known = {"torch": "torch>=2.6", "numpy": "numpy>=2.0", "pillow": "pillow>=11"}
    packages = ["torch", *(data.requirements if data else ())]
    return "".join(f"{known.get(name, name)}\n" for name in dict.fromkeys(packages))


def file_names(data: DataExport | None) -> dict[str, Path]:
    """Where each data file of the export comes from, by its place in the folder."""
    return {f"data/{path.name}": path for path in data.files} if data else {}
