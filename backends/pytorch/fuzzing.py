"""Random parameters and inputs: inference and torch both accept and agree, or both refuse."""

from __future__ import annotations

import random
from collections.abc import Mapping

from backends.pytorch.strictness import ask_torch, is_stricter
from backends.pytorch.trial import SMALL, Trial, sizes_of
from graph.block import Block
from graph.infer import InputTypes
from graph.params import Param, Plain
from graph.problems import Refusal
from graph.tensor import DTYPES, TensorType, symbol

_TEXTS = ("", "1", "2, 3", "-1", "-1, 2", "4, 4", "2, -1, 2", "x")
_LENGTHS: Mapping[str, int] = {"size2": 2, "size3": 3}
LARGEST = 12
# Open sizes are taken to be long enough for what is cut from them.
LARGE_SIZES = (997, 1200)


def random_value(declared: Param, rng: random.Random) -> Plain:
    """A value within the bounds, small enough to run."""
    if declared.kind == "bool":
        return rng.random() < 0.5
    if declared.kind == "choice":
        return rng.choice(declared.choices)
    if declared.kind == "text":
        return rng.choice(_TEXTS)
    if declared.kind == "float":
        return _random_float(declared, rng)
    if declared.kind == "int":
        return _random_int(declared, rng)
    length = _LENGTHS.get(declared.kind, rng.randint(0, 3))
    return tuple(_random_int(declared, rng) for _ in range(length))


def _random_float(declared: Param, rng: random.Random) -> float:
    low = -2.0 if declared.ge is None else declared.ge
    low = low if declared.gt is None else declared.gt + 1e-3
    high = low + 4 if declared.le is None else min(declared.le, low + 4)
    return rng.choice((low, high, rng.uniform(low, high)))


def _random_int(declared: Param, rng: random.Random) -> int:
    low = int(declared.ge) if declared.ge is not None else -3
    return rng.randint(low, min(int(declared.le or low + 5), low + 5))


def random_values(block: type[Block], rng: random.Random) -> dict[str, Plain]:
    """Values for some of the parameters."""
    return {
        name: random_value(declared, rng)
        for name, declared in block.params.items()
        if rng.random() < 0.4
    }


def random_trial(block: type[Block], rng: random.Random) -> Trial:
    """One of the block's examples, changed here and there."""
    example = rng.choice(block.examples)
    known = Trial(block.build(example.params), example.inputs)
    inputs = known.at(sizes_of(known, rng.randint(2, LARGEST), SMALL)).inputs
    values = {**example.params, **random_values(block, rng)}
    changes = rng.choice((0, 0, 1, 1, 2, 4))
    return Trial(block.build(values), _changed(inputs, changes, rng))


def _changed(inputs: InputTypes, changes: int, rng: random.Random) -> InputTypes:
    made = {port: list(t) if isinstance(t, list) else t for port, t in inputs.items()}
    for _ in range(changes):
        if not made:
            break
        port = rng.choice(list(made))
        there = made[port]
        if isinstance(there, list):
            at = rng.randrange(len(there))
            there[at] = _change(there[at], rng)
            if rng.random() < 0.1:
                there.append(there[at])
        else:
            made[port] = _change(there, rng)
    return made


def _change(type_: TensorType, rng: random.Random) -> TensorType:
    shape = list(type_.shape)
    match rng.choice(("size", "size", "one", "add", "drop", "swap", "dtype")):
        case "size" if shape:
            shape[rng.randrange(len(shape))] = rng.randint(1, LARGEST)
        case "one" if shape:
            shape[rng.randrange(len(shape))] = 1
        case "add" if len(shape) < 6:
            shape.insert(rng.randint(0, len(shape)), rng.randint(1, 4))
        case "drop" if shape:
            del shape[rng.randrange(len(shape))]
        case "swap" if len(shape) > 1:
            one, other = rng.sample(range(len(shape)), 2)
            shape[one], shape[other] = shape[other], shape[one]
        case "dtype":
            return type_.with_dtype(rng.choice(DTYPES))
    return type_.with_shape(*shape)


def disagreements(block: type[Block], count: int, seed: int) -> list[str]:
    """What inference and torch, or inference with open sizes and without, see differently."""
    rng = random.Random(f"{seed} {block.kind.name}")
    found = []
    for _ in range(count):
        trial = random_trial(block, rng)
        try:
            text = _disagreement(trial) or _disagreement_when_open(trial, rng)
        except Exception as error:
            error.add_note(f"while trying {trial}")
            raise
        if text:
            found.append(f"{trial}: {text}")
    return found


def _disagreement(trial: Trial) -> str:
    block = type(trial.block)
    try:
        expected = trial.outputs()
    except Refusal as refusal:
        if is_stricter(block, refusal):
            return ""
        answer = ask_torch(trial)
        accepted = not isinstance(answer, Exception)
        return f"refused ({refusal.text}), but torch gives {_show(answer)}" if accepted else ""
    answer = ask_torch(trial)
    if isinstance(answer, Exception):
        return f"accepted, but torch refuses: {type(answer).__name__}: {answer}"
    if answer != tuple(expected.values()):
        return f"is to give {_show(tuple(expected.values()))}, but torch gives {_show(answer)}"
    return ""


def _disagreement_when_open(trial: Trial, rng: random.Random) -> str:
    """Opens one size wherever it stands: what is then accepted must say the same."""
    sizes = sorted({dim for type_ in trial.types() for dim in type_.shape if isinstance(dim, int)})
    if not sizes:
        return ""
    chosen = rng.choice(sizes)
    opened = Trial(
        trial.block, {port: _open(types, chosen) for port, types in trial.inputs.items()}
    )
    for size in LARGE_SIZES:
        try:
            answers = {port: type_.at({"Q": size}) for port, type_ in opened.outputs().items()}
            closed = opened.at({"Q": size}).outputs()
        except Refusal:
            continue
        if answers != closed:
            return f"with {chosen} open and then {size} it gives {_show(tuple(answers.values()))}"
    return ""


def _open(types: TensorType | list[TensorType], size: int) -> TensorType | list[TensorType]:
    if isinstance(types, list):
        return [t for each in types if isinstance(t := _open(each, size), TensorType)]
    return types.with_shape(*(symbol("Q") if dim == size else dim for dim in types.shape))


def _show(types: object) -> str:
    return ", ".join(map(str, types)) if isinstance(types, tuple) else str(types)
