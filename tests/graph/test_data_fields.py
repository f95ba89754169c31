"""Fields of the data, of its steps and of the recipe in a search, and blocks of several kinds."""

import pytest

from backends.data.source import params_of
from graph import edits
from graph.composites.making import make
from graph.data import DataSpec, StepSpec
from graph.kinds import kinds_of
from graph.model import NodeId
from graph.problems import UserError
from graph.recipe import Recipe
from graph.search_fields import Field, parse_field, parse_over
from graph.searching import choose, make_search
from graph.suggesting import fields_of, suggested
from tests.backends.pytorch.drawings import iris_mlp
from tests.drawing import draw

STEPS = (StepSpec("normalise"), StepSpec("noise", {"deviation": 0.2}), StepSpec("noise", on=False))


@pytest.fixture
def drawing():
    return edits.set_data(iris_mlp(), DataSpec("moons", {"rows": 200}, steps=STEPS))


def over(drawing, text):
    return parse_over(drawing, text, params_of(drawing.data))


def test_values_of_the_data_and_of_its_steps_are_chosen(drawing):
    texts = ["data.noise=0.05..0.5 log", "data.rows={200, 400}", "data.noise2.on={true, false}",
             "data.noise.deviation=0.1..1", "data.test_fraction={0.2, 0.5}"]  # fmt: skip
    search = make_search(drawing, texts, source=params_of(drawing.data))
    assert [str(each) for each in search.over][:2] == texts[:2]
    chosen = choose(drawing, search.over, (0.1, 400, True, 0.5, 0.5))
    assert dict(chosen.data.params) == {"noise": 0.1, "rows": 400, "test_fraction": 0.5}
    assert chosen.data.steps[1].params["deviation"] == 0.5
    assert [step.on for step in chosen.data.steps] == [True, True, True]
    assert drawing.data.steps == STEPS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("data.nose=1..2", "no value called nose; it has rows, noise"),
        (
            "data.flip.chance=0..1",
            "No step of the data is called “flip”; there is norm",
        ),
        ("data.noise.chance=0..1", "The step “noise” of the data has no value called chance"),
        ("data.noise=-1..1", "at least 0"),
        ("data.noise2.on=0..1", "no number"),
        ("data.rows={many}", "uses many, which is no variable"),
    ],
)
def test_what_the_data_has_not_is_said(drawing, text, said):
    with pytest.raises(UserError, match=said):
        over(drawing, text)


def test_a_block_called_data_keeps_its_name(drawing):
    named = edits.rename(drawing, NodeId("n2"), "data")
    assert parse_field(named, "data.features") == Field("features", "data")


def test_all_fields_that_are_offered_can_be_chosen_for(drawing):
    ids = [node.id for node in drawing.graph.nodes.values() if node.name in ("dense", "relu")]
    drawing = edits.set_variable(make(drawing, ids, "Layer"), "width", 3)
    source = params_of(drawing.data)
    fields = [*fields_of(drawing, (), source), *fields_of(drawing.inside("Layer"), (), source)]
    names = set(map(str, fields))
    assert {"data.noise", "data.noise2.on", "batch_size", "width", "Layer/dense.features"} <= names
    fields += [Field(name) for name in Recipe.params]
    for field in fields:
        found = suggested(drawing, field, source)
        assert parse_over(drawing, str(found), source) == found
        value = found.space.values[-1] if hasattr(found.space, "values") else found.space.high
        choose(drawing, [found], [value])


def test_kinds_may_be_written_as_they_are_called():
    drawing = draw("lstm")
    node = next(node for node in drawing.graph.nodes.values() if node.kind == "lstm")
    found = parse_over(drawing, f"{node.name}={{LSTM, GRU}}")
    assert found.space.values == ("lstm", "gru")
    chosen = choose(drawing, [found], ["gru"])
    assert chosen.graph.nodes[node.id].kind == "gru"


def test_a_composite_may_be_chosen_and_what_is_unknown_is_guessed_at():
    drawing = iris_mlp()
    (inner,) = [node.id for node in drawing.graph.nodes.values() if node.name == "dense"]
    drawing = make(drawing, [inner], "Dense")
    (layer,) = [node for node in drawing.graph.nodes.values() if node.definition]
    found = parse_over(drawing, f"{layer.name}={{Dense, linear_attention, dense}}")
    assert str(found) == f"{layer.name}.kind={{Dense, linear_attention, dense}}"
    assert found.space.values == ("def:Dense", "linear_attention", "dense")
    assert parse_over(drawing, str(found)) == found
    assert choose(drawing, [found], ["dense"]).graph.nodes[layer.id].kind == "dense"
    with pytest.raises(UserError, match="perhaps you mean .*relu"):
        parse_over(drawing, "relu={rellu}")


def test_parameters_that_a_chosen_kind_lacks_are_left_out(drawing):
    dense = next(node for node in drawing.graph.nodes.values() if node.name == "relu")
    drawing = choose(drawing, [over(drawing, "relu={leaky_relu}")], ["leaky_relu"])
    name = drawing.graph.nodes[dense.id].name
    slope = next(iter(kinds_of(drawing).of(drawing.graph.nodes[dense.id]).params))
    search = [over(drawing, f"{name}={{leaky_relu, relu}}"), over(drawing, f"{name}.{slope}=0..1")]
    assert choose(drawing, search, ("leaky_relu", 0.5)).graph.nodes[dense.id].params[slope] == 0.5
    assert slope not in choose(drawing, search, ("relu", 0.5)).graph.nodes[dense.id].params
