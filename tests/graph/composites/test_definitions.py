"""Definitions renamed, copied, deleted and given parameters: whatever uses them follows."""

from dataclasses import replace

import pytest

from graph import clipboard, edits, surgery
from graph.check import check
from graph.composites import definitions, parameters, repeating
from graph.composites.making import make
from graph.composites.places import Step, path_to, seen_from, still, where_changed
from graph.composites.uses import instances
from graph.composites.views import put_back
from graph.fileio import clip_from_text, clip_to_text
from graph.gallery.draw import Drawing
from graph.infer import infer
from graph.model import Document, Node, NodeId, Repeat
from graph.params import Expr
from graph.problems import UserError


def nested() -> Document:
    """An Outer with two Inners, drawn twice: n8 and n9."""
    d = Drawing()
    with d.define("Inner", width=8):
        x = d.port("x", "4")
        d.result(d.add("dense", x, name="mix", features=Expr("2 * width")))
    with d.define("Outer", width=8):
        x = d.port("x", "4")
        x = d.add("Inner", x, width=Expr("width"))
        d.result(d.add("Inner", d.add("relu", x), width=3))
    x = d.add("input", shape="4")
    x = d.add("Outer", x, name="one")
    x = d.add("Outer", x, name="two", width=5)
    d.add("output", x)
    return d.document


def find(document: Document, name: str) -> NodeId:
    return next(id for id, node in document.graph.nodes.items() if node.name == name)


def test_renaming_a_definition_renames_the_kind_of_every_instance():
    document = definitions.rename_definition(nested(), "Inner", "Mixer")
    assert list(document.definitions) == ["Mixer", "Outer"]
    assert instances(document, "Mixer") == 2 and not infer(document).problems


def test_renaming_what_is_looked_at_keeps_looking_at_it():
    view = definitions.rename_definition(nested().inside("Inner"), "Inner", "Mixer")
    assert view.scope is not None and view.scope.definition == "Mixer"
    with pytest.raises(UserError, match="already called Outer"):
        definitions.rename_definition(view, "Mixer", "Outer")


def test_edits_inside_are_kept_when_the_definition_is_renamed_meanwhile():
    view = nested().inside("Inner")
    view = edits.rename(view, find(view, "mix"), "blend")
    whole = definitions.rename_definition(view, "Inner", "Mixer").whole()
    assert "blend" in {n.name for n in whole.definitions["Mixer"].graph.nodes.values()}


def test_an_independent_instance_has_a_copy_with_ids_of_its_own():
    document = nested()
    two = find(document, "two")
    document = definitions.make_independent(document, two)
    assert document.node(two).definition == "Outer2"
    ids = [id for graph in document.graphs() for id in graph.nodes]
    assert len(set(ids)) == len(ids) and not infer(document).problems
    with pytest.raises(UserError, match="only Outer2 already"):
        definitions.make_independent(document, two)


def test_blocks_of_the_same_weights_become_independent_together():
    document = nested()
    one, two = find(document, "one"), find(document, "two")
    document = repeating.share(edits.set_param(document, [two], "width", 8), two, one)
    with pytest.raises(UserError, match="only Outer that has weights of its own already"):
        definitions.make_independent(document, two)
    document = edits.add(document, "def:Outer", name="three")
    own = definitions.make_independent(document, two)
    assert {own.node(id).kind for id in (one, two)} == {"def:Outer2"}
    assert own.node(two).shares == one


def test_a_definition_in_use_is_not_deleted_and_the_text_says_where():
    document = nested()
    with pytest.raises(UserError, match="used in Outer"):
        definitions.delete_definition(document, "Inner")
    with pytest.raises(UserError, match="used in the whole drawing"):
        definitions.delete_definition(document, "Outer")
    bare = edits.remove(document, [find(document, "one"), find(document, "two")])
    bare = definitions.delete_definition(bare, "Outer")
    assert list(definitions.delete_definition(bare, "Inner").definitions) == []


def test_an_instance_of_a_missing_definition_can_be_removed_by_a_fix():
    document = edits.add(nested(), "def:Gone")
    problem = next(p for p in check(document, infer(document)) if p.code == "unknown-block")
    mended = problem.fixes[0].edit(document)
    assert not [p for p in check(mended, infer(mended)) if p.code == "unknown-block"]


