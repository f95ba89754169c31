"""Blocks that went through a chat and back."""

import pytest

from graph import clipboard
from graph.fileio import clip_from_text, clip_to_text
from graph.problems import UserError
from graph.quoted import find_json
from tests.drawing import chain

DRAWING = chain("input conv2d relu dense")
CLIP = clipboard.copy(DRAWING, DRAWING.graph.nodes)
TEXT = clip_to_text(CLIP)
WRAPPED = TEXT.replace(", ", ",\n")

AS_CHATS_SHOW_IT = {
    "plain": TEXT,
    "fenced": f"```json\n{TEXT}\n```",
    "among words": f"Look {{here}}: {TEXT} What do you think? {{}}",
    "quoted": "On Monday you wrote:\n> " + WRAPPED.replace("\n", "\n> "),
    "quoted twice": "> > " + WRAPPED.replace("\n", "\r\n> > "),
    "curly": TEXT.replace('": ', "”: ").replace('"', "“"),
    "low quotes": TEXT.replace('"', "„"),
    "hard spaces": WRAPPED.replace(" ", "\u00a0"),
    "invisible": "\ufeff" + TEXT.replace(":", ":\u200b"),
    "escaped": TEXT.replace('"', "&quot;"),
}


@pytest.mark.parametrize("shown", AS_CHATS_SHOW_IT)
def test_blocks_come_back_from_a_chat(shown):
    assert clip_from_text(AS_CHATS_SHOW_IT[shown]) == CLIP


@pytest.mark.parametrize(
    "text",
    [
        "",
        "torchloom-clip",
        "{torchloom-clip}" * 100,
        "{" * 50_000 + "torchloom-clip",
        '{"a":' * 200_000 + "torchloom-clip",
        '{"torchloom-clip":1,"a":[' + '{"b":1},' * 200_000,
    ],
    ids=["empty", "named", "often", "open", "deep", "cut off"],
)
def test_text_that_only_mentions_blocks_is_refused(text):
    with pytest.raises(UserError, match="no blocks"):
        clip_from_text(text)


def test_curly_quotes_in_a_name_stay_where_the_rest_is_straight():
    assert find_json('x {"key": "a “b”"} y', "key") == {"key": "a “b”"}
