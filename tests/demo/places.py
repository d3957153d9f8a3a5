"""Where a reader of a site may look: every page, API answer and feed that could tell of a record."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

API = "/api/3/action/"
RDF = ("ttl", "rdf", "xml", "jsonld", "nt", "n3")
FACETS = (
    *("id", "name", "title", "notes", "text", "organization", "owner_org", "permission_labels", "capacity", "state"),
    *(
        "res_name",
        "res_description",
        "res_url",
        "extras_audience",
        "vocab_country",
        "vocab_sensitivity",
        "title_string",
    ),
)
FIELDS = "id,name,title,notes,text,extras_uri,res_name,res_description,res_url,data_dict,validated_data_dict"
SEARCHES = (
    "rows=1000",
    "rows=1000&q=*:*",
    "rows=1000&include_private=true",
    "rows=1000&include_private=true&include_drafts=true&include_deleted=true",
    "rows=1000&include_private=true&q=*:*&fl=*",
    f"rows=1000&include_private=true&fl={FIELDS}",
    "rows=1000&include_private=true&fq=capacity:private",
    "rows=1000&include_private=true&fq=state:(deleted OR draft OR active)",
    "rows=1000&include_private=true&fq=permission_labels:[* TO *]",
    "rows=1000&include_private=true&q=-permission_labels:public",
    "rows=1000&include_private=true&use_default_schema=true",
    "rows=1000&include_private=true&sort=metadata_created asc",
    "rows=1000&include_private=true&q=owner_org:[* TO *]&defType=lucene",
)


ACTIONS = (
    "package_list",
    "current_package_list_with_resources?limit=1000",
    "recently_changed_packages_activity_list",
    "tag_list?all_fields=true",
    "group_list?all_fields=true&include_extras=true",
    "organization_list?all_fields=true&include_extras=true&include_dataset_count=true",
    "organization_list_for_user?include_dataset_count=true",
    "format_autocomplete?q=c&limit=100",
    *(f"resource_search?query={field}" for field in ("name:a", "description:e", "url:example")),
    "dcat_catalog_show",
    "dcat_catalog_search?format=ttl",
    "followee_list?id=admin",
    "dashboard_activity_list",
    "job_list",
    "citizendata_harvest_status",
    "citizendata_member_list",
)
PAGES_OF_RECORD = (
    *("resources", "groups", "followers", "activity", "changes", "collaborators"),
    *("edit", "edit_groups", "withdraw", "restore", "delete"),
)
ACTIONS_OF_RECORD = (
    "package_show",
    "dcat_dataset_show",
    "citizendata_record_show",
    "package_activity_list",
    "package_collaborator_list",
    "package_relationships_list",
    "dataset_follower_count",
    "dataset_follower_list",
    "am_following_dataset",
)


def of_site(organizations: list[str], users: list[str]) -> Iterator[str]:
    """The addresses of a site that don't depend on a record, given names of organisations and accounts."""
    yield from ("/", "/about", "/robots.txt", "/sitemap.xml", "/stats", "/group/", "/organization/", "/user/", "/tag/")
    yield from ("/dashboard/", "/dashboard/datasets", "/dashboard/organizations", "/catalog", "/fr/dataset/")
    yield from ("/dataset/", "/dataset/?page=2", "/dataset/?include_private=true&include_drafts=true")
    yield from ("/dataset/?q=*:*", "/dataset/?sort=metadata_modified+desc", "/dataset/?fq=capacity:private")
    yield from ("/feed/search.atom", "/feed/search.csv", "/dataset/?vocab_country=KEN&ext_from=2000")
    yield from ("/feeds/dataset.atom", "/feeds/custom.atom?q=*:*", "/feeds/custom.atom?q=capacity:private")
    yield from (f"/catalog.{suffix}" for suffix in RDF)
    yield from (f"/catalog.ttl?{query}" for query in ("q=*:*", "modified_since=2000-01-01", "fq=capacity:private"))
    yield from (f"{API}package_search?{quote(query, safe='=&:*,()[]')}" for query in SEARCHES)
    facets = quote("[" + ",".join(f'"{name}"' for name in FACETS) + "]")
    yield f"{API}package_search?rows=0&include_private=true&facet.limit=-1&facet.field={facets}"
    yield from (f"{API}{action}" for action in ACTIONS)
    for organization in organizations:
        yield from _of_organization(organization)
    for user in users:
        yield from (f"/user/{user}", f"{API}user_show?id={user}&include_datasets=true")


def of_record(name: str, id_: str, resource: str) -> Iterator[str]:
    """The addresses of one record and of a file of it."""
    yield from (f"/dataset/{name}", f"/dataset/{id_}", f"/fr/dataset/{name}", f"/record/{id_}")
    yield from (f"/dataset/{page}/{name}" for page in PAGES_OF_RECORD)
    yield from (f"/dataset/{name}.{suffix}" for suffix in RDF)
    yield from (f"/dataset/{id_}.ttl", f"/dataset/{name}/resource/{resource}")
    yield from (f"/dataset/{name}/resource/{resource}/{page}" for page in ("download", "view", "edit"))
    yield from (f"{API}{action}?id={name}" for action in ACTIONS_OF_RECORD)
    yield f"{API}package_show?id={id_}&use_default_schema=true&include_plugin_data=true"
    yield from (f"{API}{action}?id={resource}" for action in ("resource_show", "resource_view_list"))
    for query in (f"name:{name}", f"id:{id_}"):
        yield f"{API}package_search?include_private=true&include_drafts=true&include_deleted=true&fq={query}"


def of_word(word: str) -> Iterator[str]:
    """The addresses by which somebody looks for a word."""
    yield from (f"{API}package_search?include_private=true&include_drafts=true&{key}={word}" for key in ("q", "fq"))
    yield f"{API}package_search?include_private=true&q=text:{word}"
    yield from (f"/dataset/?q={word}", f"/organization/?q={word}", f"/feeds/custom.atom?q={word}")
    yield from (f"/feed/search.atom?q={word}", f"/feed/search.csv?q={word}", f"/search/suggest?q={word}")
    yield from (f"/catalog.{suffix}?q={word}" for suffix in RDF)
    yield from (f"{API}dcat_catalog_show?q={word}", f"{API}dcat_catalog_search?q={word}&format=ttl")
    yield from (f"{API}resource_search?query={field}:{word}" for field in ("name", "description", "url"))
    yield from (f"{API}package_autocomplete?q={word}", f"/api/2/util/dataset/autocomplete?incomplete={word}")
    yield from (f"{API}tag_search?query={word}", f"{API}tag_autocomplete?query={word}")
    yield from (f"{API}organization_autocomplete?q={word}", f"{API}group_autocomplete?q={word}")


def _of_organization(name: str) -> Iterator[str]:
    yield from (f"/organization/{name}", f"/organization/{name}?q=*:*", f"/feeds/organization/{name}.atom")
    yield from (f"/organization/{page}/{name}" for page in ("about", "activity", "members", "bulk_process"))
    yield f"{API}organization_show?id={name}&include_datasets=true&include_dataset_count=true"
    yield f"{API}group_package_show?id={name}&limit=1000"
    yield from (f"{API}member_list?id={name}{kind}" for kind in ("", "&object_type=package"))
    yield from (f"{API}organization_activity_list?id={name}", f"/feeds/group/{name}.atom")
