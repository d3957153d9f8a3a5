"""People are told what is new to them, once."""

from __future__ import annotations

from ckanext.citizendata.federation.news import is_news, left, told_by

THREE = {"value no_mail contact.email": 3}


class TestNews:
    def test_what_is_new_or_more(self) -> None:
        """Also the first time."""
        assert is_news({}, THREE)
        assert is_news({"value no_mail contact.email": 2}, THREE)

    def test_not_what_is_the_same_or_less_or_nothing(self) -> None:
        """Who mends one after the other gets no mail for each."""
        assert not is_news(THREE, THREE)
        assert not is_news(THREE, {"value no_mail contact.email": 1})
        assert not is_news(THREE, {})

    def test_what_was_mended_and_comes_back(self) -> None:
        """Since what was said before is forgotten with it."""
        assert left(THREE, {}) == {}
        assert is_news(left(THREE, {"value no_mail contact.email": 1}), THREE)

    def test_groups_are_told_apart_by_field(self) -> None:
        """One code of two fields is two things."""
        groups = [{"kind": "value", "code": "no_mail", "field": field, "count": 1} for field in ("contact.email", "x")]
        assert told_by(groups) == {"value no_mail contact.email": 1, "value no_mail x": 1}
