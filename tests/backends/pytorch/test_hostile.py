"""Files from strangers: no code of theirs gets past the printer and the allow-list."""

import ast
import builtins
import dataclasses
import io
import random
import sys
import tokenize
import types

import pytest
import torch
from hypothesis import given, settings

from backends.pytorch import verify as wall
from backends.pytorch.compile import execute
from backends.pytorch.source import print_source
from backends.pytorch.verify import Unsafe, verify
from graph import edits, fileio
from graph.cost import costs
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, Edge, Wires
from graph.problems import UserError
from tests.backends.pytorch.hostile import PAYLOADS, hostile_documents
from tests.drawing import chain, set_params
from tests.drawing import draw as draw_blocks


def texts_of(document: Document) -> list[str]:
    """All that is printed of a document; asking for its costs must not fail either."""
    typing = infer(document)
    costs(document, typing)
    source = print_source(lower(document, typing))
    return [source.model, source.objective, source.text]


LIBRARIES = {"torch": wall.TORCH, "F": wall.FUNCTIONAL}
FORBIDDEN = {"eval", "exec", "compile", "open", "getattr", "setattr", "globals", "vars", "input"}


def assert_harmless(text: str) -> None:
    """Looks at a text in another way than the wall does: which names are read, what is called."""
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and _is_store(node)}
    bound |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    bound |= {n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [alias.name for alias in node.names]
            assert (getattr(node, "module", None) or "torch") == "torch", ast.unparse(node)
            assert set(modules) <= {"math", "torch", "torch.nn.functional", "nn", "Tensor"}
        if isinstance(node, ast.Name) and not _is_store(node) and node.id not in bound:
            assert node.id in {"torch", "nn", "F", "math", "Tensor"} | wall.BUILTINS
            assert node.id not in FORBIDDEN
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_") or node.attr == "__init__"
            if isinstance(node.value, ast.Name) and node.value.id in LIBRARIES:
                assert node.attr in LIBRARIES[node.value.id]
        assert not isinstance(node, (ast.Lambda, ast.JoinedStr, ast.Await, ast.NamedExpr, ast.With))


def _is_store(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


class Sung(Exception):
    """A stranger's code was run."""


_watching = False


def _listen(event: str, arguments: tuple[object, ...]) -> None:
    loud = ("os.", "subprocess.", "socket.", "shutil.", "ctypes.", "urllib.", "open")
    if _watching and event.startswith(loud):
        raise Sung(f"{event} {arguments}")


sys.addaudithook(_listen)


@pytest.fixture
def canary(monkeypatch):
    """A function every text could call, and an ear on files, processes and sockets."""

    def canary(*arguments: object) -> None:
        raise Sung("the canary")

    monkeypatch.setattr(builtins, "canary", canary, raising=False)
    return canary


def run_watched(text: str) -> None:
    global _watching
    _watching = True
    try:
        execute(text)
    finally:
        _watching = False


def attack(document: Document) -> None:
    for text in texts_of(document):
        if not text:
            continue
        try:
            verify(text)
        except Unsafe:
            continue
        assert_harmless(text)
        run_watched(text)


@settings(max_examples=250, deadline=None)
@given(document=hostile_documents())
def test_a_hostile_document_is_printed_harmless_or_not_run(document):
    attack(document)


@settings(max_examples=120, deadline=None)
@given(document=hostile_documents())
def test_a_hostile_file_is_read_printed_harmless_or_refused(document):
    try:
        loaded = fileio.loads(fileio.dumps(document))
    except UserError:
        return
    attack(loaded.document)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=5_000, deadline=None)
@given(document=hostile_documents())
def test_many_hostile_documents_are_printed_harmless_or_not_run(document):
    attack(document)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("field", ["name", "description", "node", "column", "shape", "kind"])
def test_a_payload_in_any_text_is_inert(canary, field, payload):
    document = set_params(chain("input dense output"), "n1", shape="4")
    if field in ("name", "description"):
        document = dataclasses.replace(document, **{field: payload})
    else:
        nodes = dict(document.graph.nodes)
        node = nodes["n2" if field in ("node", "kind") else "n1"]
        changes = {
            "node": {"name": payload},
            "kind": {"kind": payload},
            "column": {"params": {"column": payload, "shape": "4"}},
            "shape": {"params": {"shape": payload}},
        }[field]
        nodes[node.id] = dataclasses.replace(node, **changes)
        document = document.with_graph(nodes)
    attack(document)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_as_a_column_is_a_key_and_nothing_else(canary, payload):
    document = set_params(draw_blocks("input dense mse target"), "n1", shape="4")
    document = set_params(document, "n4", column=payload, shape="64", dtype="float32")
    wires = (("n1", "n2", "x"), ("n2", "n3", "prediction"), ("n4", "n3", "target"))
    for source, target, port in wires:
        document = edits.connect(document, source, "y", target, port)
    attack(document)
    objective = texts_of(document)[1]
    keys = {n.value for n in ast.walk(ast.parse(objective)) if isinstance(n, ast.Constant)}
    assert not payload or payload in keys


def test_every_name_a_person_may_give_passes_the_wall():
    rng = random.Random(5)
    for _ in range(60):
        name = "".join(rng.choice("abcxyzFT_09") for _ in range(rng.randint(1, 9)))
        document = set_params(chain("input dense relu output"), "n1", shape="4")
        nodes = dict(document.graph.nodes)
        for id in ("n1", "n2", "n3", "n4"):
            nodes[id] = dataclasses.replace(nodes[id], name=name)
        verify(texts_of(document.with_graph(nodes))[0])


@pytest.mark.parametrize("word", sorted(wall.BUILTINS | {"torch", "nn", "Tensor", "causal_mask"}))
def test_a_block_named_like_what_code_needs_still_runs(word):
    document = set_params(chain("input multihead_attention output"), "n1", shape="T, 8")
    document = set_params(document, "n2", causal=True)
    for id in ("n1", "n2", "n3"):
        nodes = dict(document.graph.nodes)
        nodes[id] = dataclasses.replace(nodes[id], name=word)
        execute(texts_of(document.with_graph(nodes))[0])


def test_an_exported_text_cannot_choose_its_own_encoding():
    document = dataclasses.replace(
        chain("input"), name="# coding: utf-7", description="# coding: utf-7\n# -*- coding: utf-7"
    )
    for text in texts_of(document):
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text.encode()).readline)
        assert not text or encoding == "utf-8"


