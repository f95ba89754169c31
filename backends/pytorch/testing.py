"""The harness every block passes; authors of plug-ins run it over theirs.

    from backends.pytorch.testing import check_block

    def test_my_block():
        check_block(MyBlock)

Each check is a function of the block's class that raises AssertionError, with the parameters and
inputs at fault in its text. The inputs are the block's own examples.
"""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from backends.pytorch.fuzzing import disagreements, random_trial, random_values
from backends.pytorch.keeping import kept_bytes
from backends.pytorch.offers import useless_offers
from backends.pytorch.strictness import ask_torch, is_stricter
from backends.pytorch.trial import (
    LARGE,
    SEED,
    SMALL,
    Trial,
    devices_of,
    model_of,
    run,
    sizes_of,
    source_of,
    tensors_for,
    type_of,
)
from backends.pytorch.verify import verify
from graph.block import Block, Example, Role
from graph.cost import at_sizes
from graph.keeping import saved_alone
from graph.names import is_usable
from graph.params import Param, from_json, to_json
from graph.problems import Refusal, UserError
from graph.tensor import Sym, TensorType

Check = Callable[[type[Block]], None]
QUICK_FUZZ = 60
STILL = ("target", "class_weights")
ESTIMATED: Mapping[str, str] = {
    "einsum": "torch reorders the products, and keeps what it happens to come by",
    "grouped_query_attention": "turned keys keep torch from fusing on the CPU, but not on a GPU",
    "lstm": "what oneDNN sets aside grows in steps, which small sizes do not show",
}
"""Blocks whose kept memory depends on what torch does not say."""


def trials(block: type[Block]) -> Iterator[tuple[Trial, Example]]:
    """The examples that the block accepts."""
    for example in block.examples:
        if example.fails is None:
            yield Trial(block.build(example.params), example.inputs), example


def sized_trials(block: type[Block]) -> Iterator[Trial]:
    """The accepted examples with their open sizes at two different values each."""
    for trial, _ in trials(block):
        for start, batch in ((9, SMALL), (13, LARGE)):
            yield trial.at(sizes_of(trial, start, batch))


def check_declaration(block: type[Block]) -> None:
    """Everything a person reads of it is there."""
    doc = (block.__doc__ or "").strip()
    assert doc.splitlines()[0].endswith("."), "the docstring's first line is a sentence"
    assert "Shape:" in doc, "the docstring says the Shape"
    assert 0 < len(block.kind.glyph) <= 2, f"the glyph {block.kind.glyph!r} has one or two letters"
    assert block.kind.keywords, "keywords help to find it"
    assert sum(example.fails is None for example in block.examples) >= 2, "two examples at least"
    assert is_usable(block.kind.stem), f"{block.kind.stem!r} cannot name a variable"
    for declared in block.params.values():
        assert re.search(r"[.?]$", declared.help), f"{declared.name}: help is a sentence"
        assert declared.title, f"{declared.name} has a title"
    assert isinstance(block().summary(), str)


def check_help(block: type[Block]) -> None:
    """What its docstring calls by name is there, so that help does not fall behind."""
    doc = block.__doc__ or ""
    shape = doc[doc.index("Shape:") :].split("\n\n")[0]
    quoted = " ".join(re.findall(r"`([^`]*)`", shape))
    known = {*block.params, *block.outputs, *(port.name for port in block.inputs)}
    named = set(re.findall(r"[a-z]+_[a-z_]+", quoted))
    assert named <= known, f"the docstring names {sorted(named - known)}, which are not there"
    described = set(block.port_help)
    assert described <= known, f"port help for {sorted(described - known)}"


def check_values(block: type[Block]) -> None:
    """Parameters come back from a file as they were."""
    rng = random.Random(3)
    cases = [example.params for example in block.examples]
    cases += [random_values(block, rng) for _ in range(10)]
    for values in cases:
        made = block.build(values)
        stored = json.dumps({name: to_json(value) for name, value in made.values().items()})
        read = {name: from_json(value) for name, value in json.loads(stored).items()}
        assert block.build(read) == made, f"{values} reads back as {read}"


def check_bounds(block: type[Block]) -> None:
    """Values beyond the bounds and of another kind are refused."""
    for declared in block.params.values():
        wrong = [value for value in _beyond(declared) if value is not None]
        wrong += [None, object(), {"a": 1}] + (
            [] if declared.kind in ("text", "choice") else ["no"]
        )
        for value in wrong:
            try:
                block.build({declared.name: value})
            except UserError as error:
                assert declared.title in str(error), f"{declared.name}: {error}"
            else:
                raise AssertionError(f"{declared.name} accepts {value!r}")  # fmt: skip