@pytest.mark.parametrize("kind", ["def:Inner", "def:Outer"])
def test_a_definition_cannot_come_to_contain_itself(kind):
    view = nested().inside("Inner")
    with pytest.raises(UserError, match="would contain itself"):
        edits.add(view, kind)
    with pytest.raises(UserError, match="would contain itself"):
        surgery.replace_kind(view, find(view, "mix"), kind)
    document = edits.add(nested(), kind)
    clip = clipboard.copy(document, [list(document.graph.nodes)[-1]])
    with pytest.raises(UserError, match=r"Inner → "):
        clipboard.paste(document.inside("Inner"), clip)


# parameters


def test_a_renamed_parameter_is_followed_by_expressions_and_instances():
    document = parameters.rename_parameter(nested(), "Inner", "width", "size")
    inner = document.definitions["Inner"]
    assert [n.params for n in inner.graph.nodes.values() if n.name == "mix"] == [
        {"features": Expr("2 * size")}
    ]
    outer = document.definitions["Outer"].graph.nodes.values()
    assert [n.params for n in outer if n.definition] == [{"size": Expr("width")}, {"size": 3}]
    assert inner.parameters["size"].title == "Size" and not infer(document).problems


def test_a_removed_parameter_leaves_its_default_behind():
    view = parameters.remove_parameter(nested().inside("Inner"), "Inner", "width")
    assert view.node(find(view, "mix")).params == {"features": 16}
    assert not view.variables and not infer(view.whole()).problems


def test_a_default_may_become_a_fraction_where_nothing_bounds_it():
    view = nested().inside("Inner")
    view = parameters.add_parameter(view, "Inner", "rate", 0)
    view = parameters.set_default(view, "Inner", "rate", 0.5)
    assert view.definitions["Inner"].parameters["rate"].kind == "float"
    assert view.variables["rate"] == 0
    for wrong in ("i", "class", "width", "2x"):
        with pytest.raises(UserError):
            parameters.add_parameter(view, "Inner", wrong, 1)


def test_a_promoted_parameter_keeps_its_declaration_and_its_value():
    view = nested().inside("Outer")
    view = edits.add(view, "conv2d", name="conv", params={"out_channels": 7})
    conv = find(view, "conv")
    view = parameters.promote(view, conv, "out_channels")
    made = view.definitions["Outer"].parameters["out_channels"]
    assert (made.kind, made.default, made.ge) == ("int", 7, 1)
    assert view.node(conv).params["out_channels"] == Expr("out_channels")
    assert view.variables["out_channels"] == 7
    assert "calculated" in parameters.why_not_promote(view, conv, "out_channels")
    again = edits.add(view, "conv2d", name="next")
    again = parameters.promote(again, find(again, "next"), "out_channels")
    assert "next_out_channels" in again.definitions["Outer"].parameters


def test_a_choice_can_be_promoted():
    view = edits.add(nested().inside("Outer"), "conv2d", name="conv")
    conv = find(view, "conv")
    name = next(p.name for p in _conv_params(view) if p.kind == "choice")
    view = parameters.promote(view, conv, name)
    instance = find(view.whole(), "one")
    choices = view.definitions["Outer"].parameters[name].choices
    changed = edits.set_param(view.whole(), [instance], name, choices[-1])
    assert changed.node(instance).params[name] == choices[-1]


def _conv_params(document):
    from graph.kinds import kinds_of

    return kinds_of(document).find("conv2d").params.values()


# ports


def test_a_renamed_port_keeps_the_wires_of_every_instance():
    view = nested().inside("Inner")
    view = edits.rename(view, find(view, "x"), "value")
    view = edits.rename(view, find(view, "y"), "mixed")
    whole = put_back(view)
    assert not infer(whole).problems
    assert {e.into for e in whole.definitions["Outer"].graph.edges()} >= {"value"}


def test_a_removed_port_takes_the_wires_of_every_instance_along():
    view = nested().inside("Outer")
    whole = put_back(edits.remove(view, [find(view, "x")]))
    assert not list(whole.graph.inputs_of(find(whole, "one")))
    assert [e.source for e in whole.graph.edges()] == [find(whole, "two")]


# repeats and shared weights


def test_what_nothing_goes_through_is_not_repeated():
    document = nested()
    for kind, reason in (("add", "any number"), ("input", "nothing goes"), ("nope", "not known")):
        more = edits.add(document, kind)
        with pytest.raises(UserError, match=reason):
            repeating.set_repeat(more, [list(more.graph.nodes)[-1]], Repeat(2))
    for repeat in (Repeat(0), Repeat(10**6), Repeat(2, "loop"), Repeat("3")):
        with pytest.raises(UserError):
            repeating.set_repeat(document, [find(document, "one")], repeat)


