"""The second wall: printed source passes an allow-list over its syntax tree before it is executed.

The printer lets only literals and checked names through. This file does not trust it: a text runs
only if every name, attribute and call in it is on a list written here. A class that a person typed
is let through where a person has trusted this very text; all around it is looked at as ever.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from graph import trust
from graph.problems import UserError

IMPORTS = frozenset(
    {
        "import math",
        "import torch",
        "import torch.nn.functional as F",
        "from torch import Tensor",
        "from torch import nn",
        "from torch import Tensor, nn",
    }
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BUILTINS = _words(
    """
    False None True bool dict enumerate float int isinstance len list max min range reversed
    slice str sum super tuple zip
    """
)
TORCH = _words(
    """
    Tensor abs amax amin arange argmax argmin atan2 bernoulli bfloat16 bmm bool
    broadcast_tensors cat ceil chunk clamp complex64 concat cos cosh cumsum diag diagonal
    einsum empty empty_like eq erf exp eye finfo flatten flip float16 float32 float64 floor
    full full_like gather ge gt hann_window index_select int32 int64 isfinite le
    linspace log log10 log1p log2 logical_and logical_not logical_or logsumexp long
    lt masked_fill masked_select matmul max maximum mean meshgrid min minimum mm mul
    multinomial ne norm normal ones ones_like outer permute pow prod rand rand_like randint
    randn randn_like reciprocal relu reshape roll round rsqrt scatter select sigmoid sign sin
    sinh softmax sort split sqrt square squeeze stack std stft sum tan tanh tensor tensor_split
    tile topk transpose tril triu trunc uint8 unbind unflatten unsqueeze var where zeros
    zeros_like
    """
)
FUNCTIONAL = _words(
    """
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d adaptive_max_pool1d
    adaptive_max_pool2d adaptive_max_pool3d alpha_dropout avg_pool1d avg_pool2d avg_pool3d
    binary_cross_entropy binary_cross_entropy_with_logits celu conv2d cosine_embedding_loss
    cosine_similarity cross_entropy ctc_loss dropout elu embedding fold gaussian_nll_loss gelu
    glu group_norm gumbel_softmax hardshrink hardsigmoid hardswish hardtanh
    hinge_embedding_loss huber_loss instance_norm interpolate kl_div l1_loss layer_norm
    leaky_relu linear local_response_norm log_softmax logsigmoid lp_pool1d lp_pool2d lp_pool3d
    max_pool1d max_pool2d max_pool3d max_unpool1d max_unpool2d max_unpool3d mish mse_loss
    multi_head_attention_forward multi_margin_loss nll_loss normalize one_hot pad
    pixel_shuffle pixel_unshuffle
    poisson_nll_loss prelu relu relu6 rms_norm rrelu scaled_dot_product_attention selu sigmoid
    silu smooth_l1_loss softmax softmin softplus softshrink softsign tanh tanhshrink threshold
    triplet_margin_loss unfold upsample
    """
)
METHODS = _words(
    """
    abs all amax amin any append argmax argmin bernoulli bfloat16 bias bmm bool chunk clamp
    clone contiguous cos cpu cummin cumprod cumsum detach device diagonal dilation dim double
    dtype eps eq exp expand expand_as fill_ flatten flip float gather ge groups gt half
    index_select indices inf int item items keys le log log_softmax logical_and logical_not
    logical_or logsumexp long lt masked_fill matmul max mean min mm mul named_parameters narrow
    ndim ne new_full new_ones new_tensor new_zeros norm numel padding permute pow prod
    register_buffer relu repeat repeat_interleave reshape roll round rsqrt scatter select shape
    sigmoid sign sin size
    softmax sort split sqrt square squeeze std stride sub sum swapaxes t tanh to topk training
    transpose tril triu type_as unbind unflatten unfold unsqueeze values var view view_as weight
    """
)
MODULE = re.compile(r"[A-Z][A-Za-z0-9]*")
LIBRARIES: Mapping[str, Callable[[str], bool]] = {
    "torch": TORCH.__contains__,
    "F": FUNCTIONAL.__contains__,
    "nn": lambda name: MODULE.fullmatch(name) is not None,
    "math": str.isalnum,
}
# Functions that live deeper in torch; nothing of these paths may be used but by calling them whole.
DOTTED = frozenset(
    {
        "nn.init.kaiming_normal_",
        "nn.init.kaiming_uniform_",
        "nn.init.normal_",
        "nn.init.orthogonal_",
        "nn.init.trunc_normal_",
        "nn.init.xavier_normal_",
        "nn.init.xavier_uniform_",
        "nn.init.zeros_",
        "nn.utils.parametrizations.spectral_norm",
        "nn.utils.parametrizations.weight_norm",
        "nn.utils.rnn.pack_padded_sequence",
        "nn.utils.rnn.pad_packed_sequence",
    }
)
BASES = frozenset({"nn.Module", "nn.Sequential", "nn.Conv2d"})
METHODS_OF_CLASSES = frozenset({"__init__", "forward"})
STRING = re.compile(r"[\w ,.:;>()+*/-]*", re.ASCII)
NODES = (
    ast.Module, ast.ClassDef, ast.FunctionDef, ast.arguments, ast.arg, ast.Assign, ast.AnnAssign,
    ast.AugAssign, ast.Return, ast.Expr, ast.If, ast.IfExp, ast.For, ast.Import, ast.ImportFrom,
    ast.alias, ast.Name, ast.Attribute, ast.Call, ast.keyword, ast.Constant, ast.Tuple, ast.List,
    ast.Dict, ast.Subscript, ast.Slice, ast.Starred, ast.BinOp, ast.UnaryOp, ast.BoolOp,
    ast.Compare, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context, ast.Pass,
    ast.ListComp, ast.GeneratorExp, ast.comprehension, ast.Raise,
)  # fmt: skip


class Unsafe(UserError):
    """A text that must not be executed."""


def verify(text: str) -> ast.Module:
    """The syntax tree of a text in which everything is allowed.

    Raises:
        Unsafe: the text does not parse, or holds something that is not on the lists.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unsafe(f"The code of this drawing does not parse: {error}.") from error
    whole, tree, agreed = tree, *_without_trusted(tree, text)
    nodes = list(ast.walk(tree))
    _check_classes(nodes)
    strings = _docstrings(nodes) | _column_names(nodes)
    own = _own_names(nodes, agreed)
    names = own | BUILTINS | {"torch", "nn", "F", "math", "Tensor"}
    attributes = _own_attributes(nodes)
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    classes = agreed | {part.name for part in tree.body if isinstance(part, ast.ClassDef)}
    dotted, frozen = _dotted_calls(calls), _frozen_modules(calls, classes)
    for node in nodes:
        if not isinstance(node, NODES):
            raise _unsafe(node, f"a {type(node).__name__}")
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if ast.unparse(node) not in IMPORTS:
                raise _unsafe(node, ast.unparse(node))
        elif isinstance(node, ast.Name):
            if node.id not in names:
                raise _unsafe(node, f"the name {node.id}")
        elif isinstance(node, ast.Attribute):
            if id(node) not in dotted and id(node) not in frozen:
                _check_attribute(node, attributes)
        elif isinstance(node, ast.Constant):
            _check_constant(node, strings)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and (
            node.decorator_list or not _is_plain(node.name, {"__init__"})
        ):
            raise _unsafe(node, f"the definition of {node.name}")
    return whole


