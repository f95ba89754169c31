"""Several processes that train one model together, as torchrun starts them.

Each computes its part of every batch. Losses, metrics and gradients are means over the rows of all
of them, so two processes with half a batch each do what one does with the whole batch. On CUDA,
BatchNorm looks at the rows of all processes; on a CPU it looks at those of its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import fully_shard
from torch.distributed.rendezvous import rendezvous
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.nn.parallel import DistributedDataParallel

from backends.pytorch.learning import Losses
from backends.pytorch.place import CannotTrain
from backends.pytorch.recipe import Recipe
from backends.pytorch.rows import Cut

STATE, WEIGHTS = "state", "weights"
CANNOT_FREEZE = (
    "Blocks cannot be frozen, or learn again, while weights are shared out (FSDP). Freeze them "
    "before the run begins, or train with whole copies of the model (DDP)."
)


class Team:
    """The processes that train one model, as one of them sees it; by default, it is alone.

    Attributes:
        sharded: whether each holds a part of the weights (FSDP2), in place of all of them (DDP).
        meet: called before all processes take part in what the loop does not wait for.
        before_gathering: told which of `STATE` and `WEIGHTS` all processes must now ask for.
    """

    def __init__(self, rank: int = 0, size: int = 1, *, sharded: bool = False) -> None:
        self.rank, self.size = rank, size
        self.sharded = sharded and size > 1
        self.meet: Callable[[], object] = lambda: None
        self.before_gathering: Callable[[str], object] = lambda what: None
        self._weight = 1.0  # of this process's part of the batch
        self._by_hand = False  # whether gradients become means here

    @property
    def leads(self) -> bool:
        """Whether this process is the one that tells and writes."""
        return self.rank == 0

    # ------------------------------------------------------------- rows

    def share(self, cut: Cut) -> Cut:
        """The part of a batch that is this process's; where rows are few, one that counts for 0."""
        start, stop = cut
        rows = stop - start
        mine = (start + rows * self.rank // self.size, start + rows * (self.rank + 1) // self.size)
        return mine if mine[0] < mine[1] else (start, start + 1)

    def begin(self, cut: Cut) -> None:
        """The part of this batch comes next.

        Its mean counts as much as it has rows: so the mean over processes is the mean over rows.
        """
        if self.size > 1:
            rows = cut[1] - cut[0]
            mine = rows * (self.rank + 1) // self.size - rows * self.rank // self.size
            self._weight = self.size * mine / rows

    def weighted(self, loss: Tensor) -> Tensor:
        """The loss over this process's part, by as much as it counts."""
        return loss if self._weight == 1 else loss * self._weight

    def means(
        self, losses: Losses, metrics: Mapping[str, Tensor]
    ) -> tuple[Losses, Mapping[str, Tensor]]:
        """Losses and metrics over this process's part as means over the rows of all."""
        if self.size == 1:
            return losses, metrics
        each = [losses] if isinstance(losses, Tensor) else list(losses.values())
        packed = torch.stack([value.detach().double() for value in (*each, *metrics.values())])
        packed = packed * (self._weight / self.size) if self._weight else torch.zeros_like(packed)
        dist.all_reduce(packed)
        found = list(packed)
        shown = dict(zip(metrics, found[len(each) :], strict=True))
        if isinstance(losses, Tensor):
            return found[0], shown
        return dict(zip(losses, found[: len(each)], strict=True)), shown

    def seed(self, seed: int) -> None:
        """Starts the random numbers of this process, which differ from those of the others."""
        torch.manual_seed(seed + 1_000_003 * self.rank)

    def first(self, number: float) -> float:
        """What a number is in the first process."""
        if self.size == 1:
            return number
        told = torch.tensor(number, dtype=torch.float64)
        dist.broadcast(told, 0)
        return float(told)

    # ------------------------------------------------------------- model

    def spread(self, model: nn.Module, recipe: Recipe, device: torch.device) -> nn.Module:
        """The model as training calls it; its weights are the same in all processes, or shared out.

        Raises:
            CannotTrain: the recipe or the machine does not allow it.
        """
        if self.size == 1:
            return model
        _need_own_gpu(device)
        _check_recipe(recipe, sharded=self.sharded)
        if device.type == "cuda":
            nn.SyncBatchNorm.convert_sync_batchnorm(model)  # type: ignore[no-untyped-call]  # torch's
        if self.sharded:
            _copy_from_first(model)
            _shard(model, device)
            return model
        if not recipe.parts and any(weight.requires_grad for weight in model.parameters()):
            # a branch that no loss depends on is fine, and so is that there is none
            return DistributedDataParallel(model, find_unused_parameters=True)
        self._by_hand = True  # who takes turns asks for the gradients of some weights only
        _copy_from_first(model)
        return model

    def spread_anew(self, network: nn.Module, model: nn.Module, recipe: Recipe) -> nn.Module:
        """The same after other weights of the model have begun to learn.

        Raises:
            CannotTrain: the weights are shared out, of which each was told at first.
        """
        if self.sharded:
            raise CannotTrain(CANNOT_FREEZE)
        if self.size == 1 or self._by_hand:
            return network
        made: nn.Module = DistributedDataParallel(model, find_unused_parameters=True)
        if isinstance(network, torch._dynamo.eval_frame.OptimizedModule):
            made = torch.compile(made)  # type: ignore[assignment]  # a module, as its stubs hide
        return made

    def average_gradients(self, weights: Iterable[nn.Parameter]) -> None:
        """Makes gradients means over processes, where nothing else has."""
        if not self._by_hand:
            return
        gradients = [weight.grad for weight in weights if weight.grad is not None]
        if not gradients:
            return
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.size
        parts = torch.split(flat, [gradient.numel() for gradient in gradients])
        for gradient, mean in zip(gradients, parts, strict=True):
            gradient.copy_(mean.view_as(gradient))

    def same_buffers(self, model: nn.Module) -> None:
        """Gives all processes what the first has counted beside the weights, as BatchNorm does."""
        if self.size > 1:
            self.meet()
            for buffer in model.buffers():
                dist.broadcast(buffer, 0)

    # ------------------------------------------------------------- state

    def state(self, state: dict[str, Any]) -> dict[str, Any]:  # Any: plain values and tensors
        """The state of a run as the first process keeps it; all must ask for it."""
        if self.size == 1:
            return state
        self.before_gathering(STATE)
        whole = {name: self._whole(value) for name, value in state.items()}
        return {**whole, "others_random": self._others_random(state["random"])}

    def weights(self, weights: dict[str, Tensor]) -> dict[str, Tensor]:
        """Weights that are whole, in the first process; all must ask for them."""
        if self.size > 1:
            self.before_gathering(WEIGHTS)
        return {name: self._whole(weight) for name, weight in weights.items()}

    def _whole(self, value: Any) -> Any:  # Any: as above
        if isinstance(value, DTensor):
            whole = value.full_tensor()
            return whole.cpu() if self.leads else None
        if isinstance(value, Mapping):
            return {name: self._whole(held) for name, held in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._whole(held) for held in value)
        return value

    def scattered(
        self, state: Mapping[str, Tensor], like: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """Whole tensors as this process's parts of them, shared out like those of the same name."""
        return {
            name: _part(value, like[name]) if name in like else value
            for name, value in state.items()
        }

    def scattered_optimizer(
        self, state: dict[str, Any], optimizer: torch.optim.Optimizer
    ) -> dict[str, Any]:  # Any: as torch's own state_dict
        """The state of an optimizer, shared out like the weights that it trains."""
        if not self.sharded:
            return state
        weights = [weight for group in optimizer.param_groups for weight in group["params"]]
        shared = {
            number: {name: _part(value, weights[number]) for name, value in held.items()}
            for number, held in state["state"].items()
        }
        return {**state, "state": shared}

    def own_random(self, state: Mapping[str, Any]) -> Mapping[str, Tensor]:  # Any: as above
        """Where the random numbers of this process stood; as those of the first, if unknown."""
        states = [state["random"], *state.get("others_random", ())]
        found: Mapping[str, Tensor] = states[self.rank if len(states) == self.size else 0]
        return found

    def _others_random(self, own: Mapping[str, Tensor]) -> list[dict[str, Tensor]]:
        """Where the random numbers of all processes but the first stand."""
        states: list[dict[str, Tensor]] = [{} for _ in range(self.size)]
        for name, state in own.items():
            each = [torch.empty_like(state) for _ in range(self.size)]
            dist.all_gather(each, state)
            for held, found in zip(states, each, strict=True):
                held[name] = found
        return states[1:]


ALONE = Team()


def join_team(*, sharded: bool = False) -> Team:
    """The team that torchrun has put this process into; a team of one where it has not."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return Team()
    has_gpus = torch.cuda.is_available()
    if has_gpus:
        torch.cuda.set_device(_local_rank() % torch.cuda.device_count())
    store, rank, size = next(rendezvous("env://"))
    # torch finds the addresses of processes that have died if those started anew meet there again
    attempt = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0")
    store = dist.PrefixStore(attempt, store)  # type: ignore[attr-defined]  # it is documented there
    backend = "cpu:gloo,cuda:nccl" if has_gpus else "gloo"
    dist.init_process_group(backend, store=store, rank=rank, world_size=size)
    return Team(rank, size, sharded=sharded)


def leave_team(team: Team) -> None:
    """Waits for the others and ends this process; without others it does nothing.

    It ends at once, for gloo's threads may trip over a usual end and make the whole a failure.
    """
    if team.size > 1:
        dist.barrier()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def _local_rank() -> int:
    return int(os.environ.get("LOCAL_RANK", "0"))


def _need_own_gpu(device: torch.device) -> None:
    here = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    if device.type == "cuda" and here > torch.cuda.device_count():
        raise CannotTrain(
            f"This machine has {torch.cuda.device_count()} GPUs, and each process needs its own. "
            "Start as many processes as there are GPUs, or take the device “cpu”."
        )
    if device.type == "mps":
        raise CannotTrain("Processes cannot share Apple's GPU. Take the device “cpu”.")


def _check_recipe(recipe: Recipe, *, sharded: bool) -> None:
    names = {part.optimizer for part in recipe.parts} or {recipe.optimizer}
    if "lbfgs" in names:
        raise CannotTrain(
            "LBFGS cannot be used by several processes: it looks for its step on all rows at once. "
            "Take another optimizer, or train in one process."
        )
    if recipe.max_minutes:
        raise CannotTrain(
            "Several processes have no time limit in common. Give the most steps or epochs instead."
        )
    if sharded and recipe.precision == "float16":
        raise CannotTrain(
            "Shared-out weights (FSDP) cannot be trained in float16: what is too large shows "
            "in one process only. Take bfloat16, or whole copies of the model (DDP)."
        )
    if sharded and recipe.parts:
        raise CannotTrain(
            "A drawing with several Optimizers cannot share out its weights (FSDP): they train "
            "parts of them in turn. Take whole copies of the model (DDP)."
        )


def _copy_from_first(model: nn.Module) -> None:
    for value in (*model.parameters(), *model.buffers()):
        dist.broadcast(value.data, 0)


def _shard(model: nn.Module, device: torch.device) -> None:
    """Shares out the weights: those of each composite of the drawing together, then the rest."""
    for weight in model.parameters():  # it takes no others, such as channels-last ones
        weight.data = weight.data.contiguous()
    mesh = init_device_mesh(device.type, (dist.get_world_size(),))
    for part in _composites(model):
        fully_shard(part, mesh=mesh)
    fully_shard(model, mesh=mesh)


def _composites(model: nn.Module) -> Iterator[nn.Module]:
    """The modules of the drawing's own classes whose weights nobody else uses, inner ones first."""
    used: dict[int, int] = {}
    for weight in (w for _, w in model.named_parameters(remove_duplicate=False)):
        used[id(weight)] = used.get(id(weight), 0) + 1
    for part in reversed(list(model.modules())):
        own = part is not model and type(part).__module__ == type(model).__module__
        weights = list(part.parameters())
        if own and weights and all(used[id(weight)] == 1 for weight in weights):
            yield part


def _part(value: Any, like: Tensor) -> Any:  # Any: a tensor, or a number that optimizers keep
    if not isinstance(like, DTensor) or not isinstance(value, Tensor) or value.shape != like.shape:
        return value
    return distribute_tensor(value.to(like.device), like.device_mesh, like.placements)
