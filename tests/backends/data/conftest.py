"""The built-in and generated data sets, each with its defaults and in some other forms."""

import shutil

import pytest

from backends.data.source import sources
from graph.data import DataSpec

OWN = {kind for kind, cls in sources().items() if cls.category in ("Your files", "Libraries")}
COSTLY = {"spoken", "shapes"}  # as many rows as they make by default
VARIANTS = [
    *(DataSpec(kind) for kind in sources() if kind not in OWN | COSTLY),
    DataSpec("spoken", {"rows": 60, "words": 4}),
    DataSpec("digits", {"size": "28"}),
    DataSpec("digits", {"size": "16", "layout": "rows"}),
    DataSpec("digits", {"layout": "flat"}),
    DataSpec("penguins", {"sex": True, "island": True}),
    DataSpec("penguins", {"sex": True, "missing": "mean / most common"}),
    DataSpec("iris", {"standardise": False, "test_fraction": 0.0}),
    DataSpec("sunspots", {"step": "monthly", "window": 36, "horizon": 6}),
    DataSpec("spirals", {"classes": 5, "rows": 503, "seed": 7}),
    DataSpec("stdlib", {"characters": 20_000, "window": 50, "alphabet": 20}),
    DataSpec("masked_text", {"characters": 20_000, "piece": 10, "test_fraction": 0.0}),
    DataSpec("sequences", {"task": "add", "length": 3, "rows": 200}),
    DataSpec("sequences", {"task": "sort", "length": 5, "rows": 200, "seed": 3}),
    DataSpec("shapes", {"classes": 4, "objects": 3, "rows": 60, "size": (16, 24)}),
    DataSpec("speech", {"letters": 30, "longest": 3, "stride": 1, "rows": 300}),
]


def named(spec):
    return "-".join([spec.source, *map(str, spec.params.values())])


@pytest.fixture(params=VARIANTS, ids=named)
def variant(request):
    """One data set that needs no file of the person."""
    return request.param


@pytest.fixture
def same_when_exported(tmp_path):
    """Checks that the exported code of a source reads the same bits as `load`."""

    def check(source):
        folder = tmp_path / "exported folder"
        folder.mkdir()
        assert_same(source.load(), run_export(source, folder))

    return check


def run_export(source, folder):
    """What the exported code answers in a namespace of its own."""
    export = source.export()
    (folder / "data").mkdir()
    for file in export.files:
        shutil.copy(file, folder / "data")
    for banned in ("backends", "graph", "torch", "UserError"):
        assert banned not in export.code
    assert "numpy" in export.requirements
    namespace = {"HERE": folder, "__name__": "train"}
    exec(compile(export.code, "train.py", "exec"), namespace)
    return eval(export.call, namespace)


def assert_same(splits, exported):
    for ours, theirs in zip((splits.train, splits.test), exported, strict=True):
        assert list(ours) == list(theirs)
        for name, array in ours.items():
            assert array.dtype == theirs[name].dtype
            assert array.shape == theirs[name].shape
            assert array.tobytes() == theirs[name].tobytes()
