"""The command lines that start a job elsewhere, as text to be copied."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from backends.launch.where import Kind, Where

MODULE = "backends.launch"
RESTARTS = 3
PORT = 29500


def torchrun_words(where: Where, run: Path) -> list[str]:
    """What torchrun is told to start the processes of one machine."""
    words = ["--nproc-per-node", str(where.processes), "--max-restarts", str(RESTARTS)]
    if where.kind is Kind.MACHINES:
        words = [
            "--nnodes", str(where.machines), *words, "--rdzv-backend", "c10d",
            "--rdzv-endpoint", f"$HEAD:{PORT}", "--rdzv-id", run.name,
        ]  # fmt: skip
    else:
        words = ["--standalone", *words]
    return [*words, "-m", MODULE, str(run)]


def launch_line(where: Where, run: Path) -> str:
    """The line that does the job, on one machine or on each of several."""
    if where.kind is Kind.MACHINES:
        return f"HEAD=first-machine; {_line(['torchrun', *torchrun_words(where, run)])}"
    if where.kind is Kind.PROCESSES:
        return _line(["torchrun", *torchrun_words(where, run)])
    return _line([sys.executable, "-m", MODULE, str(run)])


def texts(where: Where, run: Path) -> dict[str, str]:
    """What starts the job elsewhere, by the name of a file for it."""
    if where.size == 1:
        return {}
    return {
        "torchrun.sh": launch_line(where, run) + "\n",
        "slurm.sh": slurm_text(where, run),
        "kubernetes.yaml": kubernetes_text(where, run),
    }


def slurm_text(where: Where, run: Path) -> str:
    """A script for `sbatch`; the folder of the run must be one that all machines share."""
    line = _line(["srun", "torchrun", *torchrun_words(where, run)], wraps=True)
    return f"""\
#!/bin/bash
#SBATCH --job-name={shlex.quote(run.name)}
#SBATCH --nodes={where.machines}
#SBATCH --ntasks-per-node=1
#SBATCH --gpus-per-node={where.processes}
#SBATCH --cpus-per-task={4 * where.processes}
#SBATCH --requeue

HEAD=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
{line}
"""


def kubernetes_text(where: Where, run: Path) -> str:
    """A job for `kubectl apply`, to be given an image and the volume that holds the run."""
    name = f"torchloom-{run.name}"[:52].rstrip("-").lower().replace("_", "-")
    words = torchrun_words(where, run)
    words = [word.replace("$HEAD", f"{name}-0.{name}") for word in words]
    listed = "\n".join(f"            - {_quoted(word)}" for word in ["torchrun", *words])
    return f"""\
apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  clusterIP: None
  selector:
    job-name: {name}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
spec:
  completions: {where.machines}
  parallelism: {where.machines}
  completionMode: Indexed
  backoffLimit: {RESTARTS * where.machines}
  template:
    spec:
      subdomain: {name}
      restartPolicy: Never
      containers:
        - name: train
          image: YOUR-IMAGE-WITH-TORCHLOOM
          command:
{listed}
          resources:
            limits:
              nvidia.com/gpu: {where.processes}
          volumeMounts:
            - name: runs
              mountPath: {_quoted(str(run.parent))}
      volumes:
        - name: runs
          persistentVolumeClaim:
            claimName: YOUR-SHARED-VOLUME
"""


def _line(words: list[str], *, wraps: bool = False) -> str:
    """Words as a shell reads them; `$HEAD` stays a variable."""
    quoted = [word if word.startswith("$HEAD:") else shlex.quote(word) for word in words]
    if not wraps:
        return " ".join(quoted)
    text = ""
    for word in quoted:
        text += (" \\\n    " if word.startswith("-") and text else " " if text else "") + word
    return text


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
