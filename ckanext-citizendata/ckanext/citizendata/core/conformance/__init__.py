"""What is right and wrong in a record, said in words that help: rules compiled once from the schema."""

from ckanext.citizendata.core.conformance.check import check_draft, check_package, check_value
from ckanext.citizendata.core.conformance.codes import PROBLEM_CODES
from ckanext.citizendata.core.conformance.profile import NO_PROFILE, Profile, profile_from_dict
from ckanext.citizendata.core.conformance.readable import readable_part
from ckanext.citizendata.core.conformance.record import check_record
from ckanext.citizendata.core.conformance.shaping import package_in_shape, value_in_shape
from ckanext.citizendata.core.conformance.wording import ENGLISH, Wording

__all__ = [
    "ENGLISH",
    "NO_PROFILE",
    "PROBLEM_CODES",
    "Profile",
    "Wording",
    "check_draft",
    "check_package",
    "check_record",
    "check_value",
    "package_in_shape",
    "profile_from_dict",
    "readable_part",
    "value_in_shape",
]
