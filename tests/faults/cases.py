"""All cases: importing a module enters its cases."""

from __future__ import annotations

from importlib import import_module

__all__ = ["MODULES", "load"]

MODULES = ("reach", "bodies", "size", "pages", "evidence", "feeds", "identity", "kills", "moments", "services")
MODULES += ("leaving", "feed", "signed", "restore")


def load() -> None:
    """Enter them all."""
    for name in MODULES:
        import_module(f"tests.faults.cases_{name}")
