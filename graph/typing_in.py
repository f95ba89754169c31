"""Reads parameters that are typed behind a block's name: `Conv 64 3x3 s2`, `dropout 0.5`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graph.block import Block, show_value
from graph.declared import Param, Plain, Value
from graph.expressions import Expr
from graph.problems import UserError

SIZES: Mapping[str, int] = {"size2": 2, "size3": 3}
NUMBERS = ("int", "float", "size2", "size3", "ints")
HOW_OFTEN = ("layers", "depth", "times", "repeats", "count")
ON, OFF = ("on", "yes", "true"), ("off", "no", "false")
SHAPE = "shape"
LEAST_LETTERS = 3
"""Of a choice or a switch so many letters are enough, where no other begins so."""

_WORDS = re.compile(r'[^\s"]*"[^"]*"?|\S+')
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
_WHOLE = re.compile(r"[-+]?\d+")
_SEVERAL = re.compile(r"-?\d+([x×,]-?\d+)+,?")
_LETTERS = re.compile(r"([A-Za-z_]+?)([-+.\d].*)")
_SUM = re.compile(r"[\w.]*[-+*/()][-\w.+*/()]*|[A-Za-z_]\w*")


@dataclass(frozen=True)
class Reading:
    """What typed words mean to a block.

    Attributes:
        values: the parameters that they set, in the order in which they were typed.
        refused: what is wrong with values that cannot be taken.
        unknown: the words that mean nothing to this block.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def misread(self) -> int:
        """How many words cannot be taken."""
        return len(self.refused) + len(self.unknown)

    @property
    def summary(self) -> str:
        """What will be set, in one line: `out_channels 64 · stride 2×2`."""
        return " · ".join(f"{name} {_shown(value)}" for name, value in self.values.items())


def words_of(text: str) -> list[str]:
    """The words of a text; what stands between quotation marks is one."""
    return _WORDS.findall(text)


def read_words(
    words: Sequence[str], block: type[Block], variables: Mapping[str, Plain] | None = None
) -> Reading:
    """The parameters of a block that words set, each word the next that it fits.

    `3x3` is a size and `0.5` a float; `s2` names the parameter by its first letters, `bias=off`
    in full; a choice and a switch are named by themselves; `nobias` turns a switch off.

    Args:
        variables: names that values may be calculated with.
    """
    reader = _Reader(block, variables or {})
    for word in words:
        reader.read(word)
    return reader.done()