def test_without_its_repeat_a_block_is_what_it_was_at_first():
    document = nested()
    one = find(document, "one")
    document = repeating.set_repeat(document, [one], Repeat(3))
    document = edits.set_param(document, [one], "width", Expr("4 + i"))
    assert repeating.set_repeat(document, [one], None).node(one).params == {"width": 4}


def test_blocks_that_share_weights_change_together_and_part_when_one_goes():
    document = edits.add(edits.add(nested(), "dense", name="a"), "dense", name="b")
    a, b, one = (find(document, name) for name in ("a", "b", "one"))
    document = repeating.share(document, b, a)
    document = edits.set_param(document, [b], "features", 99)
    assert document.node(a).params == document.node(b).params == {"features": 99}
    for left, right in ((a, a), (a, one), (a, b)):
        assert repeating.why_not_share(document, left, right)
    assert edits.remove(document, [a]).node(b).shares is None
    assert repeating.unshare(document, [b]).node(b).shares is None


def test_blocks_that_share_weights_are_repeated_and_promoted_together():
    document = edits.add(edits.add(nested(), "dense", name="a"), "dense", name="b")
    a, b = (find(document, name) for name in ("a", "b"))
    document = repeating.share(document, b, a)
    document = repeating.set_repeat(document, [a], Repeat(3))
    assert document.node(b).repeat == Repeat(3) and not repeating.why_not_share(document, b, a)
    document = repeating.set_repeat(document, [b], None)
    assert document.node(a).repeat is None
    inside = make(document, [a, b], "Both").inside("Both")
    inside = parameters.promote(inside, b, "features")
    assert inside.node(a).params == inside.node(b).params == {"features": Expr("features")}
    assert not repeating.why_not_share(inside, b, a)


# copies


def test_a_copied_instance_brings_its_definitions_along():
    document = nested()
    clip = clip_from_text(clip_to_text(clipboard.copy(document, [find(document, "two")])))
    assert [each.name for each in clip.definitions] == ["Inner", "Outer"]
    pasted, (id,) = clipboard.paste(edits.add(Document(), "input", params={"shape": "4"}), clip)
    assert set(pasted.definitions) == {"Inner", "Outer"} and pasted.node(id).definition == "Outer"
    ids = [id for graph in pasted.graphs() for id in graph.nodes]
    assert len(set(ids)) == len(ids)
    pasted = edits.connect(pasted, NodeId("n1"), "y", id, "x")
    assert not infer(pasted).problems
    again, _ = clipboard.paste(pasted, clip)
    assert set(again.definitions) == {"Inner", "Outer"}


def test_a_different_definition_of_the_same_name_comes_in_under_a_free_one():
    document = nested()
    clip = clipboard.copy(document, [find(document, "two")])
    view = document.inside("Inner")
    other = edits.rename(view, find(view, "mix"), "blend").whole()
    pasted, (id,) = clipboard.paste(other, clip)
    assert set(pasted.definitions) == {"Inner", "Outer", "Inner2", "Outer2"}
    assert pasted.node(id).definition == "Outer2"
    linked, (id,) = clipboard.paste(other, clip, linked=True)
    assert linked.node(id).definition == "Outer" and len(linked.definitions) == 2


def test_copies_follow_a_definition_that_was_renamed_since():
    document = nested()
    clip = clipboard.copy(document, [find(document, "one")])
    renamed = definitions.rename_definition(document, "Outer", "Whole")
    renamed = definitions.rename_definition(renamed, "Inner", "Outer")
    pasted, (id,) = clipboard.paste(renamed, clip, linked=True)
    assert pasted.node(id).definition == "Whole" and pasted.definitions == renamed.definitions


def test_a_pasted_block_shares_weights_only_with_what_was_pasted():
    document = edits.add(edits.add(nested(), "dense", name="a"), "dense", name="b")
    a, b = find(document, "a"), find(document, "b")
    document = repeating.share(document, b, a)
    pasted, ids = clipboard.paste(document, clipboard.copy(document, [a, b]))
    assert pasted.node(ids[1]).shares == ids[0]
    alone, ids = clipboard.paste(document, clipboard.copy(document, [b]))
    assert alone.node(ids[0]).shares is None


