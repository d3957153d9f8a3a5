"""Runs the migrations of this extension's tables inside CKAN's `db upgrade`."""

from __future__ import annotations

from logging.config import fileConfig
from typing import Any

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool

import ckanext.citizendata.model  # noqa: F401  (its tables enter the metadata)

NAME = "citizendata"

config = context.config
if config.config_file_name:
    fileConfig(config.config_file_name, disable_existing_loggers=False)


def include_object(_object: Any, object_name: str | None, type_: str, _reflected: bool, _compare_to: Any) -> bool:
    """Whether the object belongs to this extension."""
    return type_ != "table" or (object_name or "").startswith(NAME)


def run_migrations_offline() -> None:
    """Write the statements to standard output."""
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=metadata,
        literal_binds=True,
        version_table=f"{NAME}_alembic_version",
        include_object=include_object,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Run the statements in the database of the site."""
    section = config.get_section(config.config_ini_section) or {}
    connectable = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            version_table=f"{NAME}_alembic_version",
            include_object=include_object,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
