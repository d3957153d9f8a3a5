"""The auth functions of this extension, one module for each noun, registered here."""

from __future__ import annotations

from ckanext.citizendata.logic.auth import account, record, statement
from ckanext.citizendata.logic.auth.account import *  # noqa: F403
from ckanext.citizendata.logic.auth.record import *  # noqa: F403
from ckanext.citizendata.logic.auth.statement import *  # noqa: F403

__all__: list[str] = []
__all__ += account.__all__
__all__ += record.__all__
__all__ += statement.__all__
