"""Work in a process of its own: its results, its end, and what its loss costs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from ckanext.citizendata.federation.beside import Beside

NAME = "citizendata-beside"


def process() -> int:
    (found,) = [each for each in multiprocessing.active_children() if each.name == NAME]
    assert found.pid
    return found.pid


def doubled(number: int) -> tuple[int, int]:
    """The result, and who found it."""
    return 2 * number, os.getpid()


def slow() -> int:
    time.sleep(60)
    return os.getpid()


def failing() -> None:
    raise ValueError(f"not here, in {os.getpid()}")


def files() -> list[str]:
    """What the process has open beyond the standard streams."""
    return [os.readlink(each) for each in Path("/proc/self/fd").iterdir() if each.exists() and int(each.name) > 2]  # noqa: PTH115


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class TestBeside:
    def test_each_has_its_result(self) -> None:
        """Several may be asked for before the first is taken."""
        with Beside() as beside:
            first, second = beside.begin(doubled, 1), beside.begin(doubled, 2)
            assert second() == (4, process())
            assert first() == (2, process())

    def test_comes_back_at_once(self) -> None:
        began = time.monotonic()
        with Beside() as beside:
            waiting = beside.begin(slow)
        # Whoever leaves doesn't wait for what nobody needs any more.
        assert time.monotonic() - began < 10
        with pytest.raises(CancelledError):
            waiting()

    def test_has_no_file_of_the_worker(self, tmp_path: Path) -> None:
        """A database that waits for the worker's end must not wait for this process."""
        with (tmp_path / "secret").open("w") as secret, Beside() as beside:
            assert secret.fileno() > 2
            assert [each for each in beside.begin(files)() if "socket" not in each] == []

    def test_ends_with_its_work(self) -> None:
        with Beside() as beside:
            mine = beside.begin(doubled, 1)()[1]
        assert not Path(f"/proc/{mine}").exists()

    def test_its_loss_costs_nothing(self) -> None:
        """The worker does what the process can't, now and later."""
        with Beside() as beside:
            beside.begin(doubled, 1)()
            os.kill(process(), signal.SIGKILL)
            assert beside.begin(doubled, 2)() == (4, os.getpid())
            assert beside.begin(doubled, 3)() == (6, os.getpid())

    def test_lost_in_the_middle(self) -> None:
        with Beside() as beside:
            mine = beside.begin(doubled, 1)()[1]
            waiting = beside.begin(dying, os.getpid())
            assert waiting() == os.getpid() != mine

    def test_what_fails_is_raised_by_the_worker(self) -> None:
        """With a traceback that leads to it; the process lives on."""
        with Beside() as beside:
            with pytest.raises(ValueError, match=f"not here, in {os.getpid()}"):
                beside.begin(failing)()
            assert beside.begin(doubled, 1)() == (2, process())

    def test_ends_when_the_worker_is_killed(self) -> None:
        """It holds the worker's end of the pipe no more than anything else."""
        mine = left_behind()
        until = time.monotonic() + 10
        while is_alive(mine) and time.monotonic() < until:
            time.sleep(0.05)
        assert not is_alive(mine)


def dying(worker: int) -> int:
    """Ends the process that does it, if that isn't the worker."""
    if os.getpid() != worker:
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def left_behind() -> int:
    """The process of a worker that was killed."""
    here, there = multiprocessing.Pipe()
    worker = os.fork()
    if not worker:
        with Beside() as beside:
            there.send(beside.begin(doubled, 1)()[1])
            time.sleep(60)
        os._exit(0)
    assert here.poll(30)
    mine = here.recv()
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    return mine
