"""The blueprints of this extension, one module for each kind of page, registered here."""

from __future__ import annotations

__all__: list[str] = []
