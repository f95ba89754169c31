"""Files whose composites mean harm: they recurse, explode, and are called what they must not be."""

from __future__ import annotations

import json
import keyword
from collections.abc import Iterable
from itertools import pairwise

Json = dict[str, object]
PAYLOADS = (
    "canary()",
    "x');canary()#",
    '"""\ncanary()\n"""',
    "a\ncanary()",
    "a\u2028canary()",
    "\\",
    "{canary()}",
    "{x.__class__}",
    "{x}",
    "{",
    "}}",
    "{block}",
    "%s",
    "tｏrch",
    "\u202etxet",
    "\U0001f9e8",
    "Ω Δ",
    "a" * 5000,
    "",
    " ",
    "\x00",
)
CLASS_NAMES = (
    "Model", "Tensor", "nn", "torch", "F", "math", "objective", "super", "self", "list", "range",
    "None", "class", "def", "__init__", "__class__", "forward", "Module", "x", "i", "_", "é",
    "CausalMask", "causal_mask", "ClassToken", "int", "str", "True", "enumerate", "zip",
)  # fmt: skip
ATTRIBUTES = (
    *keyword.kwlist, *keyword.softkwlist, "train", "eval", "to", "type", "forward", "parameters",
    "modules", "children", "training", "__init__", "__class__", "self", "super", "nn", "torch",
    "F", "Tensor", "register_buffer", "state_dict", "_modules", "half", "float", "x", "i", "layer",
    "call_super_init", "dump_patches", "T_destination", "range", "len", "Model", "objective",
)  # fmt: skip
COUNTS: tuple[object, ...] = (
    0, -1, 1, 1.5, 10_000, 10_001, 1_000_000, 10**18, 10**400, -(10**400), True, None, "x", "",
    [2], {}, {"expr": "1 / 0"}, {"expr": "1 % 0"}, {"expr": "9**9**9"}, {"expr": "9**9**9**9"},
    {"expr": "10**18"}, {"expr": "2 ** 0.5"}, {"expr": "(-8) ** 0.5"}, {"expr": "i"},
    {"expr": "i + 1"}, {"expr": "nobody"}, {"expr": "__import__('os')"}, {"expr": "("},
    {"expr": "1" * 400}, {"expr": "-" * 150 + "1"}, {"expr": "(" * 90 + "1" + ")" * 90},
    {"expr": "1e308 * 10"}, {"expr": "0x7fffffff"}, {"expr": "1 if 1 else 2"}, {"expr": ""},
    {"expr": 3}, {"expr": "width"},
)  # fmt: skip
MODES = ("chain", "shared", "concat", "sum", "zigzag", "", "__class__", 3)


def node(id: str, kind: str, name: str = "", **more: object) -> Json:
    """A block of a file."""
    return {"id": id, "kind": kind, "name": name or id, "at": [0, 0], **more}


def wires(*ids: str) -> list[object]:
    """Blocks wired one behind the other, by ports `y` and `x`."""
    return [[f"{a}.y", f"{b}.x"] for a, b in pairwise(ids)]


def definition(name: str, nodes: Iterable[Json], edges: list[object], **more: object) -> Json:
    """A definition of a file."""
    return {"name": name, "nodes": list(nodes), "edges": edges, "parameters": [], **more}


def layer(name: str, id: str, *inner: Json, **more: object) -> Json:
    """A definition that sends `x` through some blocks to `y`."""
    ids = [f"{id}1", *(str(each["id"]) for each in inner), f"{id}9"]
    nodes = [
        node(ids[0], "input", "x", params={"shape": "8"}), *inner, node(ids[-1], "output", "y")
    ]  # fmt: skip
    return definition(name, nodes, wires(*ids), **more)


def file(*used: Json, definitions: Iterable[object] = (), **more: object) -> str:
    """A file that sends eight numbers through some blocks."""
    ids = ["m1", *(str(each["id"]) for each in used), "m9"]
    nodes = [node("m1", "input", "data", params={"shape": "8"}), *used, node("m9", "output", "end")]
    data = {
        "torchloom": 2, "name": "Hostile", "nodes": nodes, "edges": wires(*ids),
        "definitions": list(definitions), "next_id": 1000, **more,
    }  # fmt: skip
    return json.dumps(data)


def dense(id: str, name: str = "", features: object = 8, **more: object) -> Json:
    """A dense layer that keeps the width."""
    return node(id, "dense", name, params={"features": features}, **more)


def use(id: str, of: str, name: str = "", **more: object) -> Json:
    """An instance of a definition."""
    return node(id, f"def:{of}", name, **more)


