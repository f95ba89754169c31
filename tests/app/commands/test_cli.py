"""The command line on good and bad files: JSON at the end, an exit code, never a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from graph import edits
from graph.data import DataSpec
from graph.fileio import LARGEST_BYTES, dumps, save
from graph.model import Document
from tests.drawing import chain, set_params

ROOT = Path(__file__).parents[3]
READING = ("check", "stats", "render")


@pytest.fixture
def fine(tmp_path: Path) -> Path:
    """A drawing without problems that are errors."""
    path = tmp_path / "fine.loom"
    document = chain("input conv2d relu flatten dense output")
    save(set_params(document, "n1", shape="1, 8, 8"), path)
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object], str]:
    """The exit code, the JSON at the end of stdout, and stderr of a command."""
    code = main([*words, "--json"])
    out, err = capsys.readouterr()
    answer = json.loads(out.splitlines()[-1])
    assert isinstance(answer, dict)
    assert "Traceback" not in err
    return code, answer, err


def words_of(command: str, file: Path) -> list[str]:
    """A command on a file, with what else it must be given."""
    extra = {"render": ["--out", str(file.parent / "out.png")]}
    return [command, str(file), *extra.get(command, [])]


def test_check_of_a_fine_drawing(fine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, answer, _ = run(capsys, "check", str(fine))
    assert code == 0
    assert set(answer) == {"problems"}
    assert all(problem["severity"] == "warning" for problem in answer["problems"])


def test_check_names_code_severity_block_text_and_fixes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.loom"
    save(set_params(chain("input conv2d output"), "n2", kernel_size=(99, 99)), path)
    code, answer, _ = run(capsys, "check", str(path))
    assert code == 1
    problem = answer["problems"][0]
    assert set(problem) == {"code", "severity", "block", "text", "fixes"}
    assert problem["severity"] == "error"
    assert problem["block"] == "conv"
    assert "99×99" in problem["text"]
    assert all(isinstance(fix, str) for fix in problem["fixes"])


def test_stats_counts_what_a_drawing_costs(fine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, answer, _ = run(capsys, "stats", str(fine))
    assert code == 0
    keys = "blocks parameters trainable multiply_adds activation_bytes budget output_shapes seconds"
    assert list(answer) == keys.split()
    assert answer["blocks"] == 6
    features = 32 * 6 * 6
    (shape,) = answer["output_shapes"].values()
    out = shape[-1]
    assert answer["parameters"] == (9 * 32 + 32) + (features * out + out)
    assert answer["multiply_adds"] == 36 * 9 * 32 + features * out


def test_stats_tells_what_fits_a_device(fine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--precision", "mixed", "--optimizer", "sgd", "--devices", "2", "--memory", "0.001"]
    code, answer, _ = run(capsys, "stats", str(fine), *options)
    assert code == 0
    needed, parameters = answer["budget"], answer["parameters"]
    assert needed["weights"] == needed["gradients"] == parameters
    assert needed["master_weights"] == 2 * parameters
    assert needed["optimizer_states"] == 0
    assert needed["fits"] is (needed["training"] <= (1 << 30) // 1000)
    assert 0 < needed["largest_batch"] < 1000


@pytest.mark.parametrize("wrong", [["--memory", "0"], ["--devices", "0"], ["--memory", "nan"]])
def test_stats_refuses_devices_that_cannot_be(
    fine: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer, _ = run(capsys, "stats", str(fine), *wrong)
    assert code == 2
    assert "is no" in answer["error"]


def test_stats_of_a_wrong_drawing_still_counts_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.loom"
    save(set_params(chain("input conv2d output"), "n2", kernel_size=(99, 99)), path)
    code, answer, err = run(capsys, "stats", str(path))
    assert code == 1
    assert answer["blocks"] == 3
    assert "99×99" in err


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_render_draws_a_picture_of_the_wanted_size(
    fine: Path, theme: str, qapp: object, capsys: pytest.CaptureFixture[str]
) -> None:
    out = fine.parent / f"{theme}.png"
    code, answer, _ = run(
        capsys, "render", str(fine), "--out", str(out), "--theme", theme, "--size", "320x200"
    )
    assert code == 0
    assert answer == {"out": str(out), "width": 320, "height": 200}
    assert out.read_bytes().startswith(b"\x89PNG")


def write(text: str | bytes) -> Callable[[Path], object]:
    """Makes a file with that content."""
    return lambda path: path.write_bytes(text if isinstance(text, bytes) else text.encode())


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)


def truncated(path: Path) -> None:
    text = dumps(chain("input dense output"))
    path.write_text(text[: len(text) // 2], "utf-8")


UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "There is no file"),
    "empty": (write(""), "is empty"),
    "truncated": (truncated, "damaged or cut off"),
    "binary": (write(b"\x89PNG\r\n\xff\xfe\x00"), "is not text"),
    "other text": (write("hello"), "damaged or cut off"),
    "other JSON": (write("[1, 2]"), "is JSON but no drawing"),
    "version as text": (write('{"torchloom": "1"}'), "is JSON but no drawing"),
    "nodes as text": (write('{"torchloom": 1, "nodes": "n1"}'), "should be list"),
    "an edge in one end": (write('{"torchloom": 1, "edges": [["n1.y"]]}'), "should be two ends"),
    "nested": (write("[" * 100_000), "nested too deeply"),
    "folder": (lambda path: path.mkdir(), "is a folder"),
    "pipe": (lambda path: os.mkfifo(path), "is a device or a pipe"),
    "huge": (make_huge, "at most"),
}


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_and_left_alone(
    command: str, case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, text = UNREADABLE[case]
    path = tmp_path / "some.loom"
    make(path)
    code, answer, err = run(capsys, *words_of(command, path))
    assert code == 1
    assert text in answer["error"]
    assert text in err
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("command", READING)
def test_a_file_in_place_of_a_folder_is_told(
    command: str, fine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer, _ = run(capsys, *words_of(command, fine / "inner.loom"))
    assert code == 1
    assert "cannot be read" in answer["error"]


def test_a_newer_file_is_read_with_a_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "newer.loom"
    path.write_text('{"torchloom": 99, "nodes": [], "new_key": {"a": 1}}', "utf-8")
    code, answer, err = run(capsys, "stats", str(path))
    assert code == 0
    assert answer["blocks"] == 0
    assert "newer Torchloom" in err


def test_unknown_blocks_and_parameters_are_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = dumps(set_params(chain("input dense output"), "n1", shape="4"))
    text = text.replace('"kind": "dense"', '"kind": "warp", "params": {"x": [1, {"y": 2}]}')
    path = tmp_path / "unknown.loom"
    path.write_text(text, "utf-8")
    code, answer, _ = run(capsys, "check", str(path))
    assert code == 1
    assert "unknown-block" in {p["code"] for p in answer["problems"]}
    assert run(capsys, *words_of("render", path))[0] == 0


def test_a_circle_is_a_problem_and_no_endless_loop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(dumps(chain("input dense relu output")))
    data["edges"] = [["n3.y", "n2.x"], ["n2.y", "n3.x"], ["n3.y", "n4.x"], ["n9.y", "n1.x"]]
    path = tmp_path / "circle.loom"
    path.write_text(json.dumps(data), "utf-8")
    code, answer, _ = run(capsys, "check", str(path))
    assert code == 1
    assert "cycle" in {problem["code"] for problem in answer["problems"]}
    for command in ("stats", "render"):
        run(capsys, *words_of(command, path))


def test_missing_data_files_are_a_problem_that_names_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = edits.set_data(Document(), DataSpec("csv", {"path": str(tmp_path / "gone.csv")}))
    path = tmp_path / "data.loom"
    save(edits.add(document, "input"), path)
    code, answer, _ = run(capsys, "check", str(path))
    assert code == 1
    assert any("gone.csv" in problem["text"] for problem in answer["problems"])


def test_an_unknown_data_source_is_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "data.loom"
    save(edits.add(edits.set_data(Document(), DataSpec("oracle", {})), "input"), path)
    code, answer, _ = run(capsys, "check", str(path))
    assert code == 1
    assert any("oracle" in problem["text"] for problem in answer["problems"])


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "a.loom", "b.loom"],
        ["check", "a.loom", "--colour"],
        ["render", "a.loom"],
        ["render", "a.loom", "--out", "a.jpg"],
        ["render", "a.loom", "--out", "a.png", "--size", "big"],
        ["render", "a.loom", "--out", "a.png", "--size", "5x999999"],
        ["render", "a.loom", "--out", "a.png", "--theme", "pink"],
        ["frobnicate"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer, err = run(capsys, *words)
    assert code == 2
    assert list(answer) == ["error"]
    assert "usage: torchloom" in err
    assert "COMMAND ... check" not in err


def test_a_picture_that_cannot_be_written_is_told(
    fine: Path, qapp: object, capsys: pytest.CaptureFixture[str]
) -> None:
    out = fine / "out.png"
    code, answer, _ = run(capsys, "render", str(fine), "--out", str(out))
    assert code == 1
    assert "cannot be written" in answer["error"]


def test_without_json_people_get_lines_and_no_json(
    fine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stats", str(fine)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("blocks")
    assert "{" not in out


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize("is_fine", [True, False])
def test_a_fresh_process_ends_with_one_line_of_json_and_its_code(
    command: str, is_fine: bool, fine: Path
) -> None:
    file = fine if is_fine else fine.parent / "gone.loom"
    ran = subprocess.run(
        [sys.executable, "-m", "app", *words_of(command, file), "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert ran.returncode == (0 if is_fine else 1), ran.stderr
    answer = json.loads(ran.stdout.splitlines()[-1])
    assert ("error" in answer) is not is_fine
    assert "Traceback" not in ran.stderr


def test_a_closed_reader_of_the_output_is_no_error(fine: Path) -> None:
    command = f"{sys.executable} -m app check {fine} | true"
    ran = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr
