"""Which packages of this transaction are already rendered, so that only what came after the hooks is marked dirty."""

from __future__ import annotations

from hashlib import sha256

import sqlalchemy as sa
from ckan import model

_MARK = "ckanext.citizendata.rendered"


def note(package: model.Package, package_state: str) -> None:
    """Remember that the record tells the package as it is now, in the state that it is about to get."""
    transaction, digests = model.Session().info.get(_MARK, (None, {}))
    if transaction != _transaction():
        digests = {}
    model.Session().info[_MARK] = (_transaction(), digests | {package.id: _digest(package, package_state)})


def is_noted(package: model.Package) -> bool:
    """Whether the package is still as its record tells it."""
    transaction, digests = model.Session().info.get(_MARK, (None, {}))
    return digests.get(package.id) == _digest(package, package.state) and transaction == _transaction()


def noted() -> frozenset[str]:
    """The packages that the last transaction with any rendered, also after it failed."""
    return frozenset(model.Session().info.get(_MARK, (None, {}))[1])


def _transaction() -> str:
    return model.Session.execute(sa.select(sa.cast(sa.func.pg_current_xact_id(), sa.Text))).scalar_one()


def _digest(package: model.Package, package_state: str) -> str:
    row = {column.name: getattr(package, column.name) for column in model.package_table.columns}
    resources = [
        {column.name: getattr(resource, column.name) for column in model.resource_table.columns}
        for resource in package.resources_all
        if resource.state == model.State.ACTIVE
    ]
    told = (sorted((row | {"state": package_state}).items()), [sorted(resource.items()) for resource in resources])
    return sha256(repr(told).encode()).hexdigest()
