"""The metric of CTC: how much of what is read is wrong."""

from __future__ import annotations

from graph.block import Category, Emit, Role, Snippet, block
from graph.blocks._alignment import EXAMPLES, STRICTER, Aligned, full_lengths
from graph.params import param
from graph.tensor import T, TensorType

_RATE = Snippet(
    "edits_by_letter",
    '''\
def edits_by_letter(
    scores: Tensor, target: Tensor, places: Tensor, letters: Tensor, blank: int
) -> Tensor:
    """The edits from what is read (N, T, C) to the target (N, S), by its letters.

    Read is the likeliest class of each place, once in a row, without blanks.
    """
    path = scores.argmax(-1)
    before = F.pad(path, (1, -1), value=blank)
    heard = torch.arange(path.shape[1], device=path.device) < places[:, None]
    is_read = (path != blank) & (path != before) & heard
    count = torch.arange(target.shape[1] + 1, device=path.device)
    edits = count.expand(len(path), -1)  # from nothing to the first letters
    for place in range(path.shape[1]):
        replaced = edits[:, :-1] + (path[:, place, None] != target)
        kept = torch.minimum(edits[:, 1:] + 1, replaced)
        best = torch.cat([edits[:, :1] + 1, kept], dim=1)
        best = (best - count).cummin(dim=1).values + count  # missing ones
        edits = torch.where(is_read[:, place, None], best, edits)
    return edits.gather(1, letters[:, None].long()).sum() / letters.sum()
''',
)


@block(
    "ctc_error_rate",
    title="CTC error rate",
    category=Category.METRIC,
    glyph="Er",
    keywords=("speech", "handwriting", "character error rate", "cer", "word error rate", "edits"),
    role=Role.METRIC,
)
class CtcErrorRate(Aligned):
    """The share of letters that are read wrongly: missing, too many, or others.

    Use it beside CTC. What is read is the likeliest class of each place, once where it stands in
    a row, without blanks (greedy decoding). The fewest edits that make the target of it are
    divided by the letters of the targets, so that it may come to more than 1.

    Shape: `(N, T, C), (N, S), (N), (N) -> ()`; with time first `(T, N, C), …`. Without lengths
    all are as long as there is room. Each batch has its own, and an epoch shows their mean.
    """

    outputs = ("error_rate",)
    stricter = STRICTER

    blank: int = param(default=0, ge=0, help="Which class is the blank.")
    time_first: bool = param(
        default=False, help="The prediction is (T, N, C), as torch has it, and not (N, T, C)."
    )

    examples = EXAMPLES

    def infer(
        self,
        prediction: TensorType,
        target: TensorType,
        input_lengths: TensorType | None = None,
        target_lengths: TensorType | None = None,
    ) -> TensorType:
        super().infer(prediction, target, input_lengths, target_lengths)
        return T()

    def emit(
        self,
        prediction: TensorType,
        target: TensorType,
        input_lengths: TensorType | None = None,
        target_lengths: TensorType | None = None,
    ) -> Emit:
        lines = []
        lines += (
            [] if input_lengths else ["{_places} = " + full_lengths(0 if self.time_first else 1)]
        )
        lines += [] if target_lengths else ["{_letters} = " + full_lengths(1, "target")]
        words = [
            "{prediction}.transpose(0, 1)" if self.time_first else "{prediction}",
            "{target}",
            "{input_lengths}" if input_lengths else "{_places}",
            "{target_lengths}" if target_lengths else "{_letters}",
            "{blank}",
        ]
        lines.append(f"{{error_rate}} = edits_by_letter({', '.join(words)})")
        return Emit("\n".join(lines), values={"blank": self.blank}, snippets=(_RATE,))
