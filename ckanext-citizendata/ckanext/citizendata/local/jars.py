"""Solr's jars: which ones, where they are kept, and how they get there.

The list with its checksums is committed (`config/solr/jars.lock`), so a start resolves no dependencies; jgo, a client
of Maven repositories in pure Python, fetches what is missing into the Maven cache of the user, by the user's own
settings (jgo's settings file, `M2_REPO`).
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.citizendata.local.failure import LocalError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Jar", "class_path", "jar_from_line", "line_from_jar", "read_lock", "write_lock"]

ROOTS = "org.apache.solr:solr-test-framework:9.8.1+org.apache.solr:solr-analysis-extras:9.8.1"
"""JettySolrRunner, which starts Solr without its download, lives in the test framework."""

UNUSED = ("netty-tcnative", "lucene-analysis-kuromoji", "lucene-analysis-nori", "lucene-analysis-smartcn")
"""Native TLS of five systems, and dictionaries of languages that no field type of ours uses."""

PARALLEL = 12
ATTEMPTS = 3


@dataclass(frozen=True)
class Jar:
    """One file of a Maven repository."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def path(self) -> str:
        """Its path inside a Maven repository."""
        suffix = f"-{self.classifier}" if self.classifier else ""
        folder = f"{self.group.replace('.', '/')}/{self.artifact}/{self.version}"
        return f"{folder}/{self.artifact}-{self.version}{suffix}.jar"

    def is_at(self, file: Path) -> bool:
        """Whether that file is this jar, whole."""
        return file.is_file() and file.stat().st_size == self.size and _sha256(file) == self.sha256


def jar_from_line(line: str) -> Jar:
    """The jar that a line `group:artifact:version:classifier sha256 size` of the lock names."""
    coordinate, sha256, size = line.split()
    group, artifact, version, classifier = coordinate.split(":")
    return Jar(group, artifact, version, classifier, sha256, int(size))


def line_from_jar(jar: Jar) -> str:
    """The line of the lock that names the jar."""
    return f"{jar.group}:{jar.artifact}:{jar.version}:{jar.classifier} {jar.sha256} {jar.size}"


def read_lock(lock: Path) -> tuple[Jar, ...]:
    """The jars that the lock names, in its order, which is the order of the class path."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return tuple(jar_from_line(line) for line in lines if line and not line.startswith("#"))


def class_path(lock: Path, announce: Callable[[str], None]) -> tuple[Path, ...]:
    """The files of all jars of the lock; what the cache lacks or holds broken is fetched first.

    Raises LocalError where a jar can't be fetched; the cache then holds whole jars only.
    """
    jars, cache = read_lock(lock), _cache()
    missing = [jar for jar in jars if not jar.is_at(cache / jar.path)]
    if missing:
        megabytes = sum(jar.size for jar in missing) / 1e6
        announce(f"fetching Solr, {len(missing)} files of {megabytes:.0f} MB")
        _fetch_all(missing, cache)
    return tuple(cache / jar.path for jar in jars)


def write_lock(lock: Path) -> None:
    """Resolve the roots anew and write what they need into the lock; for maintainers, see bin/lock."""
    import jgo

    artifacts = [found for found in jgo.resolve(ROOTS) if not found.artifactId.startswith(UNUSED)]
    with ThreadPoolExecutor(PARALLEL) as pool:
        files = list(pool.map(lambda artifact: Path(artifact.resolve()), artifacts))
    jars = {
        Jar(found.groupId, found.artifactId, found.version, found.classifier, _sha256(file), file.stat().st_size)
        for found, file in zip(artifacts, files, strict=True)
    }
    lines = sorted(line_from_jar(jar) for jar in jars)
    lock.write_text("\n".join(["# Written by bin/lock from the roots in local/jars.py.", *lines, ""]), encoding="utf-8")


def _cache() -> Path:
    from jgo.config import GlobalSettings

    return GlobalSettings.load().repo_cache


def _fetch_all(jars: Iterable[Jar], cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".citizendata-", dir=cache) as staging,
        ThreadPoolExecutor(PARALLEL) as pool,
    ):
        for _ in pool.map(lambda jar: _fetch(jar, Path(staging), cache), jars):
            pass


def _fetch(jar: Jar, staging: Path, cache: Path) -> None:
    """Put the jar into the cache by way of the staging folder, so that nobody ever finds half a file there."""
    from requests import RequestException

    problem = ""
    for _ in range(ATTEMPTS):
        try:
            file = _download(jar, staging)
        except (RequestException, RuntimeError) as error:
            problem = type(error).__name__
            continue
        if jar.is_at(file):
            target = cache / jar.path
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
            return
        problem = "its checksum is not the expected one"
        file.unlink()
    raise LocalError(
        f"Solr's file {jar.artifact}-{jar.version}.jar can't be fetched from the Maven repository ({problem}): "
        "check the network, or name a mirror in jgo's settings, and start again."
    )


def _download(jar: Jar, staging: Path) -> Path:
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    mirrors = GlobalSettings.load().repositories
    shutil.rmtree((staging / jar.path).parent, ignore_errors=True)
    context = MavenContext(
        repo_cache=staging, remote_repos={**mirrors, "central": mirrors.get("central", MAVEN_CENTRAL_URL)}, timeout=60
    )
    component = context.project(jar.group, jar.artifact).at_version(jar.version)
    return Path(component.artifact(jar.classifier, "jar").resolve())


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


if __name__ == "__main__":
    write_lock(Path(sys.argv[1]))
