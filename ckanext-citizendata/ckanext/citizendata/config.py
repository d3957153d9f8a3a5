"""One typed reader for each option of this extension."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar

import ckan.plugins.toolkit as tk
from ckan.exceptions import CkanConfigurationException

T = TypeVar("T")

CKANS_THEME = "css/main"


def base_iri() -> str:
    """The first part of the permanent addresses that this site mints, without a final slash."""
    return str(tk.config.get("ckanext.citizendata.base_iri") or tk.config["ckan.site_url"]).rstrip("/")


def invented_example() -> bool:
    """Whether every page says that the records are invented, as in the demo."""
    return bool(tk.config.get("ckanext.citizendata.invented_example"))


def own_look() -> bool:
    """Whether pages that need no scripts have a look of their own; a theme that somebody chose for the site stays."""
    chosen = tk.config.get("ckan.theme")
    return bool(tk.config.get("ckanext.citizendata.own_look")) and chosen in (None, "", CKANS_THEME)


def largest_file() -> int:
    """The most megabytes that a file may have; CKAN's option."""
    return int(tk.config["ckan.max_resource_size"])


def account_requests() -> bool:
    """Whether people may ask for an account on a page."""
    return bool(tk.config.get("ckanext.citizendata.account_requests"))


def text_languages() -> tuple[str, ...]:
    """The languages in which the form offers a box for each text, by BCP 47 tag."""
    return tuple(tk.config.get("ckanext.citizendata.text_languages"))


def schema_files() -> tuple[str, ...]:
    """The files with fields of this site's own, by path."""
    return tuple(tk.config.get("ckanext.citizendata.schema_files") or ())


def vocabulary_folders() -> tuple[str, ...]:
    """The folders with code lists of this site's own, by path."""
    return tuple(tk.config.get("ckanext.citizendata.vocabulary_folders") or ())


def publisher_name() -> str | None:
    """Who answers for the catalogue."""
    return tk.config.get("ckanext.citizendata.publisher_name") or None


def publisher_url() -> str | None:
    """The web page of who answers for the catalogue."""
    return tk.config.get("ckanext.citizendata.publisher_url") or None


def metadata_licence() -> str | None:
    """The IRI of the licence of the descriptions, not of the data."""
    return tk.config.get("ckanext.citizendata.metadata_licence") or None


def metadata_languages() -> tuple[str, ...]:
    """The languages of the descriptions, as codes of the EU language table."""
    return tuple(tk.config.get("ckanext.citizendata.metadata_languages") or ())


def datasets_per_page() -> int:
    """How many entries a page of the catalogue has; ckanext-dcat's option, at least 1."""
    return max(1, int(tk.config.get("ckanext.dcat.datasets_per_page") or 100))


def harvest_page_bytes() -> int:
    """The most bytes, unpacked, that one page of a feed may have."""
    return int(tk.config.get("ckanext.citizendata.harvest_page_bytes"))


def harvest_page_seconds() -> int:
    """The most seconds that fetching one page of a feed may take, and that parsing it may take."""
    return int(tk.config.get("ckanext.citizendata.harvest_page_seconds"))


def harvest_batch_records() -> int:
    """How many records are published in one transaction of a harvest, at least 1."""
    return max(1, int(tk.config.get("ckanext.citizendata.harvest_batch_records")))


