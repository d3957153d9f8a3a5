"""Why a harvest didn't take something, and how its people mend it, in words of theirs: one sentence a code each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.citizendata.core.conformance.wording import N_
from ckanext.citizendata.federation.grouping import FEED, VALUE
from ckanext.citizendata.federation.value_reasons import VALUES

__all__ = ["FEEDS", "RECORDS", "Reason", "reason_of"]


@dataclass(frozen=True, slots=True)
class Reason:
    """What happened, and what to do about it ("" where nothing has to be done)."""

    words: str
    mend: str


OTHER = Reason(N_("Something else"), N_("Read the details, and ask the people of this registry if they don't help."))

RECORDS: Mapping[str, Reason] = {
    "also_listed": Reason(
        N_("Another catalogue owns the address of a dataset, and its description is shown"),
        N_("Nothing has to be done: the page of the dataset says that you list it too."),
    ),
    "ambiguous": Reason(
        N_("The feed describes one dataset in different ways under one address"),
        N_("Give each dataset an address of its own in your catalogue, or take the wrong description out."),
    ),
    "bad_address": Reason(
        N_("The address of a dataset isn't one that every program reads"),
        N_("Give the dataset an address that begins with https:// and has no blanks in it."),
    ),
    "looped": Reason(N_("A dataset came from this registry itself, by a detour"), N_("Nothing has to be done.")),
    "no_identity": Reason(
        N_("A dataset has no address, or one that is too long"),
        N_("Give each dataset an address of less than 2,000 characters, an identifier, or at least a title."),
    ),
    "not_for_everyone": Reason(
        N_("The feed says that a dataset isn't for everyone"),
        N_("Only what is for everyone is shown here. If it should be, say so in your own catalogue."),
    ),
    "owned": Reason(
        N_("The address of a dataset belongs to another catalogue"),
        N_("Use addresses of your own. If this one is yours, ask the people of this registry."),
    ),
    "owner_gone": Reason(
        N_("The catalogue that owned the address of a dataset removed it, and the feed lists it"),
        N_("The people of this registry decide whether yours takes its place."),
    ),
    "refused": Reason(
        N_("A dataset couldn't be kept as it was when the harvest came to it"),
        N_("It is tried again at the next harvest. Read the details if it happens again."),
    ),
    "removals_wait": Reason(
        N_("Many datasets are missing from the feed at once, so that a person decides"),
        N_("If they were deleted, agree to their removal. If not, mend the feed: they stay till it lists them again."),
    ),
    "removed_before": Reason(
        N_("A dataset was removed, and the feed doesn't say that it was listed again since"),
        N_("Give its listing a new date in your catalogue, or ask the people of this registry to agree."),
    ),
    "taken_back": Reason(N_("The catalogue itself took the dataset back"), ""),
    "too_large": Reason(
        N_("The description of a dataset is too large"),
        N_("Leave out of the feed what belongs into the data themselves: long lists, whole texts, maps."),
    ),
    "unlisted": Reason(
        N_("The feed doesn't list a dataset any more"),
        N_("If it should stay, list it again. If it was deleted, nothing has to be done."),
    ),
    "withdrawn": Reason(
        N_("A dataset was withdrawn, and the feed lists it still"),
        N_("Take it out of the feed, or ask the people of this registry to let it return."),
    ),
}

AGAIN = N_("Nothing has to be done: the next harvest goes on.")
ASK = N_("Ask the people of this registry.")

FEEDS: Mapping[str, Reason] = {
    "address": Reason(
        N_("The address of the feed can't be used"),
        N_("Use an address that begins with https://, without a user name or password in it."),
    ),
    "broken_off": Reason(
        N_("The feed ended before its end"), N_("See that your server sends it whole, and that nothing cuts it off.")
    ),
    "busy": Reason(N_("The server was too busy to answer"), N_("If it happens often, give your server more room.")),
    "certificate": Reason(
        N_("The certificate of the server isn't valid"), N_("Renew the certificate, and use the name that it is for.")
    ),
    "changing": Reason(
        N_("The feed changed again and again while it was read"),
        N_("Nothing has to be done, unless it happens often: then look for what rewrites it all the time."),
    ),
    "dcat_us": Reason(
        N_("The feed is in a format that isn't read here (data.json)"),
        N_("Offer the catalogue as DCAT in Turtle, RDF/XML or JSON-LD; most programs can."),
    ),
    "dtd": Reason(
        N_("The feed has a DOCTYPE, which is dangerous to read"), N_("Offer the feed without a DOCTYPE and entities.")
    ),
    "empty": Reason(N_("There was nothing in the answer"), N_("See whether your catalogue's export works.")),
    "encoding": Reason(
        N_("The letters of the feed can't be read"), N_("Offer it in UTF-8, and packed with gzip or not at all.")
    ),
    "epoch": Reason(
        N_("The feed counts anew, as after a restore from a backup"),
        N_("Say to the people of this registry whether you restored a backup; they let it be read again."),
    ),
    "expired": Reason(
        N_("What the feed says isn't good at this time: it wasn't renewed, or a clock is wrong"),
        N_("See that the background work of your site runs, and that its clock is right."),
    ),
    "hash": Reason(
        N_("A page of the feed isn't the one that was signed"),
        N_("See that all of the feed is copied to the server at once, and that nothing rewrites its files."),
    ),
    "incomplete": Reason(
        N_("It isn't certain that the feed was seen whole, so nothing counts as missing"),
        N_("Say in the feed how many datasets it has, and give each an address of its own."),
    ),
    "interrupted": Reason(N_("The harvest was interrupted"), AGAIN),
    "imperfect_rdf": Reason(
        N_("The feed breaks rules of its format, and was read all the same"),
        N_("Mend it where the details say so; other programs may refuse it."),
    ),
    "key_changed": Reason(
        N_("The feed is signed by a key that isn't known here"),
        N_("Tell the people of this registry, by phone or face to face, the name of your new key; they accept it."),
    ),
    "malformed": Reason(
        N_("The feed can't be read"), N_("See the details for the place. Check whether the address is that of DCAT.")
    ),
    "misstated": Reason(
        N_("The list of the feed's pages has a mistake"), N_("See the details, and mend the program that writes it.")
    ),
    "not_active": Reason(N_("The catalogue isn't harvested for the time being"), ASK),
    "not_searchable": Reason(
        N_("A dataset is found by its title alone"), N_("Shorten words of thousands of letters in its description.")
    ),
    "one_by_one": Reason(N_("The harvest was slow because of a program on this site"), ASK),
    "pagination": Reason(
        N_("The pages of the feed don't lead to an end"), N_("See that each page names one next page, the last none.")
    ),
    "pagination_origin": Reason(
        N_("The next page of the feed is on another server"), N_("Keep all pages of the feed on one server.")
    ),
    "other_catalogue": Reason(
        N_("At the address of the feed there is the feed of another catalogue"),
        N_("Tell the people of this registry the right address of yours."),
    ),
    "parser_died": Reason(N_("The feed made the reading program fail"), ASK),
    "plan_changed": Reason(
        N_("The feed changed after somebody had agreed to what the harvest would do"),
        N_("Look again at what it would do, and agree anew."),
    ),
    "rdf_12": Reason(
        N_("Statements about statements were left out"), N_("Say the same without them; other programs need that too.")
    ),
    "redirect": Reason(
        N_("The address of the feed leads to another server"), N_("Tell the people of this registry the new address.")
    ),
    "registry": Reason(N_("A part of this registry was out of order"), AGAIN),
    "remote_context": Reason(
        N_("The feed needs a part that lies elsewhere and isn't fetched"),
        N_("Put the JSON-LD context into the feed itself, or offer Turtle or RDF/XML."),
    ),
    **{code: RECORDS[code] for code in ("also_listed", "looped", "owner_gone", "removals_wait")},
    "rollback": Reason(
        N_("The feed is older than what was read before"),
        N_("See that no old copy of it is served. If you restored a backup, say so to the people of this registry."),
    ),
    "running": Reason(N_("Another harvest was under way"), AGAIN),
    "signature": Reason(
        N_("The signature of the feed doesn't hold"),
        N_("See that nothing between your site and the internet changes it, and that your key is still yours alone."),
    ),
    "ssrf": Reason(N_("The address of the feed leads into a closed network"), ASK),
    "status": Reason(
        N_("The server doesn't offer the feed at this address"),
        N_("See whether the address still works, and tell the people of this registry the new one."),
    ),
    "stopped": Reason(N_("A person stopped the harvest"), AGAIN),
    "timeout": Reason(
        N_("The server was too slow"), N_("Offer the feed in smaller pages, or as a file that is made beforehand.")
    ),
    "too_costly": Reason(N_("The feed takes too long to read"), N_("Offer the feed in smaller pages.")),
    "too_large": Reason(N_("The feed is too large"), N_("Offer the feed in smaller pages.")),
    "unreachable": Reason(
        N_("The server can't be reached"), N_("See whether your catalogue is up, and open to the internet.")
    ),
    "watched": Reason(
        N_("Each harvest of this catalogue waits until a person looked at what it would do"),
        N_("See what the next harvest would do, and agree to it."),
    ),
    "web_page": Reason(
        N_("At the address of the feed there is a web page"),
        N_("Tell the people of this registry the address of the DCAT feed."),
    ),
    "withdrawn_and_listed": Reason(
        N_("The feed lists a dataset and says that it is withdrawn; it counts as withdrawn"),
        N_("Take one of the two out of the feed."),
    ),
    "not_yours": Reason(
        N_("A description of something that belongs to others was left out"), N_("Describe only what is yours.")
    ),
}


def reason_of(kind: str, code: str) -> Reason:
    """The words for a code of this kind; of one that nobody knows, that it is something else."""
    if kind == VALUE:
        found = VALUES.get(code)
        return Reason(*found) if found else OTHER
    return (FEEDS if kind == FEED else RECORDS).get(code) or OTHER
