"""What holds for all tests."""

from __future__ import annotations

import gc

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:  # noqa: ARG001 - pytest's own name
    """CKAN and what it loads stay, and needn't be walked through again and again; what tests leave is still found."""
    gc.collect()
    gc.freeze()
