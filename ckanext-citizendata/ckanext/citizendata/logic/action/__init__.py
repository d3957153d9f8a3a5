"""The action functions of this extension, one module for each noun, registered here."""

from __future__ import annotations

from ckanext.citizendata.logic.action import account, dcat, organization, package, record, search, statement
from ckanext.citizendata.logic.action.account import *  # noqa: F403
from ckanext.citizendata.logic.action.dcat import *  # noqa: F403
from ckanext.citizendata.logic.action.organization import *  # noqa: F403
from ckanext.citizendata.logic.action.package import *  # noqa: F403
from ckanext.citizendata.logic.action.record import *  # noqa: F403
from ckanext.citizendata.logic.action.search import *  # noqa: F403
from ckanext.citizendata.logic.action.statement import *  # noqa: F403

__all__: list[str] = []
__all__ += account.__all__
__all__ += dcat.__all__
__all__ += organization.__all__
__all__ += package.__all__
__all__ += record.__all__
__all__ += search.__all__
__all__ += statement.__all__
