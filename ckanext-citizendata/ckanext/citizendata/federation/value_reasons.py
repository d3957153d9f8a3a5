"""What is wrong with single values of a record, and how to mend them: two sentences for each code of a problem."""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.citizendata.core.conformance.wording import N_

__all__ = ["VALUES"]

VALUES: Mapping[str, tuple[str, str]] = {
    "alone": (N_("“Unknown” or “none” stands beside other answers"), N_("Take out the one that isn't true.")),
    "expected": (N_("An answer is missing that another one makes expected"), N_("Answer it, if you can.")),
    "hazard": (
        N_("Something that could harm readers was left out"),
        N_("Replace addresses that run a script or that no other program reads."),
    ),
    "inconsistent": (N_("Two answers don't go together"), N_("Change one of the two.")),
    "markup": (N_("HTML is shown as letters"), N_("Write plain text or Markdown.")),
    "missing": (N_("A question has no answer"), N_("Answer it; “unknown” is an answer too.")),
    "no_address": (N_("Something isn't a whole web address"), N_("Write the whole address, with https:// before it.")),
    "no_date": (N_("Something isn't a date"), N_("Write a year, a month or a day: 2023, 2023-04 or 2023-04-15.")),
    "no_geometry": (N_("A place on the map can't be read"), N_("Give the place as GeoJSON.")),
    "no_language": (N_("The language of a text isn't known"), N_("Use a language tag such as en, fr or sw.")),
    "no_mail": (N_("Something isn't an e-mail address"), N_("Write one address, such as desk@example.org.")),
    "no_number": (N_("Something isn't a number"), N_("Write digits alone.")),
    "no_phone": (N_("Something isn't a telephone number"), N_("Write the number with + and the code of the country.")),
    "no_text": (N_("Something isn't a text"), N_("Write a text, and say in which language it is.")),
    "not_searchable": (
        N_("A dataset is found by its title alone"),
        N_("Shorten words of thousands of letters in its description."),
    ),
    "not_understood": (
        N_("Something isn't built as it should be, and isn't shown"),
        N_("Compare it with how the field is described in the list of fields."),
    ),
    "not_yours": (
        N_("Something was left out that follows from other things, or belongs to others"),
        N_("Nothing has to be done, unless you miss it."),
    ),
    "one_of": (N_("An entry has none of the parts of which it needs one"), N_("Fill in one of them.")),
    "order": (N_("An end is before its start"), N_("Exchange the two, or mend the wrong one.")),
    "other_class": (N_("Something is described as another kind of thing"), N_("Give it the type that is asked for.")),
    "pattern": (N_("Something isn't written in the form that is asked for"), N_("See the example beside the field.")),
    "replaced_code": (N_("An answer has an old name"), N_("Choose the new one; the old one still works.")),
    "strange_character": (
        N_("A text holds a character that breaks files"),
        N_("Type the place anew; such characters come from damaged files."),
    ),
    "taken": (N_("An address already names something else"), N_("Leave the address out, or give the right one.")),
    "too_large": (N_("A number is larger than it can be"), N_("Mend the number.")),
    "too_long": (N_("A text is longer than there is room for"), N_("Shorten it.")),
    "too_many": (N_("There are more values than there is room for"), N_("Keep those that matter.")),
    "too_small": (N_("A number is smaller than it can be"), N_("Mend the number.")),
    "twice": (N_("The same stands there twice"), N_("Take one of the two out.")),
    "two_names": (N_("One address has two names"), N_("Give both entries the same name.")),
    "unknown_code": (N_("An answer isn't in the list, and isn't shown"), N_("Choose one of the list's answers.")),
    "unknown_field": (N_("Something was written where there is no field"), N_("See the list of fields.")),
    "unreadable_fragment": (N_("A stored description can't be read"), N_("Ask the people of this registry.")),
    "withdrawn_and_listed": (
        N_("A dataset is listed and withdrawn at once; it counts as withdrawn"),
        N_("Take one of the two out of the feed."),
    ),
}