def _beyond(declared: Param) -> list[object]:
    found: list[object] = []
    for bound, step in ((declared.ge, -1), (declared.le, 1), (declared.gt, 0)):
        if bound is None:
            continue
        number = bound + step if declared.kind == "float" else int(bound) + step
        length = {"size2": 2, "size3": 3, "ints": 2}.get(declared.kind)
        found.append((number,) * length if length else number)
    return found + ([1 << 70] if declared.kind == "int" else [])


def check_types(block: type[Block]) -> None:
    """Inference says what torch gives, with open sizes and without, on no device and on CPU."""
    for trial, _ in trials(block):
        symbolic = trial.outputs()
        for start, batch in ((9, SMALL), (13, LARGE)):
            sizes = sizes_of(trial, start, batch)
            sized = trial.at(sizes)
            expected = {port: type_.at(sizes) for port, type_ in symbolic.items()}
            assert sized.outputs() == expected, f"{trial} at {sizes}"
            for source in (source_of(trial), source_of(sized)):
                for device in devices_of(sized):
                    found = run(model_of(source, device), tensors_for(sized, device))
                    types = dict(zip(expected, map(type_of, found), strict=True))
                    assert types == expected, f"{sized} gives {types} on {device}"


def check_refusals(block: type[Block]) -> None:
    """What it refuses, torch refuses too, or it says why it is stricter."""
    for example in block.examples:
        if example.fails is None:
            continue
        trial = Trial(block.build(example.params), example.inputs)
        try:
            trial.outputs()
        except Refusal as refusal:
            if _has_code(block) and not _is_open(trial) and not is_stricter(block, refusal):
                answer = ask_torch(trial.at(SMALL))
                assert isinstance(answer, Exception), f"{trial} is refused, but torch: {answer}"
        else:
            raise AssertionError(f"{trial} is accepted")


def check_offers(block: type[Block]) -> None:
    """What its refusals offer mends them."""
    rng = random.Random(4)
    tried = [Trial(block.build(e.params), e.inputs) for e in block.examples if e.fails]
    tried += [random_trial(block, rng) for _ in range(QUICK_FUZZ)]
    useless = [text for trial in tried for text in useless_offers(trial)]
    assert not useless, "\n".join(useless[:5])


def _is_open(trial: Trial) -> bool:
    return any(isinstance(dim, Sym) for type_ in trial.types() for dim in type_.shape[1:])


def check_source(block: type[Block]) -> None:
    """Its code passes the allow-list, has nothing unused, and gives the same run by itself."""
    for sized in sized_trials(block):
        source = source_of(sized)
        _lint(source.model)
        names: dict[str, object] = {"__name__": "clean"}
        exec(compile(source.model, "<clean>", "exec"), names)
        torch.manual_seed(7)
        alone = names["Model"]().eval()  # type: ignore[operator]  # a class of the printed text
        made, inputs = sized.block, tensors_for(sized)
        _need_equal(
            _answers(made, alone, inputs),
            _answers(made, model_of(source).eval(), inputs),
            str(sized),
        )
        chained = model_of(source_of(sized, chained=True)).eval()
        _need_equal(
            _answers(made, alone, inputs), _answers(made, chained, inputs), f"chained: {sized}"
        )


def _lint(text: str) -> None:
    tree = verify(text)
    assert max(map(len, text.splitlines())) <= 88, f"a line is too long in\n{text}"
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    bound = {node.id for node in names if isinstance(node.ctx, ast.Store)} - {"_"}
    unused = (imported | bound) - read
    assert not unused, f"{sorted(unused)} are not used in\n{text}"


