"""What every block's declaration says of itself holds, without torch."""

import pytest

from graph.block import Block, Example
from graph.problems import Insert, Refusal, SetParam, UserError
from graph.registry import default_registry
from graph.tensor import TensorType

BLOCKS = default_registry().blocks()
EXAMPLES = [
    pytest.param(block, example, id=f"{block.kind.name}-{number}")
    for block in BLOCKS
    for number, example in enumerate(block.examples)
]


def types_of(block: type[Block], example: Example) -> list[TensorType | None]:
    found: list[TensorType | None] = []
    for port in block.inputs:
        given = example.inputs.get(port.name)
        found += given if isinstance(given, list) else [given]
    return found


def refusal_of(block: type[Block], example: Example) -> Refusal | None:
    try:
        block.build(example.params).output_types(*types_of(block, example))
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize(("block", "example"), EXAMPLES)
def test_an_example_is_accepted_or_refused_as_it_says(block: type[Block], example: Example):
    refusal = refusal_of(block, example)
    if refusal is not None and refusal.code == "probing":
        return  # its types are found by running it
    if example.fails is None:
        assert refusal is None
    else:
        assert refusal is not None
        assert example.fails in refusal.text


@pytest.mark.parametrize(("block", "example"), EXAMPLES)
def test_a_refusal_offers_only_what_can_be_done(block: type[Block], example: Example):
    refusal = refusal_of(block, example)
    if refusal is None:
        return
    ports = {port.name for port in block.inputs}
    assert refusal.port is None or refusal.port in ports
    for hint in refusal.hints:
        if isinstance(hint, SetParam):
            assert block.params[hint.name].check(hint.value) == hint.value
        elif isinstance(hint, Insert):
            inserted = default_registry().find(hint.kind)
            assert inserted is not None
            assert not inserted.unknown_names(dict(hint.params))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind.name)
def test_a_block_explains_itself_and_its_parameters(block: type[Block]):
    assert block.kind.keywords
    assert "Shape:" in (block.__doc__ or "")
    assert len(block.examples) >= 3
    for declared in block.params.values():
        assert declared.help.endswith(".")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind.name)
def test_bounds_of_numbers_refuse_what_lies_beyond(block: type[Block]):
    for declared in block.params.values():
        if declared.ge is not None and declared.kind in ("int", "float"):
            with pytest.raises(UserError, match="at least"):
                block.build({declared.name: declared.ge - 1})
