"""What the commands of a registry share: they run as the site, and say what is wrong in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click

from ckanext.citizendata.federation.errors import HarvestRefused

__all__ = ["all_members", "called", "registry_only", "sentences"]

P = ParamSpec("P")
R = TypeVar("R")

# Members that one call asks for.
AT_ONCE = 1000


def registry_only(command: Callable[P, R]) -> Callable[P, R]:
    """The command, refused on a site that isn't a registry."""

    @wraps(command)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not p.plugin_loaded("citizendata_registry"):
            message = "This site is no registry: add citizendata_registry to ckan.plugins, after citizendata"
            raise click.ClickException(message)
        return command(*args, **kwargs)

    return checked


def sentences(command: Callable[P, R]) -> Callable[P, R]:
    """The command, with what CKAN's actions refuse as a message in place of a traceback."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except tk.ValidationError as error:
            found = [str(each) for messages in error.error_dict.values() for each in _listed(messages)]
            raise click.ClickException(". ".join(found)) from error
        except (tk.ObjectNotFound, HarvestRefused) as error:
            raise click.ClickException(str(error)) from error

    return told


@sentences
def called(action: str, data_dict: Mapping[str, Any]) -> Any:
    """What the action answers to the site's own user."""
    user = tk.get_action("get_site_user")(tk.fresh_context({"ignore_auth": True}), {})["name"]
    return tk.get_action(action)(tk.fresh_context({"user": user, "ignore_auth": True}), dict(data_dict))


def all_members() -> Iterator[dict[str, Any]]:
    """Each member as the API lists it, by name."""
    found = called("citizendata_member_list", {"limit": AT_ONCE})
    while found:
        yield from found
        found = called("citizendata_member_list", {"limit": AT_ONCE, "after": found[-1]["id"]})


def _listed(messages: Any) -> list[Any]:
    return messages if isinstance(messages, list) else [messages]
