"""Makes new data, as the command line asks; exported scripts hold this as it is."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from backends.pytorch.sampling import new_data
from backends.pytorch.weights_file import read_weights


@dataclass(frozen=True)
class Recipe:
    """How new data come about.

    Attributes:
        schedule: what the model calls the module that adds noise.
        sizes: of one row of noise.
        noisy, step: what the denoiser calls its first two inputs.
        told: further inputs of the denoiser, such as which class is wanted.
    """

    schedule: str
    sizes: tuple[int, ...]
    noisy: str
    step: str
    told: tuple[str, ...] = ()


def parse_arguments(recipe: Recipe, folder: Path) -> argparse.Namespace:
    """What the person asks for."""
    trained, fresh = folder / "trained.safetensors", folder / "weights.safetensors"
    weights = trained if trained.exists() else fresh
    parser = argparse.ArgumentParser(description="Makes new data with trained weights.")
    parser.add_argument("--weights", type=Path, default=weights, help=f"({weights.name})")
    parser.add_argument("--count", type=int, default=64, help="how many rows (64)")
    parser.add_argument("--method", choices=("ddim", "ddpm"), default="ddim")
    parser.add_argument("--steps", type=int, default=50, help="the steps of ddim (50)")
    parser.add_argument("--eta", type=float, default=0.0, help="noise that ddim puts back, 0 to 1")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("samples.csv"), help="(samples.csv)")
    for name in recipe.told:
        parser.add_argument(
            f"--{name}", required=True, metavar="NUMBERS", help="such as 3, or 0,1,2 in turn"
        )
    return parser.parse_args()


def in_turn(text: str, count: int) -> Tensor:
    """So many whole numbers, those of the text again and again."""
    numbers = itertools.cycle(int(number) for number in text.split(","))
    return torch.tensor(list(itertools.islice(numbers, count)))


def part(make: Callable[[], nn.Module], model: nn.Module) -> nn.Module:
    """A part of the model, with the weights that the model has."""
    made = make().eval()
    state = model.state_dict()
    made.load_state_dict({name: state[name] for name in made.state_dict()})
    return made


def main(
    make_model: Callable[[], nn.Module],
    make_denoiser: Callable[[], nn.Module],
    make_decoder: Callable[[], nn.Module] | None,
    recipe: Recipe,
    folder: Path,
    in_unit: Callable[[Tensor], Tensor] | None = None,
) -> int:
    """Makes new data and writes them, a row each; answers the exit code.

    Args:
        in_unit: gives the data back the unit that they had before the model.
    """
    asked = parse_arguments(recipe, folder)
    try:
        model = make_model()
        model.load_state_dict(read_weights(asked.weights))
        denoiser = part(make_denoiser, model)
        decoder = part(make_decoder, model) if make_decoder else None
        told = {name: in_turn(getattr(asked, name), asked.count) for name in recipe.told}

        def guess(x: Tensor, step: Tensor) -> Tensor:
            answer: Tensor = denoiser(**{recipe.noisy: x, recipe.step: step, **told})
            return answer

        torch.manual_seed(asked.seed)
        made = new_data(
            guess,
            model.get_buffer(f"{recipe.schedule}.kept"),
            torch.randn(asked.count, *recipe.sizes),
            decoder,
            method=asked.method,
            steps=asked.steps,
            eta=asked.eta,
        )
        made = in_unit(made) if in_unit else made
        rows = made.flatten(1).tolist()
        asked.out.write_text("".join(",".join(f"{n:.7g}" for n in row) + "\n" for row in rows))
    except (OSError, RuntimeError, ValueError) as error:
        print(f"{Path(sys.argv[0]).name}: {error}", file=sys.stderr)
        return 1
    print(f"{len(rows)} rows  {asked.out}")
    return 0
