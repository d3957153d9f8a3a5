"""The memory of processes that are measured."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.memory import Peak, pss, watched

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="only Linux tells it")

TAKE = "import sys; taken = bytearray(60_000_000); print('taken', flush=True); sys.stdin.read()"


class TestPss:
    def test_counts_children(self) -> None:
        """What a child holds is part of the sum while it lives."""
        before = pss(os.getpid())
        with subprocess.Popen([sys.executable, "-c", TAKE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            assert child.stdout
            child.stdout.readline()
            during = pss(os.getpid())
        assert len(during) == len(before) + 1
        assert sum(during) - sum(before) > 50_000

    def test_is_nothing_for_a_process_that_has_ended(self) -> None:
        """No error, since any child may end while it is looked at."""
        with subprocess.Popen([sys.executable, "-c", ""]) as child:
            child.wait()
        assert pss(child.pid) == []


class TestWatched:
    def test_keeps_the_peak(self) -> None:
        """What was taken for half a second and given back is in it."""
        with watched(os.getpid()) as peak:
            taken = bytearray(80_000_000)
            time.sleep(0.5)
            del taken
            time.sleep(0.3)
        assert peak.megabytes > sum(pss(os.getpid())) / 1024 + 50

    def test_keeps_the_greater_of_two_looks(self) -> None:
        """With the number of processes at that time."""
        peak = Peak()
        for look in ([1024, 2048], [4096], [1024]):
            peak.see(look)
        assert (peak.megabytes, peak.processes) == (4, 1)
