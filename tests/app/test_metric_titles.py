"""What measured values are called."""

import pytest

from app.metric_titles import metric_title, metric_word


@pytest.mark.parametrize(
    ("name", "title", "word"),
    [("loss", "Loss", "loss"), ("mse", "MSE", "MSE"), ("mse2", "MSE 2", "MSE 2"),
     ("cross_entropy", "Cross-entropy", "cross-entropy"), ("accuracy", "Accuracy", "accuracy"),
     ("price_error", "Price error", "price error"), ("R2", "R2", "R2"), ("", "", "")],
)  # fmt: skip
def test_a_measured_value_is_called_as_its_block_is(name, title, word):
    assert metric_title(name) == title
    assert metric_word(name) == word
