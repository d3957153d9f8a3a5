"""The web server of a site that is measured: gunicorn, for the stock site and for ours with the same workers."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.bench_site import BenchSite, started
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.processes import reason_in
from ckanext.citizendata.local.settings import free_port

__all__ = ["THREADS", "WORKERS", "web_server"]

WORKERS, THREADS = 2, 2
# What `benchmarks.site_wsgi` says when it has loaded, which only the site's own environment can import.
READY = "this worker serves"
SECONDS, PAUSE, PATIENCE = 120, 0.1, 10


@contextmanager
def web_server(site: BenchSite) -> Iterator[str]:
    """The address at which the site is served until the end of the block; every worker has loaded CKAN.

    Raises LocalError where one doesn't.
    """
    port, log = free_port(), site.home.logs / f"{site.name}-web.log"
    log.write_text("", encoding="utf-8")
    command = [
        *(site.python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WORKERS), "--threads", str(THREADS), "--timeout", "120", "--graceful-timeout", "2"),
        *("--worker-tmp-dir", site.home.run, "--no-control-socket", "--env", f"CITIZENDATA_CONFIG={site.file}"),
        "benchmarks.site_wsgi:application",
    ]
    process = started([str(word) for word in command], log, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + SECONDS
        while log.read_text(encoding="utf-8", errors="replace").count(READY) < WORKERS:
            if process.poll() is not None or time.monotonic() > deadline:
                raise LocalError(f"The web server of {site.name} doesn't start: {reason_in(log)}. See {log}.")
            time.sleep(PAUSE)
        yield f"http://127.0.0.1:{port}"
    finally:
        _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