def repeated(count: object, mode: object = "chain") -> Json:
    """What a block has that follows itself."""
    return {"repeat": {"count": count, "mode": mode}}


def number(name: str, default: object = 8, **more: object) -> Json:
    """A parameter of a definition."""
    return {"name": name, "kind": "int", "default": default, **more}


def files() -> dict[str, str]:
    """All hostile files, by what is wrong with them."""
    return {
        **_recursive(), **_repeats(), **_expressions(), **_names(), **_texts(), **_bombs(),
        **_broken(),
    }  # fmt: skip


def _recursive() -> dict[str, str]:
    rings = {}
    for length in (1, 2, 3, 60):
        ring = [
            layer(f"D{at}", f"d{at}_", use(f"d{at}_5", f"D{(at + 1) % length}"))
            for at in range(length)
        ]
        rings[f"a ring of {length} definitions"] = file(use("m5", "D0"), definitions=ring)
        repeated_ring = [{**each} for each in ring]
        rings[f"a ring of {length} definitions, repeated"] = file(
            use("m5", "D0", **repeated(9)), definitions=repeated_ring
        )
    deep = [layer(f"D{at}", f"d{at}_", use(f"d{at}_5", f"D{at + 1}")) for at in range(500)]
    deep.append(layer("D500", "e_", dense("e_5")))
    rings["500 definitions within each other"] = file(use("m5", "D0"), definitions=deep)
    fan = [
        layer(f"D{at}", f"d{at}_", *(use(f"d{at}_{n}", f"D{at + 1}") for n in (3, 4, 5)))
        for at in range(30)
    ]
    fan.append(layer("D30", "e_", dense("e_5")))
    rings["30 definitions, each with three of the next"] = file(use("m5", "D0"), definitions=fan)
    unused = layer("Other", "o_", use("o_5", "Other"))
    rings["a definition in itself that nobody uses"] = file(
        use("m5", "Fine"), definitions=[layer("Fine", "f_", dense("f_5")), unused]
    )
    return rings


def _repeats() -> dict[str, str]:
    inner = layer("Inner", "a_", dense("a_5"))
    found = {}
    for at, count in enumerate(COUNTS):
        for what, used in (
            ("a layer", dense("m5", **repeated(count))),
            ("a composite", use("m5", "Inner", **repeated(count))),
        ):
            found[f"count {at} {str(count)[:30]} of {what}"] = file(used, definitions=[inner])
    for mode in MODES:
        for kind in ("dense", "def:Inner", "relu", "input", "add", "lstm", "def:Gone", "gone"):
            used = node("m5", kind, **repeated(3, mode))
            found[f"mode {mode} of {kind}"] = file(used, definitions=[inner])
    found["a repeated layer that grows"] = file(
        node("m5", "dense", params={"features": {"expr": "8 * (i + 1)"}}, **repeated(10_000))
    )
    found["a concat that grows"] = file(dense("m5", **repeated(10_000, "concat")))
    found["an Input that follows itself"] = file(
        use("m5", "Inner"),
        definitions=[{**inner, "nodes": [{**each, **repeated(3)} for each in inner["nodes"]]}],  # type: ignore[attr-defined]
    )
    return found


def _expressions() -> dict[str, str]:
    found = {}
    for at, count in enumerate(COUNTS):
        if isinstance(count, dict):
            expr = layer("Inner", "a_", dense("a_5", features=count), parameters=[number("width")])
            found[f"expression {at} {str(count)[:30]} inside"] = file(
                use("m5", "Inner"), definitions=[expr]
            )
            plain = layer("Inner", "a_", dense("a_5", features={"expr": "width"}),
                          parameters=[number("width")])  # fmt: skip
            found[f"expression {at} {str(count)[:30]} given"] = file(
                use("m5", "Inner", params={"width": count}), definitions=[plain]
            )
    deep = [
        layer(f"D{at}", f"d{at}_",
              use(f"d{at}_5", f"D{at + 1}", params={"width": {"expr": "width * width"}}),
              parameters=[number("width", 10)])
        for at in range(12)
    ]  # fmt: skip
    last = layer(
        "D12", "e_", dense("e_5", features={"expr": "width"}), parameters=[number("width")]
    )
    found["a parameter squared twelve times"] = file(use("m5", "D0"), definitions=[*deep, last])
    return found


