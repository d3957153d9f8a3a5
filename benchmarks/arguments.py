"""What the measurements of harvests can be told."""

from __future__ import annotations

import argparse

__all__ = ["add_sizes", "positive"]


def positive(text: str) -> int:
    """The number; raises argparse's own error for what is none."""
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        message = f"{text!r} is no number from 1 on"
        raise argparse.ArgumentTypeError(message)
    return int(text)


MEANINGS = {
    "datasets": "how many datasets ours harvests",
    "stock_datasets": "how many the stock site harvests",
    "read": "how many datasets the catalogues have that are read",
    "seconds": "how long the readers of a site read in one round",
    "edits": "how many edits are followed to the registry",
    "small": "how many datasets the member has that the large one is compared with",
    "rounds": "how often each is measured",
    "page_size": "how many datasets are on one page of the feed",
}


def add_sizes(parser: argparse.ArgumentParser, **defaults: int) -> None:
    """Give the parser --json, and an option for each of these numbers."""
    parser.add_argument("--json", action="store_true", help="only the last line, for programs")
    for name, default in defaults.items():
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(
            option, type=positive, default=default, metavar="NUMBER", help=f"{MEANINGS[name]} (default {default})"
        )
