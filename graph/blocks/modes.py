"""What differs between training and evaluation: Train or evaluate."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block
from graph.problems import Refusal
from graph.tensor import T, TensorType

_CHOICE = Snippet(
    "TrainOrEvaluate",
    '''\
class TrainOrEvaluate(nn.Module):
    """Passes one value on while training and another in evaluation."""

    def forward(self, training: Tensor, evaluation: Tensor) -> Tensor:
        return training if self.training else evaluation
''',
)


@block(
    "train_or_evaluate",
    title="Train or evaluate",
    category=Category.TRAINING,
    glyph="Te",
    keywords=("mode", "switch", "inference", "test", "self.training", "only while training"),
    stem="by_mode",
)
class TrainOrEvaluate(Block):
    """Passes one value on while the model trains, and another once it is used.

    Use it where both differ, such as noise that is only added in training. Both are worked out in
    either mode; what draws random numbers draws them in both.

    Shape: `(…), (…) -> (…)`, of one type.
    """

    port_help = {
        "training": "What goes on while training.",
        "evaluation": "What goes on in evaluation, of the same type.",
    }
    examples = (
        Example({}, training=T("N", 4), evaluation=T("N", 4)),
        Example({}, training=T("N", "T", dtype="int64"), evaluation=T("N", "T", dtype="int64")),
        Example({}, training=T("N", 4), evaluation=T("N", 5), fails="of one type"),
        Example({}, training=T("N", 4), evaluation=T("N", 4, dtype="int64"), fails="of one type"),
    )
    is_view = True
    stricter = {"of one type": "what follows is typed for both modes at once"}

    def infer(self, training: TensorType, evaluation: TensorType) -> TensorType:
        if training != evaluation:
            raise Refusal(
                f"passes on values of one type, but receives {training} in training and "
                f"{evaluation} in evaluation",
                port="evaluation",
                short=f"{evaluation} ≠ {training}",
            )
        return training

    def emit(self, training: TensorType, evaluation: TensorType) -> Emit:
        return Emit(
            "{y} = {choice}({training}, {evaluation})",
            {"choice": Call("TrainOrEvaluate")},
            snippets=(_CHOICE,),
        )
