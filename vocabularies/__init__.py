"""The shipped vocabularies: one SKOS file a scheme, read as package data."""

from __future__ import annotations

from importlib import resources

__all__ = ["names", "read"]


def names() -> tuple[str, ...]:
    """The names of the shipped vocabularies, sorted; a name is the file's without `.ttl`."""
    entries = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".ttl") for name in entries if name.endswith(".ttl")))


def read(name: str) -> str:
    """The Turtle of one shipped vocabulary; raises `KeyError` with the name for one that isn't shipped."""
    if name not in names():
        raise KeyError(name)
    return (resources.files(__name__) / f"{name}.ttl").read_text(encoding="utf-8")
