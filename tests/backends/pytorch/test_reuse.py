"""Memory that a training step frees stays for the next one."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading

import pytest
import torch

from backends.pytorch.reuse import reused_memory

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or "glibc" not in os.confstr("CS_GNU_LIBC_VERSION"),
    reason="only glibc is told to keep memory",
)


def steps(times: int) -> None:
    for _ in range(times):
        held = [torch.zeros(1_200_000) for _ in range(4)]
        del held


def faults_in_a_thread(times: int) -> int:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    thread = threading.Thread(target=steps, args=(times,))
    thread.start()
    thread.join()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_pages_are_asked_for_once_and_not_at_every_step():
    with reused_memory():
        faults_in_a_thread(3)
        few, many = faults_in_a_thread(3), faults_in_a_thread(40)
    assert many < few + 80_000  # without it there are 170,000 more


def test_memory_goes_back_afterwards():
    code = """
from backends.pytorch.reuse import reused_memory
from tests.backends.pytorch.test_reuse import steps

def resident_kib():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))

before = resident_kib()
with reused_memory():
    steps(3)
print(resident_kib() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(done.stdout) < 10_000
