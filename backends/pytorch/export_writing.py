"""The section of a README that lets a model of sequences write, token by token."""

from __future__ import annotations

import textwrap

from backends.pytorch.prepare import Prepared
from backends.pytorch.writing import writer_of
from graph.problems import UserError

WIDTH = 88
LETTERS = """\
alphabet = (
{alphabet}
)
{tokens} = torch.tensor([[alphabet.find(letter) for letter in "def "]]).clamp(min=0)
for _ in range(100):
    scores = model({inputs}){part}
    following = {last}.argmax(dim=1, keepdim=True)
    {tokens} = torch.cat([{tokens}, following], dim=1)
print("".join(alphabet[token] for token in {tokens}[0]))
"""
WORDS = """\
names = [
{names}
]
{tokens} = torch.zeros(1, 1, dtype=torch.int64)  # {first}
for _ in range({length}):
    scores = model({inputs}){part}
    following = {last}.argmax(dim=1, keepdim=True)
    {tokens} = torch.cat([{tokens}, following], dim=1)
print(*(names[token] for token in {tokens}[0]))
"""


def writing_text(prepared: Prepared) -> str:
    """How the model of an exported folder writes; empty where it does not."""
    try:
        writer = writer_of(prepared)
    except UserError:
        return ""
    names = [feed.name for feed in prepared.program.inputs]
    tokens = names[writer.place]
    if writer.read is None:
        seen = writer.columns[writer.place].shape[0]
        names[writer.place] = f"{tokens}[:, -{seen}:]"
    classes = writer.following.classes
    are_letters = all(len(name) == 1 for name in classes)
    text = (LETTERS if are_letters else WORDS).format(
        alphabet=_alphabet("".join(classes)),
        names=_names(classes),
        first=classes[0],
        length=writer.following.shape[0],
        tokens=tokens,
        inputs=", ".join(names),
        part="" if writer.answer is None else f"[{writer.answer}]",
        last="scores[:, -1]" if writer.axis == -1 else "scores[:, :, -1]",
    )
    others = [f"`{name}`" for at, name in enumerate(names) if at != writer.place]
    given = " and ".join(["the model", *others])
    intro = (
        "Greedily: the likeliest token is written, and then read with those before it. Run this "
        f"after the lines above, which make {given}."
    )
    code = textwrap.indent(text, "    ").rstrip()
    return f"## Let it write\n\n{textwrap.fill(intro, WIDTH)}\n\n{code}"


def _alphabet(letters: str) -> str:
    cuts = [letters[at : at + 40] for at in range(0, len(letters), 40)]
    return "\n".join(f"    {part!a}" for part in cuts)


def _names(classes: tuple[str, ...]) -> str:
    words = ", ".join(ascii(name) for name in classes)
    return textwrap.indent(textwrap.fill(words, WIDTH - 8, break_long_words=False), "    ") + ","
