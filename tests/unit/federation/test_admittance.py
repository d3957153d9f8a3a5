"""Which members may be harvested, and with what; each refusal beside a member that may."""

from __future__ import annotations

import pytest

from ckanext.citizendata.core.membership import BRAKES, TRUSTS
from ckanext.citizendata.federation.admittance import require_active, require_harvestable
from ckanext.citizendata.federation.errors import MemberInactive, PlanWanted
from ckanext.citizendata.federation.ports import Brake, Member


def member(state: str = "active", trust: str = "ordinary") -> Member:
    return Member("kenya", "Kenya", "https://node.example.org/c.ttl", "everyone", state=state, trust=trust)


class TestState:
    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            ("applied", "it has applied, and nobody has decided; admit it with: ckan citizendata member approve kenya"),
            (
                "refused",
                "its application was refused; admit it all the same with: ckan citizendata member approve kenya",
            ),
            ("suspended", "it is suspended; end that with: ckan citizendata member resume kenya"),
        ],
    )
    def test_keeps_all_but_active_members_out(self, state: str, sentence: str) -> None:
        """With the command that changes it; a plan that was looked at is no way round."""
        with pytest.raises(MemberInactive, match=f"^Kenya isn't harvested: {sentence}$") as error:
            require_harvestable(member(state), "hash")
        assert error.value.outcome == "refused(not_active)"
        require_active(member())


class TestTrust:
    def test_of_a_watched_member_wants_a_plan(self) -> None:
        """The others are harvested without; a watched one is with it."""
        with pytest.raises(PlanWanted, match="ckan citizendata harvest plan kenya") as error:
            require_harvestable(member(trust="watched"), None)
        assert error.value.outcome == "refused(watched)"
        require_harvestable(member(trust="watched"), "hash")
        require_harvestable(member(trust="trusted"), None)
        require_harvestable(member(), None)

    def test_loosens_the_brake(self) -> None:
        """Never beyond all of the records, and never where each removal is a person's."""
        assert {trust: Brake(3, 10).times(BRAKES[trust]) for trust in TRUSTS} == {
            "trusted": Brake(6, 20),
            "ordinary": Brake(3, 10),
            "watched": Brake(3, 10),
        }
        assert Brake(0, 60).times(2) == Brake(0, 100)
        assert Brake(0, 0).times(2).most(1000) == 0
