"""Mails in plain text: to a catalogue's people what to mend, and to each person at most once a week what needs her.

A mail tells no more than the person may see on this site: titles go to the catalogue's own people alone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from smtplib import SMTPException
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.mailer import MailerException

from ckanext.citizendata.federation.needs import Need
from ckanext.citizendata.federation.news import is_news, left, told_by
from ckanext.citizendata.federation.ports import Member
from ckanext.citizendata.federation.report import FINISHED
from ckanext.citizendata.logic.harvesting.mail_texts import needs_text, report_text
from ckanext.citizendata.logic.harvesting.needs import PROVIDERS, needs_of, needs_shown
from ckanext.citizendata.logic.harvesting.people import people_of
from ckanext.citizendata.logic.harvesting.report_shown import groups_shown, is_to_mend
from ckanext.citizendata.logic.languages import wording_for
from ckanext.citizendata.logic.reading import number_text
from ckanext.citizendata.model import mail, run
from ckanext.citizendata.model import member as members

__all__ = ["is_on", "mail_needs", "mail_report"]

log = logging.getLogger(__name__)

WEEK = 7 * 24 * 3600
HOUR = 3600
NEEDS = "needs"
# When it was last looked who needs a mail; no person has this id.
ROUND = "round"
# Why a harvest may fail that passes by itself: no mail for these, what lasts is told once a week.
PASSING = frozenset({"broken_off", "busy", "interrupted", "registry", "running", "stopped", "timeout", "unreachable"})


def is_on() -> bool:
    """Whether the site can send mails: it has a server, and an address that they come from."""
    return bool(tk.config.get("smtp.server") and tk.config.get("smtp.mail_from"))


def mail_report(member: Member) -> None:
    """Tell the member's people what its last harvest left to mend, where that is news to them."""
    row = run.last(member.id)
    if row is None or not is_on():
        return
    about = f"report {member.id}"
    for person in people_of(member.organization_id):
        wording = wording_for(person)
        groups = [each for each in groups_shown(member.id, row.groups or [], wording) if is_to_mend(each)]
        last = mail.last(person.id, about)
        said = last.said if last else {}
        now = _now(row, groups, said)
        if is_news(said, now):
            subject, body = report_text(member, row, groups, wording)
            _send(person, about, subject, body, now)
        elif last:
            mail.note_less(person.id, about, left(said, now))
    model.Session.commit()


def mail_needs() -> None:
    """Tell whom something needs, at most once a week each; looked at once an hour."""
    if not is_on() or not mail.is_older("", ROUND, HOUR):
        return
    mail.note_sent("", ROUND, {})
    model.Session.commit()
    for person in _needed():
        needs = needs_of(person.name) if mail.is_older(person.id, NEEDS, WEEK) else ()
        if needs:
            _send(person, NEEDS, *_mail_of_needs(person, needs), {})
    model.Session.commit()


def _mail_of_needs(person: model.User, needs: Sequence[Need]) -> tuple[str, str]:
    wording = wording_for(person)
    shown = needs_shown(needs, wording, lambda number: number_text(number, "", wording.language))
    return needs_text(shown, wording)


def _now(row: Any, groups: Iterable[Mapping[str, Any]], said: Mapping[str, int]) -> dict[str, int]:
    """What there is to tell; a failed harvest says nothing about what was wrong before it."""
    if row.state == FINISHED:
        return told_by(groups)
    return dict(said) if row.code in PASSING else {**said, f"failed {row.code}": 1}


def _needed() -> Sequence[model.User]:
    """The registry's staff, and the people of the members of whom anything is asked."""
    every = members.every()
    asked = {member_id for provide in PROVIDERS for need in provide(every) for member_id in need.members}
    staff = model.Session.query(model.User).filter_by(sysadmin=True, state=model.State.ACTIVE).all() if asked else []
    theirs = [person for row in every if row.id in asked for person in people_of(row.organization_id)]
    return list({person.id: person for person in (*staff, *theirs)}.values())


def _send(person: model.User, about: str, subject: str, body: str, said: Mapping[str, int]) -> None:
    """Send a mail and note that; one that can't be sent is tried again with the next reason to send it."""
    if not person.email:
        return
    try:
        tk.mail_user(person, subject, body)
    except (MailerException, SMTPException, OSError) as error:
        log.warning("No mail to %s: %s", person.name, error)
        return
    mail.note_sent(person.id, about, said)
    # Else a mail that went out is sent again where a later one ends the round.
    model.Session.commit()
