"""Who is represented: the same numbers for every reader, as page, table, JSON and command, each with its way on."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action as call
from click.testing import CliRunner

from ckanext.citizendata.cli import citizendata
from ckanext.citizendata.logic.dirty import mark_edited
from ckanext.citizendata.logic.pages.coverage import counted_now, country_named

Make = Callable[..., dict[str, Any]]
Cell = tuple[str, str, str]

BY_SEX = [{"dimension": "sex", "categories": "women, men"}]
# The words of a category that look like another answer say nothing.
BY_AGE = [{"dimension": "age", "categories": '"dimension": "sex", "dimension": "gender_identity"'}]
BOTH = [{"dimension": "gender_identity"}, {"dimension": "sex"}]
RECORDS: dict[str, dict[str, Any]] = {
    "a": {"country": ["KEN"], "population_group": ["women", "refugees"], "sdg_goal": ["5"], "disaggregation": BY_AGE},
    "b": {
        "country": ["KEN", "GHA"],
        "population_group": ["trans", "lesbian"],
        "sdg_goal": ["5"],
        "disaggregation": BOTH,
    },
    "c": {"country": ["GHA"], "population_group": ["women"], "sdg_indicator": ["C060101"], "disaggregation": BY_SEX},
    "d": {"country": ["unknown"], "population_group": ["unknown"]},
}
# Records, by sex, by gender identity; by group, Goal and country.
EXPECTED: dict[Cell, tuple[int, int, int]] = {
    ("_T", "_T", "_T"): (4, 2, 1),
    ("_T", "_T", "KEN"): (2, 1, 1),
    ("_T", "_T", "GHA"): (2, 2, 1),
    ("_T", "_T", "_X"): (1, 0, 0),
    ("_T", "5", "_T"): (2, 1, 1),
    ("_T", "6", "_T"): (1, 1, 0),
    ("_T", "_X", "_T"): (1, 0, 0),
    ("women", "_T", "_T"): (2, 1, 0),
    ("women", "5", "KEN"): (1, 0, 0),
    ("women", "6", "GHA"): (1, 1, 0),
    ("refugees", "5", "KEN"): (1, 0, 0),
    ("lgbtiq", "_T", "_T"): (1, 1, 1),
    ("lgbtiq", "5", "GHA"): (1, 1, 1),
    ("trans", "5", "KEN"): (1, 1, 1),
    ("_X", "_X", "_X"): (1, 0, 0),
}
HIDDEN: tuple[dict[str, Any], ...] = (
    {"audience": "producer"},
    {"audience": "partners"},
    {"audience": "national"},
    {"audience": "collaborative"},
    {"audience": "everyone_short"},
    {"sensitivity": "unknown"},
    {"state": "draft"},
)


@pytest.fixture
def records(dataset: Make) -> None:
    """The four records that everyone may read, and as many as there are ways to be hidden."""
    for letter, fields in RECORDS.items():
        dataset(name=f"record-{letter}", **fields)


@pytest.fixture
def hidden(dataset: Make) -> None:
    """One record for each way to be hidden, about a group and a country of which nothing else is."""
    about = {"country": ["NPL"], "population_group": ["indigenous_peoples"], "sdg_goal": ["16"]}
    for fields in HIDDEN:
        dataset(**{**about, **fields})
    for number, act in enumerate(("citizendata_record_withdraw", "package_delete", "dataset_purge")):
        dataset(name=f"gone-{number}", **about)
        call(act, id=f"gone-{number}")


def _json(app: Any, address: str = "/coverage.json", **arguments: Any) -> dict[str, Any]:
    return json.loads(app.get(address, status=200, **arguments).body)


def _cells(found: dict[str, Any]) -> dict[Cell, tuple[int, int, int]]:
    return {
        (each["population_group"], each["sdg_goal"], each["country"]):
        (each["records"], each["by_sex"], each["by_gender"])
        for each in found["cells"]
    }  # fmt: skip


def _csv(app: Any, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(app.get(address, status=200).body.removeprefix("\ufeff"))))


def _page(app: Any, address: str = "/coverage", **arguments: Any) -> BeautifulSoup:
    return BeautifulSoup(app.get(address, status=200, **arguments).body, "html.parser")


def _squares(page: BeautifulSoup) -> dict[str, Tag]:
    return {str(link["aria-label"]): link for link in page.select(".cd-grid tbody a")}


def _token(user: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": factories.APIToken(user=user["name"])["token"]}


@pytest.mark.usefixtures("records")
class TestNumbers:
    def test_are_those_of_the_table(self, app: Any) -> None:
        """Written by hand: a wider group counts each record once, a record stands in each of its countries."""
        found = _cells(_json(app))

        assert {cell: found.get(cell) for cell in EXPECTED} == EXPECTED
        assert not [cell for cell in found if cell[0] in ("indigenous_peoples", "unknown")]

    def test_of_one_country(self, app: Any) -> None:
        """The same cells, and no other country's."""
        found = _cells(_json(app, "/coverage.json?country=KE"))

        assert {country for *_, country in found} == {"KEN"}
        assert found["_T", "_T", "KEN"] == (2, 1, 1)

    def test_each_square_leads_to_its_records(self, app: Any) -> None:
        """The search finds as many as the square says; an empty one is the way to be the first."""
        page = _page(app, "/coverage?country=KEN")
        squares = _squares(page)
        for told, number in {"Women: 1": 1, "LGBTIQ+ people, 5 Gender equality: 1": 1, "All records: 2": 2}.items():
            found = _page(app, str(squares[told]["href"]))
            assert len(found.select(".dataset-heading a")) == number == int(squares[told].get_text())

        empty = squares["Indigenous Peoples, 16 Peace, justice and strong institutions: none known – be the first"]
        assert empty["href"] == "/dataset/quick?population_group=indigenous_peoples&sdg_goal=16&country=KEN"
        assert empty.get_text() == "–"

    def test_an_editor_is_led_to_the_form(self, app: Any, editor: dict[str, Any]) -> None:
        """Without a log-in between."""
        squares = _squares(_page(app, headers=_token(editor)))

        href = str(squares["Older persons, 3 Good health and well-being: none known – be the first"]["href"])
        assert href == "/dataset/quick?population_group=older_persons&sdg_goal=3"
        begun = _page(app, href, headers=_token(editor))
        assert [each["value"] for each in begun.select("[name=population_group][checked]")] == ["older_persons"]

    def test_results_by_sex_and_gender(self, app: Any) -> None:
        """In how many records of each group."""
        rows = {row.th.get_text(strip=True): row for row in _page(app).select(".cd-grid tbody tr") if row.th}
        split = {group: [cell.get_text(strip=True) for cell in row.select(".cd-split")] for group, row in rows.items()}

        assert split["Women"] == ["1 of 2", "0 of 2"]
        assert split["LGBTIQ+ people"] == ["1 of 1", "1 of 1"]
        assert split["Older persons"] == ["–none known", "–none known"]


