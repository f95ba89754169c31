"""A training loop as one writes it by hand in PyTorch.

It makes the choices that an expert makes: data in memory, channels last, fused optimizers. Like the
drawn training it measures every step, validates after every epoch, and keeps the best weights. It
begins with the same weights, and rows are split and shuffled by the same seeds, so that losses must
be equal.

`python -m benchmarks.training.by_hand TASK` trains in a process of its own.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from backends.pytorch.place import pick_threads
from backends.pytorch.prepare import Prepared, build_model, load_columns, prepare
from backends.pytorch.reuse import reused_memory
from benchmarks.training.tasks import TASKS, Task


@dataclass(frozen=True)
class Trained:
    """What a run came to.

    Attributes:
        losses: of each step.
        seconds: of each epoch, with its validation.
        cpu_ms: what a step took of the time of the training's thread; 0 where that is unknown.
    """

    losses: list[float]
    seconds: list[float]
    cpu_ms: float = 0.0


class ByHand:
    """A task with its data in memory."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.prepared: Prepared = prepare(task.document())
        arrays: Mapping[str, np.ndarray] = load_columns(self.prepared).train
        self.inputs, self.targets = (torch.from_numpy(column) for column in arrays.values())
        weights = build_model(self.prepared).model.parameters()
        self.weights = [weight.detach().clone() for weight in weights]
        recipe = self.prepared.recipe
        work = recipe.batch_size * sum(weight.numel() for weight in self.weights)
        self.threads = pick_threads(recipe.threads, work)

    def make_model(self) -> nn.Module:
        """The network with the weights that the drawn one begins with."""
        model = self.task.model()
        with torch.no_grad():
            for weight, value in zip(model.parameters(), self.weights, strict=True):
                weight.copy_(value)
        if self.inputs.dim() == 4:
            model = model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing in the stubs
        return model

    def make_optimizer(self, model: nn.Module) -> torch.optim.Optimizer:
        """The optimizer of the recipe."""
        recipe = self.prepared.recipe
        weights, rate, decay = model.parameters(), recipe.learning_rate, recipe.weight_decay
        if recipe.optimizer == "sgd":
            return torch.optim.SGD(weights, rate, recipe.momentum, 0, decay, fused=True)
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[recipe.optimizer]
        return kind(weights, rate, weight_decay=decay, fused=True)

    def train(self) -> Trained:
        """Trains from the beginning."""
        torch.set_num_threads(self.threads)
        with reused_memory():  # which makes either faster, by chance or a lot
            return self._train()

    def _train(self) -> Trained:
        recipe, batch_size = self.prepared.recipe, self.prepared.recipe.batch_size
        model = self.make_model()
        optimizer = self.make_optimizer(model)
        weights = list(model.parameters())
        clip_norm, is_language = recipe.clip_norm, self.task.is_language
        order = torch.randperm(len(self.inputs), generator=torch.Generator().manual_seed(0))
        apart = round(len(order) * recipe.validation_fraction)
        rows, validation = order[apart:].sort().values, order[:apart].sort().values
        losses: list[float] = []
        seconds: list[float] = []
        lowest, cpu_s = math.inf, time.thread_time()
        for epoch in range(recipe.epochs):
            started = time.perf_counter()
            generator = torch.Generator().manual_seed(epoch)
            shuffled = rows[torch.randperm(len(rows), generator=generator)]
            model.train()
            measured = 0.0
            for picked in torch.split(shuffled, batch_size):
                x, y = self.batch(picked)
                optimizer.zero_grad(set_to_none=True)
                scores = model(x)
                if is_language:
                    loss = functional.cross_entropy(scores.flatten(0, 1), y.flatten())
                    metric = torch.exp(loss)
                else:
                    loss = functional.cross_entropy(scores, y)
                    metric = (scores.argmax(1) == y).float().mean()
                loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
                if clip_norm:
                    nn.utils.clip_grad_norm_(weights, clip_norm)
                optimizer.step()
                losses.append(loss.item())
                measured += metric.item() * len(picked)
            loss_now, _ = self.evaluate(model, validation)
            if loss_now < lowest:
                lowest = loss_now
                best = {name: value.clone() for name, value in model.state_dict().items()}
            seconds.append(time.perf_counter() - started)
        cpu_s = time.thread_time() - cpu_s
        model.load_state_dict(best)
        return Trained(losses, seconds, 1000 * cpu_s / len(losses))

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Some rows, as the model takes them."""
        x = self.inputs.index_select(0, rows)
        if x.dtype == torch.uint8:
            x = x.to(torch.float32).div_(255)
        if x.dim() == 4:
            x = x.contiguous(memory_format=torch.channels_last)
        return x, self.targets.index_select(0, rows)

    @torch.no_grad()
    def evaluate(self, model: nn.Module, rows: Tensor) -> tuple[float, float]:
        """The means of loss and metric over some rows."""
        model.eval()
        total = measured = 0.0
        for picked in torch.split(rows, self.prepared.recipe.batch_size):
            x, y = self.batch(picked)
            scores = model(x)
            if self.task.is_language:
                loss = functional.cross_entropy(scores.flatten(0, 1), y.flatten())
                metric = torch.exp(loss)
            else:
                loss = functional.cross_entropy(scores, y)
                metric = (scores.argmax(1) == y).float().mean()
            total += loss.item() * len(picked)
            measured += metric.item() * len(picked)
        return total / len(rows), measured / len(rows)


def main(name: str) -> int:
    """Trains once; prints what it came to."""
    print(json.dumps(asdict(ByHand(TASKS[name]).train())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
