"""The environment of the stock stack: made once from requirements/stock.txt, by pip with the machine's settings."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.progress import Progress
from ckanext.citizendata.local.settings import CHECKOUT, child_environment, settings_from_environment

__all__ = ["stock_python"]

REQUIREMENTS = CHECKOUT / "requirements" / "stock.txt"


def stock_python(environment: dict[str, str], progress: Progress) -> Path:
    """The Python of the stock environment, which is made where it isn't there or is another."""
    folder = settings_from_environment(environment).state / "bench-stock"
    stamp = folder / "made-from.txt"
    wanted = f"{sys.version_info[0]}.{sys.version_info[1]} {hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()}"
    python = folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        progress.step(f"making the environment of the stock site in {folder}")
        _run([sys.executable, "-m", "venv", str(folder)])
        pip = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        # Each package is in the list, and psycopg2 stands there under another name.
        _run([*pip, "--no-deps", "--require-hashes", "-r", str(REQUIREMENTS)])
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, env=child_environment(), check=False)
    if done.returncode:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise LocalError(
            f"The stock site's Python packages can't be installed: {lines[-1] if lines else 'pip said nothing'}. Check "
            "the network, or pip's settings of index and proxy, and start again."
        )