@pytest.mark.usefixtures("hidden")
class TestHidden:
    def test_nobody_is_told(self, app: Any, editor: dict[str, Any], stranger: dict[str, Any]) -> None:
        """Not even those who may read the records: whoever compares two readers learns nothing."""
        readers = [{}, _token(stranger), _token(editor), _token(factories.Sysadmin())]
        found = [app.get("/coverage.json", headers=headers).body for headers in readers]

        assert len({*found}) == 1
        assert _cells(json.loads(found[0])) == {}
        assert "Nepal (" not in _page(app, headers=readers[2]).get_text()

    def test_nor_of_what_waits_after_an_edit(self, app: Any, dataset: Make) -> None:
        """As on the pages: nobody but its own people read such a record till it is written anew."""
        package = dataset(country=["UGA"])
        assert ("_T", "_T", "UGA") in _cells(_json(app))

        mark_edited(package["id"])
        model.Session.commit()

        assert ("_T", "_T", "UGA") not in _cells(_json(app))

    def test_at_once(self, app: Any, dataset: Make) -> None:
        """What is withdrawn, lowered or deleted is in the next answer no more; what comes back is in it again."""
        dataset(name="shy", country=["UGA"])
        seen = [_json(app)["records"]]
        call("citizendata_record_withdraw", id="shy")
        seen.append(_json(app)["records"])
        call("citizendata_record_restore", id="shy")
        seen.append(_json(app)["records"])
        call("package_patch", id="shy", audience="producer")
        seen.append(_json(app)["records"])

        assert seen == [1, 0, 1, 0]