def _without_trusted(tree: ast.Module, text: str) -> tuple[ast.Module, frozenset[str]]:
    """The text without the classes that a person has trusted, and the names of these."""
    trusted = [
        part
        for part in tree.body
        if isinstance(part, ast.ClassDef)
        and not part.decorator_list
        and trust.is_trusted(ast.get_source_segment(text, part) or "")
    ]
    rest = [part for part in tree.body if part not in trusted]
    return ast.Module(rest, tree.type_ignores), frozenset(part.name for part in trusted)


def _unsafe(node: ast.AST, what: str) -> Unsafe:
    line = getattr(node, "lineno", 0)
    return Unsafe(
        f"The code of this drawing is not executed: line {line} holds {what}, "
        "which generated code never does."
    )


def _check_classes(nodes: Sequence[ast.AST]) -> None:
    """Refuses what would let `self` stand for anything but an instance of a class of the text.

    Attributes of `self` are free once the text sets them, so nothing else may be called so: it is
    the first argument of `__init__` and `forward`, and these cannot be called with another one.
    """
    methods: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.ClassDef):
            wrong = [base for base in node.bases if ast.unparse(base) not in BASES]
            wrong += [keyword.value for keyword in node.keywords]
            if wrong:
                raise _unsafe(wrong[0], f"a class of {ast.unparse(wrong[0])[:40]}")
            methods |= {id(part) for part in node.body if _is_method(part)}
            for part in node.body:
                if id(part) not in methods and not _is_text(part):
                    raise _unsafe(part, f"a {type(part).__name__} in a class")
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            given = [arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)]
            if "self" in (given[1:] if id(node) in methods else given):
                raise _unsafe(node, "another self")
            if id(node) not in methods and node.name in METHODS_OF_CLASSES | {"self"}:
                raise _unsafe(node, f"the definition of {node.name}")
        elif isinstance(node, ast.Name):
            is_other = node.id == "self" and not isinstance(node.ctx, ast.Load)
            if is_other or node.id in METHODS_OF_CLASSES:
                raise _unsafe(node, f"another {node.id}")


