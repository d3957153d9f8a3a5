"""What strangers wrote, as it can be kept and shown."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["sought", "storable"]

# Control characters but tab and line ends, and halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def storable(value: Any) -> Any:
    """The same with U+FFFD for what PostgreSQL refuses in text or that a terminal would act on."""
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {storable(key): storable(each) for key, each in value.items()}
    return [storable(each) for each in value] if isinstance(value, (list, tuple)) else value


def sought(value: Any) -> str:
    """A name as the database can look for it; of what is no text, the empty one, which nothing has."""
    return str(storable(value)) if isinstance(value, str) else ""
