"""Makes `.venv` in the checkout from the committed lists of packages.

Run by bin/environment with a bare Python, so it imports nothing else of ours.

A `.venv` with the right stamp is left alone. A start that fails or is killed leaves the `.venv` of before, or none.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]
FREE_MEGABYTES = 1500
UNREACHABLE = (
    "failed to fetch",
    "error sending request",
    "dns error",
    "connection",
    "network",
    "timed out",
    "name resolution",
    "no matching distribution",
    "could not find a version",
)
PIP_TO_UV = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "no-index": ("UV_NO_INDEX", " "),
    "cert": ("SSL_CERT_FILE", " "),
}


class EnvironmentProblemError(Exception):
    """One sentence for the person at the terminal."""


def main(level: str) -> None:
    """See to an environment of that level: `local` runs the demo, `dev` has the tools of developers too."""
    folder = CHECKOUT / ".venv"
    if _is_ready(folder, level):
        return
    (CHECKOUT / ".local").mkdir(exist_ok=True)
    with (CHECKOUT / ".local" / "environment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _has_packages(folder, level):
            _check_machine()
            if _has_packages(folder, "local"):
                _install(folder, level)
            else:
                _replace(folder, level)
        if not _has_checkout(folder):
            _install_checkout(folder)


def _is_ready(folder: Path, level: str) -> bool:
    return _has_packages(folder, level) and _has_checkout(folder)


def _has_packages(folder: Path, level: str) -> bool:
    levels = {"local": ("local", "dev"), "dev": ("dev",)}[level]
    return any(_read(_stamp_file(folder, each)) == _packages_stamp(each) for each in levels)


def _has_checkout(folder: Path) -> bool:
    return _read(_stamp_file(folder, "checkout")) == _digest("pyproject.toml", "setup.py")


def _packages_stamp(level: str) -> str:
    """What tells one environment from another: Python, place, and all that was installed."""
    locks = _digest("requirements/installer.lock", f"requirements/{level}.lock")
    return f"{sys.version_info[0]}.{sys.version_info[1]} {CHECKOUT} {locks}"


def _digest(*names: str) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update((CHECKOUT / name).read_bytes())
    return digest.hexdigest()


def _stamp_file(folder: Path, name: str) -> Path:
    return folder / f"citizendata-{name}.stamp"


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _check_machine() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise EnvironmentProblemError(
            "This Python has no venv: install it (on Debian the package python3-venv), and start again."
        ) from error
    free = shutil.disk_usage(CHECKOUT).free / 1e6
    if free < FREE_MEGABYTES:
        raise EnvironmentProblemError(
            f"Only {free:.0f} MB are free in {CHECKOUT}: make {FREE_MEGABYTES} MB free, and start again."
        )


def _replace(folder: Path, level: str) -> None:
    """Make the environment anew; the one of before comes back if that fails."""
    before = folder.with_name(".venv.before")
    shutil.rmtree(before, ignore_errors=True)
    if folder.exists():
        folder.rename(before)
    try:
        _run("making .venv", [sys.executable, "-m", "venv", str(folder)])
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        _run("fetching the installer", [*pip, "--require-hashes", "-r", "requirements/installer.lock"])
        _install(folder, level)
    except BaseException:
        # Also at Ctrl-C; the error goes on.
        shutil.rmtree(folder, ignore_errors=True)
        if before.exists():
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _install(folder: Path, level: str) -> None:
    count = sum(
        line[:1].isalpha()
        for line in (CHECKOUT / f"requirements/{level}.lock").read_text(encoding="utf-8").splitlines()
    )
    packages = ["--require-hashes", "-r", f"requirements/{level}.lock"]
    _run(f"installing {count} Python packages", [*_uv(folder), *packages], _uv_settings(str(folder / "bin" / "python")))
    _stamp_file(folder, level).write_text(_packages_stamp(level), encoding="utf-8")


def _install_checkout(folder: Path) -> None:
    _run("installing this checkout", [*_uv(folder), "--no-index", "-e", "."])
    _stamp_file(folder, "checkout").write_text(_digest("pyproject.toml", "setup.py"), encoding="utf-8")


def _uv(folder: Path) -> list[str]:
    uv = [str(folder / "bin" / "uv"), "--no-progress", "pip", "install", "--python", str(folder / "bin" / "python")]
    return [*uv, "--no-deps", "--no-build-isolation"]


def _uv_settings(python: str) -> dict[str, str]:
    """What the person set for pip, in uv's words; what is set for uv itself stays."""
    listed = subprocess.run([python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    settings = dict(os.environ)
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        variable, separator = PIP_TO_UV.get(name.rpartition(".")[2], ("", ""))
        if variable and variable not in os.environ:
            settings[variable] = separator.join(value.strip("'\"").replace("\\n", " ").split())
    return settings


def _run(doing: str, command: list[str], settings: dict[str, str] | None = None) -> None:
    """Run one step and show it: on a terminal by a line with the seconds, elsewhere by one plain line."""
    started, terminal = time.monotonic(), sys.stderr.isatty()
    if not terminal:
        print(f"{doing} …", file=sys.stderr)
    with tempfile.TemporaryFile("w+") as output:
        running = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=CHECKOUT, env=settings
        )
        try:
            while running.poll() is None:
                if terminal:
                    print(f"\r\033[K{doing} … {time.monotonic() - started:.0f} s", end="", file=sys.stderr, flush=True)
                time.sleep(0.1)
        finally:
            running.kill()
            running.wait()
        if terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
        output.seek(0)
        if running.returncode:
            raise EnvironmentProblemError(_sentence(doing, output.read()))


def _sentence(doing: str, output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if "no space left" in output.lower():
        return f"The disk is full while {doing}: make {FREE_MEGABYTES} MB free, and start again."
    if any(sign in output.lower() for sign in UNREACHABLE):
        return (
            f"The package index can't be reached while {doing}: check the network, or pip's and uv's settings of index "
            "and proxy, and start again."
        )
    return f"Something failed while {doing}: {lines[-1] if lines else 'it said nothing'}"


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except (EnvironmentProblemError, OSError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
