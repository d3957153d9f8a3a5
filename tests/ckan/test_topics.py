"""The pages of countries, communities and goals, beside records written by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.tests import factories
from ckan.tests.helpers import call_action as call

# d is for its producer, e is withdrawn: no page knows of Uganda or of Nepal.
RECORDS: dict[str, dict[str, Any]] = {
    "a": {"country": ["KEN"], "population_group": ["persons_with_disabilities", "women"], "sdg_goal": ["5"]},
    "b": {"country": ["KEN", "GHA"], "population_group": ["trans"], "sdg_goal": ["10"]},
    "c": {"country": ["GHA"], "population_group": ["general_population"]},
    "d": {"country": ["UGA"], "population_group": ["women"], "sdg_goal": ["1"], "audience": "producer"},
    "e": {"country": ["NPL"], "population_group": ["women"], "sdg_goal": ["2"]},
}
ADDRESSES = ("/", "/country/", "/country/KEN", "/country/UGA", "/community/", "/community/women", "/goal/", "/goal/1")


@pytest.fixture
def records(dataset: Callable[..., dict[str, Any]]) -> None:
    """The five records of the table."""
    for letter, fields in RECORDS.items():
        dataset(name=f"record-{letter}", title_translated={"en": f"Title {letter}"}, **fields)
    call("citizendata_record_withdraw", id="record-e")


def _main(app: Any, address: str, **headers: str) -> BeautifulSoup:
    page = BeautifulSoup(app.get(address, headers=headers, status=200).body, "html.parser")
    return page.select_one("[role=main]") or page


def _counts(main: BeautifulSoup) -> dict[str, str]:
    """What is counted on a page, in its words."""
    words = [item.get_text(" ", strip=True).rpartition(" ") for item in main.select(".cd-counts li")]
    return {name: count for name, _, count in words}


@pytest.mark.usefixtures("records")
class TestTopics:
    def test_index(self, app: Any) -> None:
        """Each entry with its datasets, wider ones with those of narrower ones; of whom least is known comes first."""
        communities = _main(app, "/community/")

        assert _counts(_main(app, "/country/")) == {"Ghana": "2", "Kenya": "2"}
        assert list(_counts(communities).items()) == [
            ("Persons with disabilities", "1"),
            ("LGBTIQ+ people", "1"),
            ("Women", "1"),
            ("Trans people", "1"),
            ("General population", "1"),
        ]
        assert communities.select_one(".cd-topics a").get_text(strip=True) == "Indigenous Peoples"  # type: ignore[union-attr]
        assert _counts(_main(app, "/goal/")) == {"5. Gender equality": "1", "10. Reduced inequalities": "1"}

    def test_topic(self, app: Any) -> None:
        """Its datasets, and what else they are about, with links to just these datasets."""
        main = _main(app, "/country/KEN")
        link = next(link for link in main.select(".cd-counts a") if link.get_text(strip=True) == "Women")

        assert [each.get_text(strip=True) for each in main.select(".dataset-heading a")] == ["Title b", "Title a"]
        assert _counts(main) == {
            "Persons with disabilities": "1",
            "LGBTIQ+ people": "1",
            "Women": "1",
            "Trans people": "1",
            "5. Gender equality": "1",
            "10. Reduced inequalities": "1",
        }
        found = _main(app, str(link["href"])).select(".dataset-heading a")
        assert [each.get_text(strip=True) for each in found] == ["Title a"]

    def test_narrower_and_wider(self, app: Any) -> None:
        """A wider community leads to the narrower ones, and back; it has their datasets."""
        wider, narrower = _main(app, "/community/lgbtiq"), _main(app, "/community/trans")

        assert "Among them:" in wider.get_text()
        assert wider.select("a[href$='/community/trans']")
        assert narrower.select("a[href$='/community/lgbtiq']")
        assert [each.get_text(strip=True) for each in wider.select(".dataset-heading a")] == ["Title b"]

    def test_nothing_known(self, app: Any) -> None:
        """An empty page says so, and leads on."""
        words = _main(app, "/community/homeless")

        assert "No dataset is known here yet." in words.get_text()
        assert words.select("a.btn-primary")

    @pytest.mark.parametrize(
        "address", ["/country/unknown", "/country/XXX", "/goal/none", "/community/not_about_people"]
    )
    def test_no_topic(self, app: Any, address: str) -> None:
        """What says that nothing is known has no page, nor has what isn't in the list."""
        app.get(address, status=404)

    def test_in_the_readers_language(self, app: Any) -> None:
        """Names are those of the reader's language; no code stands on the page."""
        words = _main(app, "/ar/country/KEN").get_text(" ")

        assert "كينيا" in words
        assert "الأشخاص ذوو الإعاقة" in words
        assert "KEN" not in words

    def test_tells_nobody_of_what_is_not_for_everyone(self, app: Any, editor: dict[str, Any]) -> None:
        """A record for its producer and a withdrawn one are counted, listed and named nowhere, even for own people."""
        token = factories.APIToken(user=editor["name"])["token"]
        for address in ADDRESSES[1:]:
            mine, everyones = (_main(app, address, **headers) for headers in ({"Authorization": token}, {}))
            assert _counts(mine) == _counts(everyones)
            assert mine.select(".dataset-heading a") == everyones.select(".dataset-heading a")
        for address in ADDRESSES:
            assert not {"Title d", "Title e"} & set(_main(app, address).stripped_strings)
        assert "Uganda" not in _counts(_main(app, "/country/"))
        assert _counts(_main(app, "/country/UGA")) == {}


class TestFrontPage:
    @pytest.mark.usefixtures("records")
    def test_says_what_this_is_and_leads_on(self, app: Any) -> None:
        """One sentence, the search, three ways in, whom the data count, the latest records."""
        main = _main(app, "/")
        ways = [link.get_text(strip=True) for link in main.select(".cd-ways a")]

        assert main.select_one(".cd-lead")
        assert main.select("form[role=search] input[name=q]")
        assert ways == ["Find data", "Describe your data", "Connect a catalogue"]
        assert main.select("a[href$='/coverage']")
        assert _counts(main)["Persons with disabilities"] == "1"
        assert [each.get_text(strip=True) for each in main.select(".dataset-heading a")] == [
            "Title c",
            "Title b",
            "Title a",
        ]

    @pytest.mark.usefixtures("site")
    def test_of_an_empty_catalogue(self, app: Any) -> None:
        """No list is empty on it, and the pages to which it leads are there."""
        main = _main(app, "/")

        assert main.select(".cd-counts") == []
        for address in ("/connect", "/community/", "/country/", "/goal/"):
            app.get(address, status=200)
