"""What a worker was doing when it was killed: read from the stacks of its threads, which it wrote down just before."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["STAGES", "stages"]

# The parts of a harvest by the modules through which all their work goes, those of CKAN's own index among them.
MODULES = {
    "fetch": ("federation/fetch",),
    "parse": ("federation/parser",),
    "screen": ("federation/judging",),
    "decide": ("federation/agenda",),
    "beside": ("federation/beside",),
    "publish": ("publishing/batch", "publishing/transaction", "logic/publishing/publisher", "federation/carrying"),
    "index": ("publishing/index", "logic/finding/reindexing", "logic/finding/ghosts", "lib/search/index"),
}
# Those that a case promises to strike.
STAGES = ("fetch", "screen", "publish", "index")
THREAD = re.compile(r"^.*\(most recent call first\):$", re.MULTILINE)
FRAME = re.compile(r'^  File "(.+)\.py", line \d+', re.MULTILINE)


def stages(stacks: str) -> tuple[str, ...]:
    """The parts that the threads of a worker were in, each by its innermost call that belongs to one.

    'Thread 0x1 (most recent call first):\\n  File "/x/federation/fetch.py", line 1 in get' -> ("fetch",)
    """
    threads = {_stage(FRAME.findall(thread)) for thread in THREAD.split(stacks)}
    return tuple(stage for stage in MODULES if stage in threads)


def _stage(paths: Iterable[str]) -> str:
    of_frames = (stage for path in paths for stage, modules in MODULES.items() if path.endswith(modules))
    return next(of_frames, "")