def _is_method(part: ast.stmt) -> bool:
    if not isinstance(part, ast.FunctionDef) or part.name not in METHODS_OF_CLASSES:
        return False
    given = [*part.args.posonlyargs, *part.args.args]
    return bool(given) and given[0].arg == "self"


def _is_text(part: ast.stmt) -> bool:
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


def _is_plain(name: str, besides: set[str] | None = None) -> bool:
    return not name.startswith("_") or name in (besides or ())


def _own_names(nodes: Sequence[ast.AST], agreed: frozenset[str]) -> frozenset[str]:
    """Names the text itself binds; none of them may start with two underscores or hide a wall."""
    found: set[str] = set(agreed)
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
    hidden = found & (BUILTINS | {"torch", "nn", "F", "math", "Tensor"})
    wrong = sorted(hidden | {n for n in found if n.startswith("__") and n != "__init__"})
    if wrong:
        raise Unsafe(f"The code of this drawing is not executed: it redefines {wrong[0]}.")
    return frozenset(found)


def _own_attributes(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """Attributes of self that the text itself sets."""
    return frozenset(
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and _is_plain(node.attr)
    )


def _dotted_calls(calls: Iterable[ast.Call]) -> set[int]:
    """The attributes that make up the names of allowed functions where these are called."""
    found: set[int] = set()
    for node in calls:
        path: list[ast.Attribute] = []
        part = node.func
        while isinstance(part, ast.Attribute):
            path.append(part)
            part = part.value
        names = [each.attr for each in reversed(path)]
        if isinstance(part, ast.Name) and ".".join([part.id, *names]) in DOTTED:
            found |= {id(each) for each in path}
    return found


def _frozen_modules(calls: Iterable[ast.Call], classes: Container[str]) -> set[int]:
    """The attributes in `nn.Conv2d(…).requires_grad_(False)`, which freezes what it makes.

    The module is of the library or of a class of the text; nothing else may be frozen, and nothing
    be set to learn.
    """
    found: set[int] = set()
    for node in calls:
        if not isinstance(node.func, ast.Attribute) or node.func.attr != "requires_grad_":
            continue
        if not _is_false(node):
            continue
        made = node.func.value
        target = ast.unparse(made.func) if isinstance(made, ast.Call) else ""
        library, _, name = target.partition(".")
        is_module = library == "nn" and (MODULE.fullmatch(name) or target in DOTTED)
        if is_module or target in classes:
            found.add(id(node.func))
    return found


def _is_false(made: ast.Call) -> bool:
    """Whether a call is given False and nothing else."""
    given = [each.value for each in made.args if isinstance(each, ast.Constant)]
    return given == [False] and given[0] is False and len(made.args) == 1 and not made.keywords


def _check_attribute(node: ast.Attribute, own: frozenset[str]) -> None:
    root = node.value
    name = node.attr
    of = root.id if isinstance(root, ast.Name) else ""
    if isinstance(node.ctx, ast.Load):
        if of in LIBRARIES:
            allowed = LIBRARIES[of](name)
        elif isinstance(root, ast.Call) and ast.unparse(root) == "super()":
            allowed = name == "__init__"
        else:
            allowed = name in METHODS or (of == "self" and name in own)
    else:
        allowed = of == "self" and name in own and isinstance(node.ctx, ast.Store)
    if not allowed:
        raise _unsafe(node, f"{of}.{name}" if of else f"the attribute {name}")


def _docstrings(nodes: Sequence[ast.AST]) -> set[int]:
    found = set()
    for node in nodes:
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def _column_names(nodes: Sequence[ast.AST]) -> set[int]:
    """The keys in `batch["…"]`: data calls its columns as it likes, and a key does nothing."""
    return {
        id(node.slice)
        for node in nodes
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.value, ast.Name)
        and node.value.id == "batch"
    }


def _check_constant(node: ast.Constant, free: set[int]) -> None:
    value = node.value
    if isinstance(value, str):
        if id(node) not in free and not STRING.fullmatch(value):
            raise _unsafe(node, f"the text {value[:40]!r}")
    elif value is not Ellipsis and not isinstance(value, (bool, int, float, type(None))):
        raise _unsafe(node, f"a constant of type {type(value).__name__}")
