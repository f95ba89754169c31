"""Every network of the gallery: typed, laid out, named, saved, and drawn without waste."""

from __future__ import annotations

import cProfile
import pstats
import re
from collections.abc import Callable
from itertools import combinations

import pytest

from graph.check import check
from graph.cost import costs
from graph.fileio import dumps, load
from graph.gallery import Family, entries, find
from graph.infer import infer
from graph.model import Document, Graph
from graph.names import is_usable
from graph.problems import Severity, UserError

NAMES = [entry.name for entry in entries()]
PERSON = r"[A-Z]\.[-A-Z. ]* (?:van (?:der|den) )?[A-Za-z]+"
CITED = re.compile(
    rf"[A-Z].*?\. {PERSON}(?:, {PERSON})*(?: and (?:others|{PERSON}))?, (?:19|20)\d\d\."
)
"""The title, the authors and the year, as every source begins."""
BLOCK_PX = (190, 66)
MOST_CALLS_A_BLOCK = 4000


@pytest.mark.parametrize("name", NAMES)
def test_it_has_no_errors_as_published_and_small(name: str) -> None:
    entry = find(name)
    for values in ({}, entry.small):
        document = entry.build(**values)
        typing = infer(document)
        errors = [p.text for p in check(document, typing) if p.severity is Severity.ERROR]
        assert errors == []
        assert typing.types.keys() == document.graph.nodes.keys() == typing.used


@pytest.mark.parametrize("name", NAMES)
def test_its_blocks_have_names_of_their_own_that_can_stand_in_code(name: str) -> None:
    names = [node.name for node in find(name).build().graph.nodes.values()]
    assert len(set(names)) == len(names)
    assert [name for name in names if not is_usable(name)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_two_of_its_blocks_overlap(name: str) -> None:
    width, height = BLOCK_PX
    blocks = find(name).build().graph.nodes.values()
    for one, other in combinations(blocks, 2):
        assert abs(one.x - other.x) >= width or abs(one.y - other.y) >= height


@pytest.mark.parametrize("name", NAMES)
def test_it_is_read_back_from_a_file_as_it_was_saved(name: str, tmp_path) -> None:
    document = find(name).build()
    path = tmp_path / "net.loom"
    path.write_text(dumps(document), "utf-8")
    loaded = load(path)
    assert loaded.notes == ()
    assert loaded.document == document


@pytest.mark.parametrize("name", NAMES)
def test_it_tells_its_story_and_where_it_comes_from(name: str) -> None:
    entry = find(name)
    document = entry.build()
    assert document.name == entry.title
    assert document.description == f"{entry.summary}\n\nSource: {entry.source}"
    assert 80 < len(entry.summary) < 700
    assert CITED.match(entry.source)
    assert entry.small.keys() <= entry.form.params.keys()


def calls(work: Callable[[], object]) -> int:
    """How many function calls some work makes: unlike a time it is the same on every machine."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return pstats.Stats(profile).total_calls


def drawn_out(document: Document, graph: Graph) -> int:
    """How many blocks there are, those of definitions and repeats as often as they are used."""
    found = 0
    for node in graph.nodes.values():
        definition = document.definitions.get(node.definition)
        times = node.repeat.count if node.repeat and isinstance(node.repeat.count, int) else 1
        found += times * (drawn_out(document, definition.graph) if definition else 1)
    return found


@pytest.mark.parametrize("name", ["resnet-152", "densenet-201"])
def test_a_deep_network_costs_no_more_a_block_than_a_shallow_one(name: str) -> None:
    def work(layers: tuple[int, ...] | None = None) -> int:
        document = find(name).build(**({"layers": layers} if layers else {}))
        costs(document, infer(document))
        return drawn_out(document, document.graph)

    shallow, deep = (1, 1, 1, 1), None
    work(shallow)  # the blocks are loaded
    a_block = [
        calls(lambda layers=layers: work(layers)) / work(layers) for layers in (shallow, deep)
    ]
    assert a_block[1] < 3 * a_block[0]
    assert a_block[1] < MOST_CALLS_A_BLOCK


def test_entries_stand_by_family_and_year_and_are_found_by_name() -> None:
    families = [list(Family).index(entry.family) for entry in entries()]
    assert families == sorted(families)
    assert len(set(NAMES)) == len(NAMES)
    assert NAMES.index("resnet-18") < NAMES.index("resnet-50") < NAMES.index("resnet-152")
    with pytest.raises(UserError, match="it has perceptron, mlp"):
        find("resnet-19")


def test_an_unknown_parameter_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UserError, match="no parameter called depth; its parameters are: data"):
        find("resnet-18").build(depth=18)


def test_a_network_for_data_of_ones_own_waits_for_a_file() -> None:
    assert find("evoformer").build().data.source == "npy"