class _Reader:
    def __init__(self, block: type[Block], variables: Mapping[str, Plain]) -> None:
        self._block = block
        self._variables = variables
        self._values: dict[str, Value] = {}
        self._named: set[str] = set()
        self._refused: list[str] = []
        self._unknown: list[str] = []

    def read(self, word: str) -> None:
        name, is_setting, text = word.partition("=")
        if is_setting and name.isidentifier():
            param = self._called(name)
            if param is not None:
                self._set(param, text.strip('"'))
                return
        for rule in (self._choice, self._switch, self._several, self._number, self._lettered,
                     self._calculated):  # fmt: skip
            if not is_setting and rule(word):
                return
        self._unknown.append(word)

    def done(self) -> Reading:
        if not self._refused:
            try:
                self._block.build(self._values, self._variables)
            except UserError as error:
                self._refused.append(str(error))
        return Reading(self._values, tuple(self._refused), tuple(self._unknown))

    # which parameter is meant

    def _free(self, *kinds: str) -> Iterator[Param]:
        """The parameters of these kinds that no word has named yet, as far as a form shows them."""
        form: Block | type[Block] = self._block
        try:
            form = self._block.build(self._values, self._variables)
        except UserError:
            pass  # what is typed so far does not go together; all are asked
        shown = form.shown() if isinstance(form, Block) else self._block.params.values()
        for param in shown:
            if param.kind in kinds and param.name not in self._named:
                yield param

    def _called(self, name: str) -> Param | None:
        """The parameter of a name, of a former one, or the only one that begins so."""
        params, wanted = self._block.params, name.casefold()
        known = {key.casefold(): key for key in params} | {
            old.casefold(): new for old, new in self._block.former.items()
        }
        if wanted in known:
            return params[known[wanted]]
        begun = [p for p in params.values() if p.name.casefold().startswith(wanted)]
        short = [p for p in params.values() if _initials(p.name) == wanted]
        found = short or begun
        return found[0] if len(found) == 1 or (found and len(name) == 1) else None

    def _by_letters(self, letters: str) -> Param | None:
        """The next number whose name begins with letters, or has them as initials."""
        wanted = letters.casefold()
        for params in (self._free(*NUMBERS), self._block.params.values()):
            ranked = [
                (rank, number, param)
                for number, param in enumerate(params)
                if param.kind in NUMBERS and (rank := _nearness(param.name, wanted)) is not None
            ]
            if ranked:
                return min(ranked, key=lambda found: found[:2])[2]
        return None

    # the rules, each of which answers whether it took the word

    def _choice(self, word: str) -> bool:
        wanted = word.casefold()
        found: list[tuple[Param, str]] = []
        for param in self._free("choice"):
            for choice in param.choices:
                if choice.casefold() == wanted:
                    self._set(param, choice)
                    return True
                if len(wanted) >= LEAST_LETTERS and choice.casefold().startswith(wanted):
                    found.append((param, choice))
        switches = [p for p in self._free("bool") if p.name.casefold().startswith(wanted)]
        if len(found) == 1 and not switches:
            self._set(*found[0])
            return True
        return False

    def _switch(self, word: str) -> bool:
        wanted = word.casefold()
        switches = {p.name.casefold(): p for p in self._free("bool")}
        for prefix, state in (("", "on"), ("no_", "off"), ("no-", "off"), ("no", "off")):
            if not wanted.startswith(prefix):
                continue
            rest = wanted.removeprefix(prefix)
            begun = [name for name in switches if name.startswith(rest)]
            if rest in switches:
                begun = [rest]
            elif len(rest) < LEAST_LETTERS or len(begun) != 1:
                continue
            self._set(switches[begun[0]], state)
            return True
        return False

    def _several(self, word: str) -> bool:
        if not _SEVERAL.fullmatch(word):
            return False
        count = len(re.findall(r"-?\d+", word))
        kinds = [kind for kind, length in SIZES.items() if length == count]
        for param in (*self._free(*kinds), *self._free("ints")):
            self._set(param, word)
            return True
        return self._shape(word)

    def _shape(self, word: str) -> bool:
        """Sizes for a block that takes a shape as a text, such as an Input."""
        param = next((p for p in self._free("text") if p.name == SHAPE), None)
        if param is not None:
            self._set(param, ", ".join(re.split("[x×,]", word.rstrip(","))))
        return param is not None

    def _number(self, word: str) -> bool:
        if not _NUMBER.fullmatch(word):
            return False
        kinds = NUMBERS if _WHOLE.fullmatch(word) else ("float",)
        param = next(self._free(*kinds), None)
        if param is not None:
            self._set(param, word)
        return param is not None or (_WHOLE.fullmatch(word) is not None and self._shape(word))

    def _lettered(self, word: str) -> bool:
        parts = _LETTERS.fullmatch(word)
        if parts is None or not (_NUMBER.fullmatch(parts[2]) or _SEVERAL.fullmatch(parts[2])):
            return False
        param = self._by_letters(parts[1])
        if param is not None:
            self._set(param, parts[2])
        return param is not None

    def _calculated(self, word: str) -> bool:
        """Arithmetic with numbers and the variables that there are."""
        names = re.findall(r"[A-Za-z_]\w*", word)
        if not _SUM.fullmatch(word) or not all(name in self._variables for name in names):
            return False
        param = next(self._free(*NUMBERS), None)
        if param is not None:
            self._set(param, word)
        return param is not None

    def _set(self, param: Param, text: str) -> None:
        """Takes a value; one that is refused keeps its place, so that what follows stays too."""
        self._named.add(param.name)
        self._values.pop(param.name, None)
        try:
            value = param.parse(_switched(text) if param.kind == "bool" else text)
            param.resolve(value, self._variables)
        except UserError as error:
            self._refused.append(str(error))
            return
        self._values[param.name] = value


def _nearness(name: str, wanted: str) -> int | None:
    """How near letters are to a name; 0 is exact; None where they do not mean it."""
    name = name.casefold()
    if name == wanted:
        return 0
    if len(wanted) > 1 and _initials(name) == wanted:
        return 1
    if name.startswith(wanted):
        return 2
    return 3 if wanted == "x" and name.rpartition("_")[2] in HOW_OFTEN else None


def _initials(name: str) -> str:
    return "".join(part[:1] for part in name.casefold().split("_"))


def _switched(text: str) -> str:
    wanted = text.casefold()
    return "true" if wanted in ON else "false" if wanted in OFF else text


def _shown(value: Value) -> str:
    return value.text if isinstance(value, Expr) else show_value(value)
