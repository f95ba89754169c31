"""Exported scripts read the same bits, with nothing of ours."""

import shutil
import subprocess
import sys

from backends.data.paste import pasted
from backends.data.source import source_of
from graph.data import DataSpec


def test_exported_code_reads_the_same_bits(variant, same_when_exported):
    same_when_exported(source_of(variant))


def test_exported_code_runs_in_a_fresh_interpreter(tmp_path):
    source = source_of(DataSpec("penguins", {"island": True}))
    export = source.export()
    (tmp_path / "data").mkdir()
    shutil.copy(export.files[0], tmp_path / "data")
    script = (
        f"{export.code}\nHERE = Path(__file__).resolve().parent\n"
        f"train, test = {export.call}\nprint(train['x'].tobytes().hex())\n"
    )
    (tmp_path / "train.py").write_text(script, "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "train.py"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == source.load().train["x"].tobytes().hex()


def test_pasted_text_has_its_imports_once_and_on_top():
    text = pasted("backends.data.readers.images", "DATA = 1")
    lines = text.splitlines()
    imports = [line for line in lines if line.startswith(("import ", "from "))]
    assert len(imports) == len(set(imports))
    assert lines[: len(imports) + 1] == [*imports[:-1], "", imports[-1]]
    assert imports[-1] == "import numpy as np"
    assert text.index("DATA = 1") < text.index("class DataError")
    assert text.count("def existing_folder(") == 1


def test_sources_load_without_torch_qt_and_pillow():
    script = (
        "import sys; from backends.data.source import sources; sources();"
        "print({m.split('.')[0] for m in sys.modules} & {'torch', 'PySide6', 'PIL', 'app'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
