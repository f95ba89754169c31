"""Names and formulas with which drawings go wrong most easily."""

from __future__ import annotations

# What variables, loops, placeholders, arguments, modules and classes of the code are called.
NAMES = (
    "x", "y", "i", "item", "block", "block2", "self", "p", "p_part", "out", "in_features",
    "out_features", "width", "depth", "features", "bias", "torch", "nn", "F", "forward", "part",
    "answers", "step", "x_step", "x_part", "y_part", "skip", "state", "h", "model", "loss",
    "losses", "batch", "k", "Part0", "dense", "n", "a", "b", "c", "z", "_q", "register", "half",
    "type", "i2", "y1", "values", "next_state", "x_answers", "y2",
)  # fmt: skip
# Names as a file may have them, which cannot stand in code.
STRANGE = (
    "层", "输入 2", "\U0001f9e0", "\U0001f9e0\U0001f525", "class", "lambda", "None", "__init__",
    "__class__", "_", "__", "match", "é", "Ünit", "3d", "a b", "a-b", "a.b", "X", "dense 1",
    '"', "'; x", "{x}", "%s", "aaaaaaaaaaaaaaaaaaaaaaaa", "\\", "#", "T", "N", "str",
    "int", "list", "range", "super",
)  # fmt: skip
PARAMETERS = (
    "width", "features", "in_features", "out_features", "x", "half", "dense", "depth", "size",
    "k", "y", "bias", "Part0", "Part", "e", "type", "units", "p", "torch", "nn", "item", "N",
    "T", "len", "range", "weight",
)  # fmt: skip
KINDS = (
    "Part", "PART", "Dense", "Linear", "Tensor", "My Part", "MyPart", "X", "Y", "Item", "Block",
    "Skip", "Size", "Model2", "InFeatures", "Ünit", "1Part", "nn", "F", "Model", "GRUCell", "层",
    "\U0001f9e0", "TrainOrEvaluate", "x", "self", "ModuleList",
)  # fmt: skip
FORMULAS = (
    "{0}", "2*{0}", "{0}+1", "{0}*{0}", "{0}//2+1", "{0}**2", "(4+{0}*2)/2", "{0}*3-1", "8/2",
    "{0}/2+{0}/2", "2**({0}%3)", "{0}+{1}", "{0}*{1}", "({0}+{1})//2+1", "-{0}+{1}+99",
    "{0}%4+1", "3",
)  # fmt: skip
BY_INDEX = (
    "3+i", "2*i+3", "i*i+1", "4-i", "2**i", "(4+2*i)/2", "5+0*i", "9-2*i", "8/2**(i%2)",
    "1+i//2",
)  # fmt: skip