def _answers(block: Block, model: nn.Module, inputs: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The model's outputs; a block that says it is random draws the same numbers each time."""
    if block.is_random:
        torch.manual_seed(SEED)
    return run(model, inputs)


def _need_equal(left: tuple[Tensor, ...], right: tuple[Tensor, ...], what: str) -> None:
    for one, other in zip(left, right, strict=True):
        assert torch.equal(one.nan_to_num(), other.nan_to_num()), f"the answers differ: {what}"


def check_snippets(block: type[Block]) -> None:
    """Functions and classes that its code brings along cannot be hidden by a person's names."""
    for sized in sized_trials(block):
        for snippet in sized.emit().snippets:
            made = ast.parse(snippet.source).body[0]
            assert isinstance(made, (ast.FunctionDef, ast.ClassDef))
            assert made.name == snippet.name
            assert ast.get_docstring(made), f"{snippet.name} needs a docstring"


def check_gradients(block: type[Block]) -> None:
    """Every weight learns, and the counted number of weights is the real one."""
    for sized in sized_trials(block):
        model = model_of(source_of(sized)).train()
        weights = dict(model.named_parameters())
        count = type(sized.block).parameters(sized.block, *sized.arguments())
        real = sum(weight.numel() for weight in weights.values())
        assert count == real, f"{sized} counts {count} parameters of {real}"
        if not weights:
            continue
        answers = run(model, tensors_for(sized))
        learning = [answer.float().square().sum() for answer in answers if answer.requires_grad]
        assert learning, f"{sized}: no gradient reaches its weights"
        torch.stack(learning).sum().backward()  # type: ignore[no-untyped-call]  # torch does not annotate it
        for name, weight in weights.items():
            assert weight.grad is not None, f"{sized}: no gradient reaches {name}"
            assert weight.grad.isfinite().all(), f"{sized}: the gradient of {name} is not finite"


def check_state(block: type[Block]) -> None:
    """Its weights can be stored and loaded, and evaluating does not change anything."""
    for sized in sized_trials(block):
        source = source_of(sized)
        made, inputs = sized.block, tensors_for(sized)
        model, other = model_of(source).eval(), model_of(source, seed=8).eval()
        first = _answers(made, model, inputs)
        other.load_state_dict(model.state_dict())
        _need_equal(first, _answers(made, other, inputs), f"loaded: {sized}")
        _need_equal(first, _answers(made, model, inputs), f"the second time: {sized}")
        with torch.no_grad():
            faster = _answers(made, model, inputs)
        for one, two in zip(first, faster, strict=True):
            # Without gradients torch takes fused kernels, which round differently.
            assert torch.allclose(one, two, rtol=1e-4, atol=1e-5, equal_nan=True), str(sized)


def check_multiply_adds(block: type[Block]) -> None:
    """Its products are counted as torch's own counter counts them, where that knows them."""
    known = unknown = 0
    for sized in sized_trials(block):
        if "meta" not in devices_of(sized):
            continue  # How much is computed depends on the numbers; ours is the most.
        model = model_of(source_of(sized), "meta").eval()
        with FlopCounterMode(display=False) as counter:
            run(model, tensors_for(sized, "meta"))
        counted = counter.get_total_flops() / 2
        own = at_sizes(type(sized.block).multiply_adds(sized.block, *sized.arguments()), {})
        known += counted > 0
        unknown += own > 0 and not counted
        if counted or not own:
            assert own == counted, f"{sized} counts {own} multiply-adds, torch {counted:g}"
    assert known or not unknown, "torch counts none of its products, so that no example tells"


def check_saved(block: type[Block]) -> None:
    """What it says that autograd keeps is what autograd keeps, to five per cent or a few numbers.

    Where its code looks at numbers, how much is kept may depend on them; ours is the most.
    """
    if block.kind.name in ESTIMATED or block.kind.role is Role.METRIC:
        return
    for trial, _ in trials(block):
        sized = trial.at(sizes_of(trial, 13, LARGE))
        inputs = tensors_for(sized)
        ports = [port for port, types in sized.inputs.items() for _ in _each(types)]
        for port, tensor in zip(ports, inputs, strict=True):
            tensor.requires_grad_(tensor.is_floating_point() and port not in STILL)
        model = model_of(source_of(sized)).train()
        real = kept_bytes(model, partial(run, model, inputs))
        own = saved_alone(sized.block, sized.inputs, sized.outputs(), STILL).at({})
        is_most = "meta" not in devices_of(sized) and own > real
        assert is_most or abs(own - real) <= max(0.05 * real, 16), (
            f"{sized} says that {own} bytes are kept, autograd keeps {real}; "
            "`saves` names the ports, `saved` what is kept besides"
        )


def _each(types: TensorType | list[TensorType]) -> list[TensorType]:
    return types if isinstance(types, list) else [types]


def check_fuzz(block: type[Block], count: int = QUICK_FUZZ, seed: int = 1) -> None:
    """On random parameters and inputs it accepts what torch accepts, and gives the same types."""
    found = disagreements(block, count, seed)
    assert not found, "\n".join(found[:5])


DECLARED: Mapping[str, Check] = {
    "declaration": check_declaration,
    "help": check_help,
    "values": check_values,
    "bounds": check_bounds,
    "refusals": check_refusals,
    "offers": check_offers,
}
RUNNING: Mapping[str, Check] = {
    "types": check_types,
    "source": check_source,
    "snippets": check_snippets,
    "gradients": check_gradients,
    "state": check_state,
    "multiply_adds": check_multiply_adds,
    "saved": check_saved,
    "fuzz": check_fuzz,
}


def checks_of(block: type[Block]) -> Mapping[str, Check]:
    """The checks that concern a block, by name; data and answers have no code to run."""
    return {**DECLARED, **RUNNING} if _has_code(block) else DECLARED


def _has_code(block: type[Block]) -> bool:
    return block.kind.role not in (Role.INPUT, Role.TARGET, Role.OUTPUT, Role.OPTIMIZER)


def check_block(block: type[Block]) -> None:
    """Runs all checks.

    Raises:
        AssertionError: one fails; the text says what is wrong.
    """
    for check in checks_of(block).values():
        check(block)
