"""A short name for one state of what is shown, so that a reader who has it needn't fetch it again."""

from __future__ import annotations

from hashlib import blake2b

__all__ = ["revision"]

# Raised when the rendering itself changes, so that readers fetch once more.
RENDERING = "1"


def revision(*parts: object) -> str:
    """Hex of all parts in their order: equal parts give equal names, and no part can pass for two."""
    digest = blake2b(RENDERING.encode(), digest_size=16)
    for part in parts:
        text = (f"s{part}" if isinstance(part, str) else f"r{part!r}").encode("utf-8", "backslashreplace")
        digest.update(len(text).to_bytes(8, "big"))
        digest.update(text)
    return digest.hexdigest()
