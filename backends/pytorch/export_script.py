"""Trains or evaluates, as the command line asks; exported scripts hold this as it is."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from backends.data.readers.errors import DataError
from backends.pytorch.distributed import Team, join_team, leave_team
from backends.pytorch.loop import Objective, Progress, evaluate, fit
from backends.pytorch.place import CannotTrain
from backends.pytorch.recipe import Change, Recipe
from backends.pytorch.run import Epoch, Run
from backends.pytorch.stepping import learned_from
from backends.pytorch.weights_file import read_weights, write_weights

Rows = Mapping[str, Any]  # Any: numpy arrays by the name of their column


def parse_arguments(recipe: Recipe, folder: Path) -> argparse.Namespace:
    """What the person asks for; what is not said is as in the recipe."""
    parser = argparse.ArgumentParser(description="Trains the model in model.py.")
    parser.add_argument("--epochs", type=at_least(1), default=recipe.epochs)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default=recipe.device)
    parser.add_argument("--seed", type=at_least(0), default=recipe.seed)
    parser.add_argument(
        "--threads",
        type=at_least(0),
        default=recipe.threads,
        help="processor threads; 0 leaves one core free",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=folder / "trained.safetensors",
        metavar="FILE",
        help="where the trained weights go (trained.safetensors)",
    )
    parser.add_argument(
        "--evaluate",
        type=Path,
        nargs="?",
        const=folder / "weights.safetensors",
        metavar="FILE",
        help="train nothing: measure the weights in FILE (weights.safetensors)",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="keep the state in FILE after every epoch, and go on from there if it exists",
    )
    parser.add_argument(
        "--sharded",
        action="store_true",
        help="under torchrun: share out the weights (FSDP) in place of copying them (DDP)",
    )
    parser.add_argument(
        "--json", action="store_true", help="end with one line of JSON on standard output"
    )
    return parser.parse_args()


def at_least(lowest: int) -> Callable[[str], int]:
    """A reader of whole numbers from the lowest on."""

    def whole_number(text: str) -> int:
        if int(text) < lowest:
            raise argparse.ArgumentTypeError(f"{text} is less than {lowest}")
        return int(text)

    return whole_number


class Printed(Progress):
    """Prints what the first process does; keeps the state after every epoch where it may."""

    def __init__(self, team: Team, state: Path | None) -> None:
        self.team = team
        self.state = state

    def turned(self, change: Change, before: float | str) -> None:
        """A value of the recipe has changed."""
        if self.team.leads:
            super().turned(change, before)

    def epoch_ended(self, epoch: Epoch, run: Run) -> None:
        """An epoch is over, its validation included."""
        if self.team.leads:
            super().epoch_ended(epoch, run)
        if self.state is None:
            return
        held = run.state_dict()
        if self.team.leads:
            part = self.state.with_name(f".{self.state.name}.part")
            torch.save(held, part)
            part.replace(self.state)


def train_model(
    model: nn.Module,
    objective: Objective,
    train: Rows,
    test: Rows,
    recipe: Recipe,
    out: Path,
    team: Team,
    state: Path | None,
) -> dict[str, object]:
    """Trains, measures the kept weights on the test rows, and writes them."""
    held = None
    if state is not None and state.exists():
        held = torch.load(state, map_location="cpu", weights_only=True)
    run = fit(model, objective, train, recipe, Printed(team, state), held, team)
    epochs = [
        {"epoch": each.epoch, "train": each.train, "validation": each.validation}
        for each in run.history
    ]
    measured = measure_test(model, objective, test, run.recipe, team)
    weights = team.weights(model.state_dict())
    if team.leads:
        write_weights(out, weights)
        print(f"weights  {out}")
    device = run.place.device.type
    return {"device": device, "epochs": epochs, "test": measured, "weights": str(out)}


def measure_test(
    model: nn.Module, objective: Objective, test: Rows, recipe: Recipe, team: Team
) -> dict[str, float]:
    """The mean loss and metrics over the test rows; nothing where there are none."""
    text, measured = "there are no test rows", {}
    if test and len(next(iter(test.values()))):
        measured = evaluate(model, objective, test, recipe, team=team) or {}
        text = "  ".join(f"{name} {value:.4f}" for name, value in measured.items())
    if team.leads:
        print(f"test  {text}")
    return measured


def load_weights(model: nn.Module, path: Path) -> None:
    """Gives the model the weights of a file.

    Raises:
        ValueError: they do not fit, or the file is damaged.
    """
    try:
        model.load_state_dict(read_weights(path))
    except RuntimeError as error:
        raise ValueError(f"{path} does not fit model.py: {error}") from error


def check_writable(path: Path) -> None:
    """Finds out before the training, not after it, that a file cannot be written."""
    attempt = path.with_name(f".{path.name}.part")
    attempt.touch()
    attempt.unlink()


def main(
    make_model: Callable[[], nn.Module],
    objective: Objective,
    recipe: Recipe,
    load_data: Callable[[], tuple[Rows, Rows]],
    folder: Path,
) -> int:
    """Trains or evaluates; answers the exit code."""
    asked = parse_arguments(recipe, folder)
    recipe = replace(
        recipe,
        epochs=asked.epochs,
        device=asked.device,
        seed=asked.seed,
        threads=asked.threads,
    )
    team = join_team(sharded=asked.sharded)
    try:
        train, test = load_data()
        torch.manual_seed(recipe.seed)
        model = make_model()
        if asked.evaluate:
            load_weights(model, asked.evaluate)
            answer: dict[str, object] = {
                "test": measure_test(model, objective, test, learned_from(recipe, train), team),
                "weights": str(asked.evaluate),
            }
        else:
            check_writable(asked.out)
            answer = train_model(
                model, objective, train, test, recipe, asked.out, team, asked.state
            )
    except (CannotTrain, DataError, OSError, ValueError) as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    if asked.json and team.leads:
        print(json.dumps(answer))
    leave_team(team)
    return 0
