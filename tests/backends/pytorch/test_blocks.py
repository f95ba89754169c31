"""Every block against torch: the harness over the whole registry."""

import pytest
import torch

from backends.pytorch.testing import check_fuzz, checks_of
from graph.registry import default_registry

BLOCKS = default_registry().blocks()
RUNNING = [block for block in BLOCKS if check_fuzz in checks_of(block).values()]


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


@pytest.mark.parametrize(
    ("block", "check"),
    [
        pytest.param(block, check, id=f"{block.kind.name}-{name}")
        for block in BLOCKS
        for name, check in checks_of(block).items()
    ],
)
def test_a_block_passes_the_harness(block, check):
    check(block)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("block", RUNNING, ids=lambda block: block.kind.name)
def test_inference_and_torch_agree_on_many_random_uses(block, seed):
    check_fuzz(block, count=400, seed=seed + 100)
