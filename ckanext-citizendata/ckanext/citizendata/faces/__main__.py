"""Makes the files that follow from the schema, or tells which of them aren't current."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ckanext.citizendata.faces.files import outdated, write_all

__all__ = ["main"]

USAGE = """\
usage: bin/faces [write | check]

  write    makes shapes, JSON-LD context, list of Solr fields and reference page anew from schemas/ and vocabularies/
  check    says which of them aren't current; exit 1 if there is one
"""
NOT_CURRENT = "{path} isn't what schemas/ and vocabularies/ give now. Run: bin/faces write"
ROOT = Path(__file__).parents[4]


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """The exit code: 0 done and current, 1 not current, 2 not understood."""
    if list(arguments) == ["write"]:
        write_all(root)
        return 0
    if list(arguments) == ["check"]:
        stale = list(outdated(root))
        print("".join(f"{NOT_CURRENT.format(path=path)}\n" for path in stale), end="", file=sys.stderr)
        return 1 if stale else 0
    print(USAGE, end="")
    return 0 if list(arguments) in (["-h"], ["--help"]) else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
