"""`ckan citizendata coverage`: who is represented, and who is not."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ckanext.citizendata.core.conformance.wording import ENGLISH
from ckanext.citizendata.core.coverage import ALL, GOAL, GROUP, groups_in_order, offered
from ckanext.citizendata.logic.pages.coverage import counted_now, country_named, lists
from ckanext.citizendata.logic.pages.coverage_files import STATEMENT, Table

__all__ = ["coverage"]


@click.command(short_help="Count records by group of people, Goal and country.")
@click.option("--country", help="Only this one: its code of two or three letters, or its name.")
@click.option("--format", "form", type=click.Choice(["text", "csv", "json"]), default="text", show_default=True)
def coverage(country: str | None, form: str) -> None:
    """Tell how many records that everyone may read are about each group of people, Goal and country.

    The same numbers as at /coverage: records that fewer may read are not among them.
    """
    code = country_named(country) if country else ALL
    if code is None:
        raise click.ClickException(f"{country} is no country of the list.")
    table = Table(counted_now().coverage, lists(), ENGLISH, code)
    if form == "text":
        for line in _lines(table):
            click.echo(line)
    else:
        click.echo(table.csv() if form == "csv" else table.json(), nl=form == "json")


def _lines(table: Table) -> Iterator[str]:
    whole = table.coverage.of(country=table.country).records
    yield f"{table.label('country', table.country)}: {whole} records that everyone may read."
    yield ""
    for group, below in groups_in_order(table.lists[GROUP]):
        yield f"{'  ' if below else ''}{table.label(GROUP, group)}: {_numbers(table, group)}"
    yield ""
    if table.country == ALL:
        yield _countries(table)
        yield ""
    yield from STATEMENT


def _numbers(table: Table, group: str) -> str:
    """The records of a group: all, those whose results can be split, by Goal, and the Goals of which none is known."""
    whole = table.coverage.of(group, country=table.country)
    if not whole.records:
        return "none known"
    goals = {goal: table.coverage.of(group, goal, table.country).records for goal in offered(table.lists[GOAL])}
    found = [f"{goal} ({number})" for goal, number in goals.items() if number]
    empty = [goal for goal, number in goals.items() if not number]
    told = [str(whole.records), f"by sex {whole.by_sex}", f"by gender identity {whole.by_gender}"]
    told += [f"Goals {', '.join(found)}"] if found else []
    told += [f"none known for Goals {', '.join(empty)}"] if empty else []
    return "; ".join(told)


def _countries(table: Table) -> str:
    codes = offered(table.lists["country"])
    known = [code for code in codes if table.coverage.of(country=code).records]
    named = ", ".join(f"{table.label('country', code)} ({table.coverage.of(country=code).records})" for code in known)
    return f"Countries: {named or 'none known'}. None known of {len(codes) - len(known)} others."
