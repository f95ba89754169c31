"""One block on its own: its code printed, built and run on inputs made up for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from backends import probing
from backends.pytorch.compile import build
from backends.pytorch.source import Source, print_source
from graph import probes
from graph.block import Block, Emit
from graph.infer import InputTypes, arguments
from graph.lower import Feed, Program, Result, Step
from graph.model import Endpoint, NodeId
from graph.problems import Refusal
from graph.tensor import TensorType, symbols_in

SEED = 7
SMALL = {"N": 2}
LARGE = {"N": 3}


@dataclass(frozen=True)
class Trial:
    """A block and the types of its inputs, by port; a list for a many port."""

    block: Block
    inputs: InputTypes

    def __str__(self) -> str:
        given = {
            port: str(types) if isinstance(types, TensorType) else [str(t) for t in types]
            for port, types in self.inputs.items()
        }
        return f"{self.block.kind.name} {self.block.values()} on {given}"

    def arguments(self) -> list[TensorType | None]:
        """The input types in the order in which the block's methods take them."""
        return arguments(type(self.block), self.inputs)

    def outputs(self) -> dict[str, TensorType]:
        """What inference says of the outputs.

        Raises:
            Refusal: the block refuses these inputs.
        """
        with probes.listening() as asked:
            try:
                return self.block.output_types(*self.arguments())
            except Refusal:
                if not asked:
                    raise
        probing.answer(asked)
        return self.block.output_types(*self.arguments())

    def emit(self) -> Emit:
        """The code of the block for these inputs."""
        return type(self.block).emit(self.block, *self.arguments())

    def at(self, sizes: Mapping[str, int]) -> Trial:
        """The same with open sizes replaced by numbers."""
        sized: dict[str, TensorType | list[TensorType]] = {}
        for port, types in self.inputs.items():
            if isinstance(types, TensorType):
                sized[port] = types.at(sizes)
            else:
                sized[port] = [each.at(sizes) for each in types]
        return Trial(self.block, sized)

    def types(self) -> list[TensorType]:
        """The types of all wires, in the order in which the printed model takes them."""
        found: list[TensorType] = []
        for types in self.inputs.values():
            found += [types] if isinstance(types, TensorType) else types
        return found


def sizes_of(trial: Trial, start: int, batch: Mapping[str, int]) -> dict[str, int]:
    """A number for each open size, all different: N as `batch` says, the others from `start` on."""
    names = {name for type_ in trial.types() for dim in type_.shape for name in symbols_in(dim)}
    others = sorted(names - {"N"})
    return {**batch, **{name: start + number for number, name in enumerate(others)}}


def program_of(trial: Trial, outputs: Mapping[str, TensorType], chained: bool = False) -> Program:
    """A program of just this block, which returns all its outputs.

    Args:
        trial: the block and its inputs.
        outputs: the types of what it gives.
        chained: whether each input first passes through a step of its own, as in a larger model,
            where the variable `x` is used again and again.
    """
    feeds: list[Feed] = []
    body: list[Step] = []
    wires: dict[str, tuple[Endpoint, ...]] = {}
    for port, types in trial.inputs.items():
        ends: list[Endpoint] = []
        for type_ in [types] if isinstance(types, TensorType) else types:
            number = len(feeds)
            feeds.append(Feed(NodeId(f"in{number}"), f"given{number}", f"c{number}", type_))
            ends.append((feeds[-1].node, "y"))
            if chained:
                node = NodeId(f"pass{number}")
                copy = Emit("{y} = {x}.clone()")
                body.append(
                    Step(node, node, "", copy, {"x": (ends[-1],)}, frozenset(), {"y": type_})
                )
                ends[-1] = (node, "y")
        wires[port] = tuple(ends)
    many = frozenset(port.name for port in trial.block.inputs if port.many)
    node = NodeId("tried")
    body.append(Step(node, "tried", "", trial.emit(), wires, many, dict(outputs)))
    results = tuple(Result(f"out_{port}", (node, port), t) for port, t in outputs.items())
    return Program(
        trial.block.kind.title, "", tuple(feeds), tuple(body), results, (), (), (), (), ()
    )


def source_of(
    trial: Trial, outputs: Mapping[str, TensorType] | None = None, chained: bool = False
) -> Source:
    """The printed source of a model of just this block."""
    return print_source(program_of(trial, outputs or trial.outputs(), chained))


def devices_of(trial: Trial) -> tuple[str, ...]:
    """Where its code runs: on the meta device only if it looks at no numbers."""
    return ("cpu",) if trial.block.reads & set(trial.inputs) else ("meta", "cpu")


def model_of(source: Source, device: str = "cpu", seed: int = SEED) -> nn.Module:
    """The verified and executed model."""
    with torch.device(device):
        return build(source.model, "", seed).model


def tensors_for(
    trial: Trial, device: str = "cpu", seed: int = SEED, largest: int = 1
) -> list[Tensor]:
    """Inputs of the trial's types, whose sizes must be known.

    Whole numbers go from 0 to `largest`, which should be a valid class and index; the first of
    truth values along the last axis is true, so that no mask hides everything. Where the block
    names a range, all are in it.
    """
    random = torch.Generator().manual_seed(seed)
    made: list[Tensor] = []
    for port, types in trial.inputs.items():
        within = trial.block.ranges.get(port)
        for type_ in [types] if isinstance(types, TensorType) else types:
            tensor = _within(type_, random, within) if within else None
            made.append(_tensor(type_, random, largest) if tensor is None else tensor)
    return [tensor.to(device) for tensor in made]


def _within(type_: TensorType, random: torch.Generator, within: tuple[int, int]) -> Tensor | None:
    """Numbers in a range; None for truth values and complex numbers."""
    low, high = within
    shape = [dim for dim in type_.shape if isinstance(dim, int)]
    dtype = getattr(torch, type_.dtype)
    if type_.is_integer:
        return torch.randint(low, high + 1, shape, generator=random, dtype=dtype)
    if not type_.is_float:
        return None
    return (low + (high - low) * torch.rand(shape, generator=random)).to(dtype)


def _tensor(type_: TensorType, random: torch.Generator, largest: int) -> Tensor:
    shape = [dim for dim in type_.shape if isinstance(dim, int)]
    dtype = getattr(torch, type_.dtype)
    if type_.dtype == "bool":
        chosen = torch.rand(shape, generator=random) < 0.6
        if shape:
            chosen[..., 0] = True
        return chosen
    if type_.is_integer:
        return torch.randint(0, largest + 1, shape, generator=random, dtype=dtype)
    return torch.randn(shape, generator=random, dtype=torch.float32).to(dtype)


def run(model: nn.Module, inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The model's outputs, always as a tuple."""
    answer = model(*inputs)
    return answer if isinstance(answer, tuple) else (answer,)


def type_of(tensor: Tensor) -> TensorType:
    """The type of a real tensor."""
    return TensorType(tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."))
