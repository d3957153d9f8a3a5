"""The work of other programs while something is measured."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time

import pytest

from benchmarks.neighbours import noticed

WORK = "import time\nend = time.process_time() + 0.5\nwhile time.process_time() < end: pass"


class TestNoticed:
    def test_leaves_out_the_work_of_children(self) -> None:
        """A child that works and ends is none of the others, whose work may vary: it is enough to see that once."""

        def more() -> float:
            with noticed() as before:
                time.sleep(0.5)
            with noticed() as during:
                subprocess.run([sys.executable, "-c", WORK], check=True)
            return during.cores - before.cores

        assert any(more() < 0.4 for _ in range(10))

    @pytest.mark.skipif(not shutil.which("setsid"), reason="only Linux has the command")
    def test_counts_the_work_of_others(self) -> None:
        """What isn't below this process is."""
        with noticed() as found:
            subprocess.run(["setsid", "--fork", sys.executable, "-c", WORK], check=True)
            time.sleep(1.5)
        assert found.cores > 0.2