@pytest.mark.usefixtures("records")
class TestPage:
    def test_reads_as_a_table(self, app: Any) -> None:
        """A caption, headings with their scope, and for each group as many cells as there are columns."""
        table = _page(app).select_one(".cd-grid table")
        assert table is not None and table.caption is not None
        heads = [each["scope"] for each in table.select("thead th")]
        rows = table.select("tbody tr")

        assert table.caption.get_text(strip=True) == "Records by groups of people and Goals: All countries"
        assert heads == ["col"] * 21
        assert {len(row.select("td")) for row in rows} == {20}
        assert {each["scope"] for each in table.select("tbody th")} == {"row"}
        names = [row.th.get_text(strip=True) for row in rows if row.th]
        assert names[:4] == ["All records", "Persons with disabilities", "LGBTIQ+ people", "Lesbian women"]
        assert names[9:11] == ["Indigenous Peoples", "Women"]
        assert len(names) == 41

    def test_tells_what_is_not_known(self, app: Any) -> None:
        """What isn't counted, what numbers don't say, and the countries without any record."""
        page = _page(app)
        text = page.get_text(" ", strip=True)

        assert "Drafts, records for fewer readers and withdrawn records aren't counted" in text
        assert "Records that say no group of people: 1." in text
        assert "Records that say no country: 1." in text
        assert "Countries of which no record is known: 247" in text
        assert [link.get_text(strip=True) for link in page.select(".cd-empty a")][:2] == [
            "Afghanistan",
            "Åland Islands",
        ]
        rows = [
            [cell.get_text(strip=True) for cell in row.select("th,td")] for row in page.select(".cd-table tbody tr")
        ]
        assert rows == [["Ghana", "2", "4", "2"], ["Kenya", "2", "5", "1"]]

    def test_says_nothing_by_colour_alone(self, app: Any) -> None:
        """A darker square has a greater number, and the legend has words."""
        page = _page(app)
        shades = {each.get_text(strip=True): each["class"][-1] for each in page.select(".cd-grid a")}

        assert shades == {"–": "cd-shade-0", "1": "cd-shade-1", "2": "cd-shade-2", "4": "cd-shade-2"}
        legend = [each.get_text(" ", strip=True) for each in page.select(".cd-legend li")]
        assert legend == ["– none known", "1", "2–4", "5–19", "20 or more"]

    def test_a_country_that_is_none(self, app: Any) -> None:
        """Is said so, beside all countries; nothing of what was asked for is repeated."""
        page = BeautifulSoup(app.get("/coverage?country=<b>Atlantis", status=404).body, "html.parser")
        main = page.select_one("[role=main]")

        assert main is not None
        assert "There is no such country in the list" in main.get_text()
        assert "Atlantis" not in main.get_text()
        assert app.get("/coverage.csv?country=unknown", status=404).body.startswith("country: ")

    @pytest.mark.parametrize("asked", ["KE", "ken", "Kenya", "كينيا", " Кения "])
    def test_a_country_by_any_name(self, asked: str) -> None:
        """Codes of two and three letters, and names in any language."""
        assert country_named(asked) == "KEN"


