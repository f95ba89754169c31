"""Files whose Optimizers mean harm: they train what is not there, what trains them, and much."""

from __future__ import annotations

import json

from tests.graph.hostile_composites import (
    COUNTS,
    MODES,
    PAYLOADS,
    Json,
    definition,
    dense,
    layer,
    node,
    repeated,
    use,
)

TRAINS: tuple[object, ...] = (
    *PAYLOADS, "body", "body, body", "judge", "nobody", "body, nobody", ",,,", ", ", "body,,judge",
    "adam", "data", "right", "wrong", "BODY", "self", "class", "*", "body.judge", "Inner/body",
    "m2", ", ".join(f"b{n}" for n in range(3000)), "body," * 5000, None, 3, [], ["body"], {},
    {"expr": "body"}, True,
)  # fmt: skip
NUMBERS: tuple[object, ...] = (
    0, -1, 1e-320, 1e308, 10**400, -(10**400), float("inf"), float("-inf"), float("nan"), "x", "",
    None, True, [0.1], {}, {"expr": "1 / 0"}, {"expr": "9**9**9"}, {"expr": "nobody"},
    {"expr": "i"}, {"expr": "-0.5"}, {"expr": "1e308 * 10"},
)  # fmt: skip
RATES = ("learning_rate", "momentum", "beta1", "beta2", "weight_decay")


def optimizer(id: str, name: str = "", **more: object) -> Json:
    """An Optimizer of a file."""
    return node(id, "optimizer", name, **more)


def trained(*optimizers: Json, wires: list[object] | None = None, **more: object) -> str:
    """A file with two layers, a loss of what they answer, and Optimizers that take it."""
    nodes = [
        node("m1", "input", "data", params={"shape": "8"}), dense("m2", "body"),
        dense("m3", "judge"),
        node("m4", "target", "right", params={"shape": "8", "dtype": "float32"}),
        node("m5", "mse", "wrong"), *optimizers,
    ]  # fmt: skip
    edges: list[object] = [
        ["m1.y", "m2.x"], ["m2.y", "m3.x"], ["m3.y", "m5.prediction"], ["m4.y", "m5.target"]
    ]  # fmt: skip
    edges += (
        [["m5.loss", f"{each['id']}.losses"] for each in optimizers] if wires is None else wires
    )
    data = {
        "torchloom": 2, "name": "Hostile", "nodes": nodes, "edges": edges, "definitions": [],
        "next_id": 1000, **more,
    }  # fmt: skip
    return json.dumps(data)


def files() -> dict[str, str]:
    """All of them, by what is wrong with them."""
    return {**_trains(), **_numbers(), **_wires(), **_placed(), **_many()}


def _trains() -> dict[str, str]:
    found = {}
    for at, trains in enumerate(TRAINS):
        params = {"trains": trains}
        found[f"trains {at} {str(trains)[:20]!r}"] = trained(optimizer("o1", params=params))
        found[f"trains {at} {str(trains)[:20]!r} twice"] = trained(
            optimizer("o1", params=params), optimizer("o2", params=params), optimizer("o3")
        )
    for text in PAYLOADS:
        found[f"an optimizer called {text[:20]!r}"] = trained(
            optimizer("o1", text, params={"trains": "body"}), optimizer("o2", text)
        )
        found[f"trains a block called {text[:20]!r}"] = trained(
            optimizer("o1", params={"trains": text}), dense("m8", text),
            wires=[["m5.loss", "o1.losses"], ["m2.y", "m8.x"]],
        )  # fmt: skip
    return found


def _numbers() -> dict[str, str]:
    return {
        f"{rate} {at} {str(value)[:20]}": trained(optimizer("o1", params={rate: value}))
        for rate in (*RATES, "optimizer", "nobody")
        for at, value in enumerate(NUMBERS)
    }


def _wires() -> dict[str, str]:
    def wired(*edges: list[str]) -> str:
        return trained(optimizer("o1"), optimizer("o2"), wires=list(edges))

    return {
        "an optimizer without wires": wired(),
        "an optimizer that feeds itself": wired(["m5.loss", "o1.losses"], ["o1.y", "o1.losses"]),
        "an optimizer that feeds another": wired(["m5.loss", "o1.losses"], ["o1.y", "o2.losses"]),
        "two optimizers in a circle": wired(["o1.y", "o2.losses"], ["o2.y", "o1.losses"]),
        "an optimizer that feeds the model": wired(["m5.loss", "o1.losses"], ["o1.y", "m2.x"]),
        "a loss that feeds the model": wired(["m5.loss", "o1.losses"], ["m5.loss", "m2.x"]),
        "an optimizer of a layer": wired(["m2.y", "o1.losses"]),
        "an optimizer of the data": wired(["m1.y", "o1.losses"], ["m4.y", "o2.losses"]),
        "an optimizer of what is not there": wired(["gone.y", "o1.losses"], ["m5.q", "o2.losses"]),
        "a port that an optimizer has not": wired(["m5.loss", "o1.trains"]),
        "one loss a thousand times": wired(*[["m5.loss", "o1.losses"] for _ in range(1000)]),
    }


def _placed() -> dict[str, str]:
    inner = definition(
        "Inner",
        [node("a1", "input", "x"), dense("a2"), optimizer("a3"), node("a9", "output", "y")],
        [["a1.y", "a2.x"], ["a2.y", "a9.x"], ["a2.y", "a3.losses"]],
    )
    only = definition("Only", [node("b1", "input", "x"), optimizer("b2")], [["b1.y", "b2.losses"]])
    found = {
        "an optimizer in a definition": trained(
            use("m6", "Inner"), wires=[["m2.y", "m6.x"]], definitions=[inner]
        ),
        "an optimizer in a repeated definition": trained(
            use("m6", "Inner", **repeated(3)), wires=[["m2.y", "m6.x"]], definitions=[inner]
        ),
        "a definition of an optimizer alone": trained(
            use("m6", "Only"), wires=[["m5.loss", "m6.x"]], definitions=[only]
        ),
        "trains what is inside a definition": trained(
            optimizer("o1", params={"trains": "Inner, a_5"}), use("m6", "Inner"),
            wires=[["m5.loss", "o1.losses"]], definitions=[layer("Inner", "a_", dense("a_5"))],
        ),
        "optimizers that share weights": trained(optimizer("o1", shares="o2"), optimizer("o2")),
        "an optimizer that shares those of a layer": trained(optimizer("o1", shares="m2")),
        "a frozen optimizer": trained(optimizer("o1", frozen=True)),
    }  # fmt: skip
    for mode in MODES:
        found[f"an optimizer repeated by {mode}"] = trained(optimizer("o1", **repeated(3, mode)))
    for at, count in enumerate(COUNTS):
        found[f"an optimizer repeated {at} times"] = trained(optimizer("o1", **repeated(count)))
    return found


def _many() -> dict[str, str]:
    return {
        "three hundred optimizers": trained(*[optimizer(f"o{n}") for n in range(300)]),
        "three hundred optimizers of one name": trained(
            *[optimizer(f"o{n}", "one", params={"trains": "body, judge"}) for n in range(300)]
        ),
        "a thousand names that nobody has": trained(
            optimizer("o1", params={"trains": ", ".join(f"bod{n}" for n in range(1000))}),
            *[dense(f"d{n}", f"body{n}") for n in range(1000)], wires=[["m5.loss", "o1.losses"]],
        ),
    }  # fmt: skip
