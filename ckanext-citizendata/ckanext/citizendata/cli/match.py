"""`ckan citizendata match …`: records of different members that look alike, and what a person says to that."""

from __future__ import annotations

import click

from ckanext.citizendata.cli.registry import called, registry_only
from ckanext.citizendata.logic.publishing.matching import DECISIONS

__all__ = ["match"]


@click.group(short_help="Records of different members that look alike.")
@registry_only
def match() -> None:
    """List records of different members that look alike, and say whether they are; nothing is ever merged."""


@match.command("list")
@click.option("--decided", is_flag=True, help="Those that were decided about, instead of those that wait.")
def list_(decided: bool) -> None:
    """List the pairs that wait for a decision, with what the two have in common."""
    found = called("citizendata_match_list", {"decided": decided})
    if not found:
        click.echo(
            "No two records look alike that nobody decided about." if not decided else "Nothing was decided yet."
        )
    while found:
        for each in found:
            told = f": {each['decision']}" if each["decision"] else ""
            click.echo(f"{'. '.join(each['reasons'])}{told}")
            for side in (each["left"], each["right"]):
                click.echo(f"  {side['name']}  ({side['member']}, {side['title']})")
        found = called("citizendata_match_list", {"decided": decided, "after": found[-1]["number"]})


@match.command("decide")
@click.argument("left")
@click.argument("right")
@click.argument("decision", type=click.Choice(DECISIONS))
def decide(left: str, right: str, decision: str) -> None:
    """Remember that the datasets LEFT and RIGHT are the same, or different; neither is changed."""
    called("citizendata_match_decide", {"left": left, "right": right, "decision": decision})
    click.echo(f"{left} and {right} are {decision}; this pair isn't listed again.")