@pytest.mark.parametrize("count", [500, 2000, 20_000])
def test_a_sum_of_very_many_wires_is_refused_or_runs_but_does_not_crash(count):
    document = set_params(chain("input add output"), "n1", shape="4")
    wires = tuple(Edge("n1", "y", "n2", "xs", slot) for slot in range(count))
    into = {**document.graph.wires.into, "n2": wires}
    document = document.with_graph(wires=Wires(into))
    for text in texts_of(document):
        try:
            execute(text)
        except UserError as error:
            assert "The code of this drawing" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "class A(nn.Module, metaclass=type): pass",
        "def f(x=canary()): pass",
        "def f(x: canary()): pass",
        "def f() -> canary(): pass",
        "class A(canary()): pass",
        "x: canary() = 1",
        "x = [canary() for i in range(3)]",
        "x = {canary(): 1}",
        "x = torch.zeros(1)[canary()]",
        "x = torch.zeros(*canary())",
        "x = torch.zeros(**canary())",
        "x = nn.Linear(1, 1, device=canary())",
        "torch.zeros(1).data = 3",
        "x = batch['a' + canary()]",
        "x = batch[canary()]",
        "x = tｏrch.load('a')",
        "x = torch.ｌoad('a')",
        "raise canary()",
        "def f[T: canary()](): pass" if sys.version_info >= (3, 12) else "x = canary()",
        "self.x = canary",
        "x = nn.Module.forward.__globals__",
        "x = math.__loader__",
        "x = torch.zeros(1).__class__.__mro__",
        "x = torch.serialization",
        "x = torch.jit",
        "x = torch.library",
        "x = torch.compile",
        "x = torch.set_default_device",
        "x = torch.manual_seed",
        "x = F.handle_torch_function",
        "x = F.boolean_dispatch",
        "x = F.importlib",
        "x = nn.parameter",
        "x = nn.utils.parametrize",
        "x = torch.classes.load_library",
        "x = torch.zeros(1).share_memory_()",
        "x = torch.zeros(1).register_post_accumulate_grad_hook",
        "x = nn.Linear(1, 1).apply",
        "x = nn.Linear(1, 1).load_state_dict",
        "print",
    ],
)
def test_attacks_on_the_wall_itself_are_refused(canary, text):
    head = (
        "import math\nimport torch\nimport torch.nn.functional as F\nfrom torch import Tensor, nn\n"
    )
    with pytest.raises(Unsafe):
        verify(f"{head}\n\n{text}\n")


def test_the_lists_name_functions_of_torch_and_no_modules():
    for library, words in ((torch, wall.TORCH), (torch.nn.functional, wall.FUNCTIONAL)):
        for word in words:
            assert hasattr(library, word), f"{word} is not there"
            assert not isinstance(getattr(library, word), types.ModuleType), word


def test_what_nn_offers_by_the_rule_of_its_names_are_layers_and_weights():
    names = [name for name in dir(torch.nn) if wall.LIBRARIES["nn"](name)]
    assert "Linear" in names
    for name in names:
        found = getattr(torch.nn, name)
        assert isinstance(found, type), name
        # Parameters and buffers only claim to be tensors; options are plain values.
        is_value = name.endswith(("Parameter", "Buffer", "Options"))
        assert is_value or issubclass(found, torch.nn.Module), name


@pytest.mark.parametrize(
    "value",
    ["[" * 200 + "]" * 200, "[" * 900 + "]" * 900, '"' + "x" * 500_000 + '"', "1e400", "NaN"],
)
def test_a_value_of_any_depth_and_length_is_refused_in_a_short_message(value):
    text = fileio.dumps(set_params(chain("input dense output"), "n2", features=77))
    assert text.count("77") == 1
    document = fileio.loads(text.replace("77", value)).document
    (problem,) = [p for p in infer(document).problems.values() if "n2" in p.nodes]
    assert "must be a whole number" in problem.text
    assert len(problem.text) < 200
    attack(document)
