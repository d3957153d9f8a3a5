"""What the migrations make beside what the model declares."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.citizendata.model.account import Account
from ckanext.citizendata.model.change import Change
from ckanext.citizendata.model.custody import Custody
from ckanext.citizendata.model.dirty import Dirty
from ckanext.citizendata.model.feed import Feed, FeedKey, FeedPage, FeedToken, FeedWaiting
from ckanext.citizendata.model.lease import Lease
from ckanext.citizendata.model.ledger import Ledger
from ckanext.citizendata.model.likeness import Likeness, Match
from ckanext.citizendata.model.member import Member
from ckanext.citizendata.model.member_feed import MemberFeed
from ckanext.citizendata.model.outcome import Outcome
from ckanext.citizendata.model.publisher import Publisher
from ckanext.citizendata.model.record import Record
from ckanext.citizendata.model.run import Run
from ckanext.citizendata.model.statement import Statement
from ckanext.citizendata.model.unindexed import Unindexed

MODELS = (
    Account,
    Change,
    Custody,
    Dirty,
    Feed,
    FeedKey,
    FeedPage,
    FeedToken,
    FeedWaiting,
    Lease,
    Ledger,
    Likeness,
    Match,
    Member,
    MemberFeed,
    Outcome,
    Publisher,
    Record,
    Run,
    Statement,
    Unindexed,
)
TABLES: dict[str, sa.Table] = {each.__tablename__: each.__table__ for each in MODELS}  # type: ignore


@pytest.mark.usefixtures("site")
class TestTables:
    @pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")
    @pytest.mark.parametrize("name", TABLES)
    def test_are_as_declared(self, name: str) -> None:
        """Columns that may or may not be empty, and indexes by their columns."""
        found, declared = sa.inspect(model.ensure_engine()), TABLES[name]
        indexes = {each["name"]: each["column_names"] for each in found.get_indexes(name)}
        keys = {each["name"] for each in found.get_unique_constraints(name)}

        assert {each["name"]: each["nullable"] for each in found.get_columns(name)} == {
            column.name: column.nullable for column in declared.columns
        }
        assert {index: columns for index, columns in indexes.items() if index not in keys} == {
            str(index.name): [column.name for column in index.columns] for index in declared.indexes
        }