@pytest.mark.usefixtures("records")
class TestAskedAgain:
    @pytest.mark.parametrize("address", ["/coverage", "/coverage.csv", "/fr/coverage.json?country=KEN"])
    def test_costs_little(self, app: Any, dataset: Make, address: str) -> None:
        """The same state is told by its tag alone, another one is another answer."""
        first = app.get(address, status=200)
        again = app.get(address, headers={"If-None-Match": first.headers["ETag"]}, status=304)
        assert again.body == ""

        dataset(country=["KEN"])
        app.get(address, headers={"If-None-Match": first.headers["ETag"]}, status=200)

    def test_counts_once(self, dataset: Make) -> None:
        """As long as nothing changed; an edit of what isn't for everyone is a change too."""
        before = counted_now()
        assert counted_now() is before

        dataset(audience="producer")
        assert counted_now() is not before


@pytest.mark.usefixtures("records")
class TestFiles:
    def test_csv(self, app: Any) -> None:
        """Codes and labels, the whole first, then each country; one without any record has one line."""
        rows = _csv(app, "/fr/coverage.csv")

        assert list(rows[0]) == [
            "country_code", "country", "population_group_code", "population_group", "sdg_goal_code", "sdg_goal",
            "records", "by_sex", "by_gender", "known",
        ]  # fmt: skip
        by_cell = {(row["population_group_code"], row["sdg_goal_code"], row["country_code"]): row for row in rows}
        assert len(by_cell) == len(rows)
        assert {cell: tuple(int(by_cell[cell][name]) for name in ("records", "by_sex", "by_gender")) for cell in EXPECTED} == EXPECTED  # fmt: skip # noqa: E501
        assert by_cell["women", "6", "GHA"]["population_group"] == "Femmes"
        assert by_cell["_T", "_T", "NPL"]["records"] == "0"
        assert [row["country"] for row in rows if row["country_code"] == "NPL"] == ["Népal"]

    def test_json(self, app: Any) -> None:
        """The lists in the order of the page, with labels, and what the numbers don't say."""
        found = _json(app, "/ar/coverage.json")

        assert found["language"] == "ar"
        assert found["population_groups"][0] == {
            "code": "persons_with_disabilities", "label": "الأشخاص ذوو الإعاقة", "broader": [],
        }  # fmt: skip
        assert found["population_groups"][2]["broader"] == ["lgbtiq"]
        assert len(found["sdg_goals"]) == 17
        assert {each["code"]: each["records"] for each in found["countries"] if each["records"]} == {"GHA": 2, "KEN": 2}
        assert len(found["statement"]) == 4


def _command(*words: str) -> str:
    result = CliRunner().invoke(citizendata, ["coverage", *words])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.usefixtures("records")
class TestCommand:
    def test_as_text(self) -> None:
        """Each group with its numbers, or that none is known."""
        lines = _command().splitlines()

        assert lines[0] == "All countries: 4 records that everyone may read."
        assert "Persons with disabilities: none known" in lines
        trans = next(line for line in lines if line.startswith("  Trans people: "))
        found, _, empty = trans.partition("none known for Goals ")
        assert found == "  Trans people: 1; by sex 1; by gender identity 1; Goals 5 (1); "
        assert empty.split(", ") == [str(goal) for goal in range(1, 18) if goal != 5]
        assert "Countries: Ghana (2), Kenya (2). None known of 247 others." in lines

    def test_as_the_addresses_say(self, app: Any) -> None:
        """CSV and JSON are the same, in English."""
        assert _command("--format", "csv", "--country", "KE").splitlines() == app.get("/coverage.csv?country=KE").body.splitlines()  # fmt: skip # noqa: E501
        assert json.loads(_command("--format", "json")) == _json(app)

    def test_a_country_that_is_none(self) -> None:
        """Is named in a sentence."""
        result = CliRunner().invoke(citizendata, ["coverage", "--country", "Atlantis"])

        assert result.exit_code == 1
        assert "Atlantis is no country of the list." in result.output