def _names() -> dict[str, str]:
    found = {}
    for name in (*CLASS_NAMES, *PAYLOADS):
        inner = layer(name, "a_", dense("a_5"))
        found[f"a definition called {name[:20]!r}"] = file(
            use("m5", name, **repeated(3)), use("m6", name), definitions=[inner]
        )
    everything = [dense(f"a_{at}", name) for at, name in enumerate(ATTRIBUTES)]
    inner = layer("Inner", "z_", *everything)
    found["blocks called like keywords and attributes"] = file(
        use("m5", "Inner", "class"), use("m6", "Inner", "train"), definitions=[inner]
    )
    parameters = [number(name, 8) for name in ATTRIBUTES if name.isidentifier()]
    inner = layer(
        "Inner", "z_",
        *(dense(f"a_{at}", features={"expr": str(p["name"])}) for at, p in enumerate(parameters)),
        parameters=parameters,
    )  # fmt: skip
    found["parameters called like keywords and attributes"] = file(
        use("m5", "Inner"), use("m6", "Inner", params={"to": 16, "self": 3}), definitions=[inner]
    )
    for name in ("class", "self", "x", "torch", "i", "lambda", "__class__", "a b", "", "2", "é"):
        inner = layer("Inner", "z_", dense("z_5", features={"expr": name}),
                      parameters=[number(name)])  # fmt: skip
        found[f"a parameter called {name!r}"] = file(
            use("m5", "Inner"), use("m6", "Inner", params={name: 16}), definitions=[inner]
        )
    for name in ("x", "self", "y", "for", "a.b", "a[0]", "", *PAYLOADS[:6]):
        nodes = [node("a1", "input", name, params={"shape": "8"}), dense("a5"),
                 node("a9", "output", name)]  # fmt: skip
        inner = definition("Inner", nodes, wires("a1", "a5", "a9"))
        text = json.loads(file(use("m5", "Inner"), definitions=[inner]))
        text["edges"] = [["m1.y", f"m5.{name}"], [f"m5.{name}", "m9.x"]]
        found[f"ports called {name[:20]!r}"] = json.dumps(text)
    same = [node("a1", "input", "x"), node("a2", "input", "x"), node("a3", "output", "y"),
            node("a4", "output", "y")]  # fmt: skip
    inner = definition("Inner", same, [["a1.y", "a3.x"], ["a2.y", "a4.x"]])
    found["ports of one name"] = file(use("m5", "Inner"), definitions=[inner])
    many = [node(f"a{n}", "input", f"x{n}") for n in range(3000)]
    found["three thousand ports"] = file(
        use("m5", "Inner"), definitions=[definition("Inner", [*many, node("b", "output", "y")], [])]
    )
    return found


def _texts() -> dict[str, str]:
    found = {}
    for text in PAYLOADS:
        told = number("width", title=text, help=text, unit=text, widget=text)
        inner = layer(
            "Inner", "a_", dense("a_5", text, features={"expr": "width"}), parameters=[told],
            description=text, strange=text, **{text: text},
        )  # fmt: skip
        found[f"texts {text[:20]!r}"] = file(
            use("m5", "Inner", text, **{text: text}), use("m6", "Inner", text),
            definitions=[inner], name=text, description=text,
        )  # fmt: skip
    choices = {"name": "kind", "kind": "choice", "default": "a'b", "choices": ["a'b", '"""']}
    inner = layer("Inner", "a_", dense("a_5"), parameters=[choices])
    found["choices with quotes"] = file(
        use("m5", "Inner", params={"kind": '"""'}), definitions=[inner]
    )
    return found


def _bombs() -> dict[str, str]:
    found = {}
    for levels, count in ((3, 1000), (6, 1000), (3, 10_000), (30, 2), (39, 10_000), (2, 10_000)):
        for mode in ("chain", "shared", "concat"):
            nest = [
                layer(f"D{at}", f"d{at}_", use(f"d{at}_5", f"D{at + 1}", **repeated(count, mode)))
                for at in range(levels)
            ]
            last = layer(f"D{levels}", "e_", dense("e_5"))
            found[f"{mode} of {count} in each other, {levels} times"] = file(
                use("m5", "D0", **repeated(count, mode)), definitions=[*nest, last]
            )
    differing = [
        layer(f"D{at}", f"d{at}_",
              use(f"d{at}_5", f"D{at + 1}", params={"width": {"expr": "width + i"}},
                  **repeated(1000)),
              parameters=[number("width", 1)])
        for at in range(3)
    ]  # fmt: skip
    last = layer("D3", "e_", dense("e_5", features={"expr": "width"}), parameters=[number("width")])
    found["1000 that differ in each other, 3 times"] = file(
        use("m5", "D0"), definitions=[*differing, last]
    )
    growing = [
        layer(f"D{at}", f"d{at}_",
              *(use(f"d{at}_{n}", f"D{at + 1}", params={"width": {"expr": f"3 * width + {n}"}})
                for n in range(3, 8)),
              parameters=[number("width", 1)])
        for at in range(12)
    ]  # fmt: skip
    last = layer("D12", "e_", dense("e_5", features={"expr": "width % 97 + 1"}),
                 parameters=[number("width")])  # fmt: skip
    found["five of the next, all different, 12 times"] = file(
        use("m5", "D0"), definitions=[*growing, last]
    )
    wide = [layer(f"D{at}", f"d{at}_", dense(f"d{at}_5")) for at in range(3000)]
    found["three thousand definitions"] = file(use("m5", "D0"), definitions=wide)
    many = [use(f"u{at}", "D0") for at in range(3000)]
    found["three thousand instances"] = file(*many, definitions=wide[:1])
    return found


