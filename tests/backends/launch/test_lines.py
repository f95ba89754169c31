"""Lines that start a job elsewhere."""

import shlex
import subprocess
from pathlib import Path

from backends.launch.lines import kubernetes_text, launch_line, slurm_text
from backends.launch.where import where_of

RUN = Path("/data/my runs/20261125-net")


def test_processes_of_this_machine_need_no_meeting_point():
    words = shlex.split(launch_line(where_of("processes:2"), RUN))
    assert words[0] == "torchrun"
    assert "--standalone" in words
    assert words[words.index("--nproc-per-node") + 1] == "2"
    assert words[-3:] == ["-m", "backends.launch", str(RUN)]


def test_machines_meet_at_the_first():
    line = launch_line(where_of("machines:2x4"), RUN)
    assert "--nnodes 2" in line
    assert "--rdzv-endpoint $HEAD:29500" in line
    assert shlex.split(line)[-1] == str(RUN)
    shown = subprocess.run(
        ["bash", "-c", "torchrun() { echo \"$@\"; }; " + line],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "--rdzv-endpoint first-machine:29500" in shown.stdout


def test_the_slurm_script_is_a_script(tmp_path):
    text = slurm_text(where_of("machines:2x4"), RUN)
    assert "#SBATCH --nodes=2" in text
    assert "#SBATCH --gpus-per-node=4" in text
    script = tmp_path / "job.sh"
    script.write_text(text)
    subprocess.run(["bash", "-n", str(script)], check=True)
    stub = "scontrol() { echo node7; }; srun() { printf '%s\\n' \"$@\"; }\n"
    said = subprocess.run(["bash", "-c", stub + text], check=True, capture_output=True, text=True)
    words = said.stdout.splitlines()
    assert words[0] == "torchrun"
    assert "node7:29500" in words
    assert words[-1] == str(RUN)


def test_the_kubernetes_text_names_every_part():
    text = kubernetes_text(where_of("machines:3x8"), RUN)
    assert text.count("kind:") == 2
    assert "completions: 3" in text
    assert "nvidia.com/gpu: 8" in text
    assert '- "torchloom-20261125-net-0.torchloom-20261125-net:29500"' in text
    assert f'- "{RUN}"' in text
    assert not [line for line in text.splitlines() if "\t" in line]