def harvest_networks() -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks beside the public internet that harvests may connect to.

    Raises `CkanConfigurationException` with the value that is none.
    """
    return _each("ckanext.citizendata.harvest_networks", "network, such as 10.1.0.0/16", ip_network)


def harvest_ports() -> tuple[int, ...]:
    """The ports of public servers that harvests may connect to.

    Raises `CkanConfigurationException` with the value that is none.
    """
    return _each("ckanext.citizendata.harvest_ports", "port, from 1 to 65535", _port)


def _each(option: str, kind: str, read: Callable[[str], T]) -> tuple[T, ...]:
    """The values of a list, each as `read` understands it, which raises `ValueError`."""
    return tuple(_value(option, kind, read, str(each)) for each in tk.config.get(option) or ())


def _value(option: str, kind: str, read: Callable[[str], T], given: str) -> T:
    try:
        return read(given)
    except ValueError as error:
        message = f"{option} holds {given!r}, which is no {kind}: {error}"
        raise CkanConfigurationException(message) from error


def _port(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 6 and 0 < int(given) < 65_536):
        raise ValueError("it is no number of a port")
    return int(given)


def harvest_parser_seconds() -> int:
    """The most seconds of CPU time that parsing one page of a feed may take."""
    return int(tk.config.get("ckanext.citizendata.harvest_parser_seconds"))


def harvest_parser_bytes() -> int:
    """The most bytes of memory that the process may take which parses pages of feeds."""
    return int(tk.config.get("ckanext.citizendata.harvest_parser_bytes"))


def harvest_job_seconds() -> int:
    """The most seconds that one harvest in the background may take."""
    return int(tk.config.get("ckanext.citizendata.harvest_job_seconds"))


def harvest_long_seconds() -> int:
    """A harvest that takes more seconds is a long one; one worker of two or more is kept free of these."""
    return int(tk.config.get("ckanext.citizendata.harvest_long_seconds"))


def harvest_queue() -> str:
    """The name of the queue on which harvests wait for a worker."""
    return str(tk.config.get("ckanext.citizendata.harvest_queue"))


def harvest_absence_hours() -> int:
    """The least hours between two absences of a record that are evidence enough to remove it."""
    return int(tk.config.get("ckanext.citizendata.harvest_absence_hours"))


def search_patience_seconds() -> int:
    """How many seconds a harvest goes on asking a search engine that isn't there, at least 0."""
    return max(0, int(tk.config.get("ckanext.citizendata.search_patience_seconds")))


def tick_seconds() -> int:
    """How many seconds lie between two rounds of the background job."""
    return max(1, int(tk.config.get("ckanext.citizendata.tick_seconds")))


def member_applications() -> bool:
    """Whether everyone who is signed in may ask for a catalogue to become a member."""
    return bool(tk.config.get("ckanext.citizendata.member_applications"))


def feed_folder() -> Path | None:
    """The folder of the snapshots of all feeds; None where the site has none, and so makes no snapshots."""
    chosen, storage = tk.config.get("ckanext.citizendata.feed_folder"), tk.config.get("ckan.storage_path")
    if chosen:
        return Path(str(chosen))
    return Path(str(storage), "citizendata", "feeds") if storage else None


def feed_key_file() -> Path | None:
    """The file of the private key that signs the snapshots; None where there are none."""
    chosen, folder = tk.config.get("ckanext.citizendata.feed_key_file"), feed_folder()
    return Path(str(chosen)) if chosen else folder and folder / "key"


def feed_days() -> int:
    """For how many days a snapshot may be believed, at least 1."""
    return max(1, int(tk.config.get("ckanext.citizendata.feed_days")))


def feed_kept_hours() -> int:
    """For how many hours pages and snapshots stay that were replaced, at least 0."""
    return max(0, int(tk.config.get("ckanext.citizendata.feed_kept_hours")))


def ping_queue() -> str:
    """The name of the queue on which the harvests wait of members that have news."""
    return str(tk.config.get("ckanext.citizendata.ping_queue"))


def registries() -> tuple[str, ...]:
    """The addresses of the registries that are told of news, without a final slash."""
    return tuple(str(each).rstrip("/") for each in tk.config.get("ckanext.citizendata.registries") or ())


def contact() -> str | None:
    """Where the people of the catalogue are reached, as an address that begins with mailto: or http(s)."""
    given = str(tk.config.get("ckanext.citizendata.contact") or "").strip()
    return (given if ":" in given else f"mailto:{given}") if given else None


def feed_dump_minutes() -> int:
    """How many minutes lie between two dumps of the catalogue, at least; 0 where there are none."""
    return max(0, int(tk.config.get("ckanext.citizendata.feed_dump_minutes")))