def _broken() -> dict[str, str]:
    inner = layer("Inner", "a_", dense("a_5"))
    found = {
        "an instance of what is not there": file(use("m5", "Gone")),
        "an instance of nothing": file(use("m5", "")),
        "a definition that uses what is not there": file(
            use("m5", "Outer"), definitions=[layer("Outer", "o_", use("o_5", "Gone"))]
        ),
        "two definitions of one name": file(use("m5", "Inner"), definitions=[inner, inner]),
        "one id in two definitions": file(
            use("m5", "Inner"), use("m6", "Other"),
            definitions=[inner, layer("Other", "a_", node("a_5", "relu"))],
        ),
        "one id in a definition and the drawing": file(
            use("a_5", "Inner"), dense("a_1"), definitions=[inner]
        ),
        "an empty definition": file(use("m5", "Inner"), definitions=[definition("Inner", [], [])]),
        "a definition without Outputs": file(
            use("m5", "Inner"), definitions=[definition("Inner", [node("a1", "input", "x")], [])]
        ),
        "a definition without Inputs": file(
            use("m5", "Inner"), definitions=[definition("Inner", [node("a1", "output", "y")], [])]
        ),
        "a loss in a definition": file(
            use("m5", "Inner"),
            definitions=[layer("Inner", "a_", dense("a_5"), node("a_6", "cross_entropy"))],
        ),
        "a circle of wires in a definition": file(
            use("m5", "Inner"),
            definitions=[{**inner, "edges": [*wires("a_1", "a_5"), ["a_5.y", "a_5.x"]]}],
        ),
        "a parameter of an unknown kind": file(
            use("m5", "Inner"), definitions=[{**inner, "parameters": [number("w", kind="secret")]}]
        ),
        "a default that its own bounds refuse": file(
            use("m5", "Inner"), definitions=[{**inner, "parameters": [number("w", 3, ge=5)]}]
        ),
        "two parameters of one name": file(
            use("m5", "Inner"), definitions=[{**inner, "parameters": [number("w"), number("w")]}]
        ),
        "a wire to a port that is not there": file(
            use("m5", "Inner"), definitions=[{**inner, "edges": [["a_1.z", "a_5.q"]]}]
        ),
    }  # fmt: skip
    for at, wrong in enumerate((None, 3, "x", [], {}, {"name": 3}, {"name": "A", "nodes": 3})):
        found[f"a definition that is {at} {wrong!r}"] = file(definitions=[wrong])
    for at, wrong in enumerate((None, 3, "m1", "m5", "m6", "gone", "", "a_5", [], "m9")):
        found[f"weights shared with {at} {wrong!r}"] = file(
            dense("m5", shares=wrong), use("m6", "Inner", shares=wrong), dense("m7"),
            definitions=[inner],
        )  # fmt: skip
    found["weights shared in a circle"] = file(dense("m5", shares="m6"), dense("m6", shares="m5"))
    found["weights shared along a chain"] = file(
        dense("m5", shares="m6"), dense("m6", shares="m7"), dense("m7")
    )
    found["weights shared with another kind"] = file(
        dense("m5", shares="m6"), node("m6", "layer_norm"), definitions=[inner]
    )
    found["weights shared with another size"] = file(
        dense("m5", features=4), dense("m6", shares="m5"), dense("m7", shares="m6")
    )
    found["weights of a repeated block shared"] = file(
        dense("m5", **repeated(3)),
        dense("m6", shares="m5"),
        dense("m7", shares="m5", **repeated(2)),
    )
    for at, wrong in enumerate((None, 3, "x", [], {"mode": 3}, {"count": None, "mode": "chain"})):
        found[f"a repeat that is {at} {wrong!r}"] = file(dense("m5", repeat=wrong))
    return found
