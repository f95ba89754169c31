"""Every block in the window: its form builds, and an edit of each parameter undoes."""

import pytest

from app.forms import FormView
from app.session import Session
from graph import edits
from graph.block import Block
from graph.model import Document
from graph.params import Param, Plain
from graph.registry import default_registry

BLOCKS = default_registry().blocks()


def another(declared: Param) -> Plain:
    """A value of the parameter that differs from its default."""
    default = declared.default
    match declared.kind:
        case "bool":
            return not default
        case "choice":
            return next(choice for choice in declared.choices if choice != default)
        case "text":
            return f"{default}, 2" if default else "2"
        case "float":
            middle = (declared.le or 2.0) / 2
            return middle if middle != default else middle / 2
        case "int":
            return default - 1 if default == declared.le else default + 1
    return tuple(number + 1 for number in default) or (1,)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind.name)
def test_the_form_builds_and_shows_what_the_block_declares(qtbot, block: type[Block]):
    view = FormView()
    qtbot.addWidget(view)
    view.show_form(block, [{}], {})
    assert list(view.names()) == [declared.name for declared in block().shown()]
    for name in view.names():
        assert view.field(name) is not None
        assert not view.error(name)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.kind.name)
def test_an_edit_of_each_parameter_undoes(qapp, block: type[Block]):
    kind = block.kind.name
    session = Session(edits.add(Document(), kind, (0.0, 0.0)))
    (id,) = session.document.graph.nodes
    before = session.document
    for name, declared in block.params.items():
        value = another(declared)
        session.apply("Set", lambda doc, n=name, v=value: edits.set_param(doc, [id], n, v))
        assert session.document.graph.nodes[id].params == {name: value}
        session.undo()
        assert session.document == before