# looking inside


def test_an_instance_gives_its_values_and_types_to_the_inside():
    document = nested()
    two = find(document, "two")
    step = Step("Outer", two)
    values, given = seen_from(document, infer(document), step)
    view = document.inside("Outer", values, given)
    assert view.variables == {"width": 5}
    assert [str(type_) for type_ in given.values()] == ["N×6"]
    assert not infer(view).problems
    assert still(document, (step,)) == (step,)
    assert still(edits.remove(document, [two]), (step,)) == ()
    own = definitions.make_independent(document, two)
    assert still(own, (step,)) == (Step("Outer2", two),)


def test_inside_a_scan_one_sees_a_single_step():
    d = Drawing()
    with d.define("Cell", size=4):
        x, h = d.port("x", "3"), d.port("h", "4")
        new = d.add("dense", d.add("concat", x, h), features=Expr("size"))
        d.result(new)
        d.result(new, "next")
    x, h = d.add("input", shape="T, 3"), d.add("input", shape="4")
    d.add("output", d.add("Cell", x, h, name="cell", repeat=Repeat(2, "scan")))
    document = d.document
    step = Step("Cell", find(document, "cell"))
    _, given = seen_from(document, infer(document), step)
    assert [str(type_) for type_ in given.values()] == ["N×3", "N×4"]


def test_a_scan_of_rows_without_an_axis_of_time_tells_what_a_sequence_is():
    d = Drawing()
    with d.define("Cell"):
        d.result(d.add("dense", d.port("x", "3"), features=Expr("4")))
    d.add("output", d.add("Cell", d.add("input", shape="8"), repeat=Repeat(2, "scan")))
    (problem,) = infer(d.document).problems.values()
    assert "of N×8 each step is only N, while a sequence has the axes N×T×8" in problem.text


def test_the_way_to_a_block_inside_leads_through_instances():
    document = nested()
    mix = next(i for i, n in document.definitions["Inner"].graph.nodes.items() if n.name == "mix")
    path = path_to(document, mix)
    assert path is not None and [step.definition for step in path] == ["Outer", "Inner"]
    assert path[0].instance == find(document, "one")
    assert path_to(document, NodeId("n99")) is None


def test_inside_a_definition_the_rules_of_whole_drawings_do_not_apply():
    view = nested().inside("Inner")
    assert check(view, infer(view)) == []
    view = edits.add(edits.remove(view, [find(view, "y")]), "mse")
    codes = {problem.code for problem in check(view, infer(view))}
    assert {"misplaced", "no-output"} <= codes
    whole = put_back(view)
    misplaced = [p for p in check(whole, infer(whole)) if p.code == "misplaced"]
    assert len(misplaced) == 1 and misplaced[0].nodes[0] in view.graph.nodes


def test_what_changed_is_looked_for_here_first_and_then_nearby():
    document = nested()
    one = find(document, "one")
    view = document.inside("Inner")
    other = edits.rename(view, find(view, "mix"), "blend").whole()
    path = where_changed(document, other, ())
    assert [step.definition for step in path] == ["Outer", "Inner"]
    here = (Step("Outer", one),)
    assert where_changed(document, edits.rename(document, one, "first"), here) == ()
    both = edits.rename(other, one, "first")
    assert where_changed(document, both, ()) == ()
    assert where_changed(document, edits.set_size(document, "N", 3), here) == here


def test_an_instance_can_be_replaced_by_another_definition_and_keeps_its_wires():
    document = nested()
    two = find(document, "two")
    replaced = surgery.replace_kind(document, two, "def:Inner")
    assert replaced.node(two).definition == "Inner" and replaced.node(two).params == {"width": 5}
    assert not infer(replaced).problems


def test_a_clip_whose_definition_contains_itself_is_refused():
    document = nested()
    inner = document.definitions["Inner"]
    looped = edits.add(Document(), "relu").with_graph(inner.graph.nodes)
    looped = looped.with_graph({**looped.graph.nodes, NodeId("n99"): _node("n99", "def:Inner")})
    clip = clipboard.Clip((_node("n50", "def:Inner"),), (), (replace(inner, graph=looped.graph),))
    with pytest.raises(UserError, match="Inner → Inner"):
        clipboard.paste(Document(), clip)


def _node(id, kind):
    return Node(NodeId(id), kind, id)
