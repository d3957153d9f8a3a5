"""What is chosen on a search page: any choice of a list, something of each list, within the years asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import search

from ckanext.citizendata.core.choices import chosen, filters, stock_filter
from ckanext.citizendata.logic.finding.search_index import SearchPage
from ckanext.citizendata.logic.finding.search_pages import OWNERS, is_search_page
from ckanext.citizendata.logic.finding.search_period import FROM, TO, years_of

__all__ = ["Choices", "asked_on_page"]

# What CKAN's search takes that its own query doesn't: it is in the filters by then.
SPENT = ("fq", "extras", "q.op")


class Choices(SearchPage):
    """The part of the plugin for what is chosen: IPackageController around each search."""

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        pairs = _pairs_of_page()
        fq = search_params.get("fq") or ""
        stock = stock_filter(pairs)
        if stock and stock in fq:
            # CKAN's own filter wants all choices at once; the API, where somebody wrote the filter, keeps that meaning.
            fq = fq.replace(stock, " ".join(filters(chosen(pairs)).values()), 1)
        return {**search_params, **_shown_whole(pairs), "fq": f"{fq} {_within(search_params)}".strip()}

    def after_dataset_search(self, search_results: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
        for field, clause in filters(chosen(_pairs_of_page())).items():
            counts = _counts_without(params, field, clause) if field in search_results["search_facets"] else None
            if counts is not None:
                search_results["facets"][field] = counts
                search_results["search_facets"][field]["items"] = _items(field, counts)
        return super().after_dataset_search(search_results, params)


def asked_on_page() -> dict[str, str]:
    """What the page that is being made searches for, as `q` and `fq` of `package_search`; what is empty is missing."""
    years = years_of(tk.request.args).filter
    owner = OWNERS.get(tk.request.endpoint or "")
    own = {owner: [tk.g.group_dict["name"]]} if owner else {}
    clauses = [*filters(own).values(), *filters(chosen(_pairs_of_page())).values(), years]
    fq = " ".join(clause for clause in clauses if clause)
    said = {"q": tk.request.args.get("q", ""), "fq": fq}
    return {name: value for name, value in said.items() if value}


def _pairs_of_page() -> Sequence[tuple[str, str]]:
    """The parameters of a page of our search; none while another request is answered."""
    return [*tk.request.args.items(multi=True)] if is_search_page() else ()


def _within(params: Mapping[str, Any]) -> str:
    """The filter for the years; a page says itself what is wrong with one, the API refuses it."""
    extras = params.get("extras")
    years = years_of(extras if isinstance(extras, Mapping) else {})
    wrong = {FROM: years.wrong_start, TO: years.wrong_end}
    if any(wrong.values()) and not is_search_page():
        raise tk.ValidationError({name: [sentence] for name, sentence in wrong.items() if sentence})
    return years.filter


def _shown_whole(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """No limit of the lists where somebody wants to see all of one."""
    whole = any(name.startswith("_") and name.endswith("_limit") and value == "0" for name, value in pairs)
    return {"facet.limit": -1} if whole else {}


def _counts_without(params: Mapping[str, Any], field: str, clause: str) -> dict[str, int] | None:
    """How many each choice of a list finds, whatever else is chosen of this list; a chosen one also where it is none.

    None where this is another search than the page's. CKAN 2.12 takes no `{!ex=…}`, so that each list with a choice
    costs a query without rows.
    """
    said = params.get("fq")
    whole = re.compile(rf"(?<!\w){re.escape(clause)}")
    if not isinstance(said, list) or not any(map(whole.search, said)):
        return None
    asked = {name: value for name, value in params.items() if name not in SPENT}
    rest = [whole.sub("*:*", each) for each in said]
    query = search.query_for(model.Package)
    query.run({**asked, "fq_list": rest, "facet.field": [field], "facet.limit": -1, "rows": 0, "start": 0})
    none = dict.fromkeys(chosen(_pairs_of_page())[field], 0)
    return {**none, **query.facets.get(field, {})}


def _items(field: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    titles = _titles(list(counts)) if field in OWNERS.values() else {}
    return [{"name": name, "display_name": titles.get(name) or name, "count": each} for name, each in counts.items()]


def _titles(names: Sequence[str]) -> dict[str, str]:
    query = model.Session.query(model.Group.name, model.Group.title)
    return dict(tuple(row) for row in query.filter(model.Group.name.in_(names)))
