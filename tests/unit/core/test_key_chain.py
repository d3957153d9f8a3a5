"""Keys that follow one another."""

from __future__ import annotations

import json

import pytest

from ckanext.citizendata.core.key_chain import leads_on, vouches
from ckanext.citizendata.core.manifest import KEY_TYPE, KeyProof
from ckanext.citizendata.core.ping import PING_TYPE
from ckanext.citizendata.core.signature import Signer

FIRST, SECOND, THIRD = (Signer(bytes([number] * 32)) for number in range(3))


def followed(before: Signer, after: Signer, typ: str = KEY_TYPE) -> KeyProof:
    """A key that the one before vouches for."""
    return KeyProof(after.public, before.signed(json.dumps({"x": after.public.x}).encode(), typ))


CHAIN = (KeyProof(FIRST.public), followed(FIRST, SECOND), followed(SECOND, THIRD))


class TestVouches:
    def test_for_the_key_that_it_signed(self) -> None:
        """And for no other one."""
        assert vouches(FIRST.public, CHAIN[1])
        assert not vouches(SECOND.public, CHAIN[1])
        assert not vouches(FIRST.public, KeyProof(THIRD.public, CHAIN[1].proof))

    @pytest.mark.parametrize("proof", [None, "", "a.b.c", FIRST.signed(b"[]", KEY_TYPE), FIRST.signed(b"{", KEY_TYPE)])
    def test_with_a_proof(self, proof: str | None) -> None:
        """Nothing else is one."""
        assert not vouches(FIRST.public, KeyProof(SECOND.public, proof))

    def test_as_a_key(self) -> None:
        """What was signed for another purpose is no proof."""
        assert not vouches(FIRST.public, followed(FIRST, SECOND, PING_TYPE))


class TestLeadsOn:
    def test_from_any_key_of_the_chain(self) -> None:
        """To the last one."""
        assert all(leads_on(CHAIN, signer.public.x) for signer in (FIRST, SECOND, THIRD))

    def test_not_past_a_gap(self) -> None:
        """What nobody vouches for has to be known itself."""
        keys = (CHAIN[0], CHAIN[1], KeyProof(THIRD.public))
        assert [leads_on(keys, signer.public.x) for signer in (FIRST, SECOND, THIRD)] == [False, False, True]

    def test_not_from_elsewhere(self) -> None:
        """A stranger's key leads nowhere."""
        assert not leads_on(CHAIN, Signer.new().public.x)
