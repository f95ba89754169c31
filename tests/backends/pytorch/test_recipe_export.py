"""Whatever the recipe asks for, the exported script trains as the window does, bit for bit."""

import pytest

from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.test_export import check_same_losses

CPU = {"device": "cpu", "threads": 1, "epochs": 3}


@pytest.mark.parametrize(
    "recipe",
    [
        {
            "optimizer": "lion", "beta2": 0.99, "accumulate": 2, "averaging": "ema",
            "precision": "bfloat16", "schedule": "multi-step", "milestones": (1, 2),
            "clip_value": 0.5, "weight_decay": 0.1, "decay_all": False,
        },
        pytest.param({
            "optimizer": "schedule-free-adamw", "precision": "float16", "clip_norm": 0.5,
            "keep": "last", "schedule": "plateau", "plateau_epochs": 0, "deterministic": True,
        }, marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_the_exported_script_trains_by_the_same_recipe(recipe, tmp_path):
    check_same_losses(iris_mlp(**CPU, **recipe), tmp_path)
