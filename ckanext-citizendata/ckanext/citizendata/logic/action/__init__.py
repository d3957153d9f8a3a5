"""The action functions of this extension, one module for each noun, registered here."""

from __future__ import annotations

__all__: list[str] = []
