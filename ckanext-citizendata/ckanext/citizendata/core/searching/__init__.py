"""How what people type finds records: names of codes in every language, forms of words, slips of the finger; pure."""

from ckanext.citizendata.core.searching.names import Names, names
from ckanext.citizendata.core.searching.near import Near, NearQuery, corrected, near_queries
from ckanext.citizendata.core.searching.query import query_fields, solr_query
from ckanext.citizendata.core.searching.typed import Term, signs, typed

__all__ = [
    "Names",
    "Near",
    "NearQuery",
    "Term",
    "corrected",
    "names",
    "near_queries",
    "query_fields",
    "signs",
    "solr_query",
    "typed",
]
