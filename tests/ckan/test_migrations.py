"""What migrations make of rows that are there already."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.db import _run_migrations

BEFORE_ABSENCES = "5b1e7c90a4d2"


@pytest.mark.usefixtures("site")
class TestAbsences:
    def test_what_was_missing_before_counts_for_nothing(self) -> None:
        """The release before proved no crawl complete."""
        model.Session.commit()
        _run_migrations("citizendata", BEFORE_ABSENCES, False)
        with model.ensure_engine().begin() as database:
            columns = "(member_id, iri, state, missing_since)"
            database.execute(sa.text(f"INSERT INTO citizendata_ledger {columns} VALUES ('a', 'x:a', 'missing', now())"))
        _run_migrations("citizendata", None, True)
        with model.ensure_engine().begin() as database:
            found = database.execute(sa.text("DELETE FROM citizendata_ledger WHERE member_id = 'a' RETURNING absences"))
            assert found.scalars().all() == [0]
