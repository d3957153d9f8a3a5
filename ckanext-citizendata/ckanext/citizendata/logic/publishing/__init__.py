"""How harvested records come before readers: who may write them, and many in one transaction."""

from ckanext.citizendata.logic.publishing.marks import (
    Incoming,
    Publishing,
    current,
    publishing,
    refusal,
    refuse_edit,
)

__all__ = ["Incoming", "Publishing", "current", "publishing", "refusal", "refuse_edit"]
