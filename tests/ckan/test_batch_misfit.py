"""Why batches aren't used on a site, in one sentence each; the site of the tests fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest

from ckanext.citizendata.logic.publishing import fits

FIELD = """
dataset_fields:
  - {{field_name: national_code, preset: citizendata_line, section: {section}, obligation: optional, cardinality: one,
     safety_class: open, label: {{en: National code}}, {more}}}
"""

With = Callable[[type], AbstractContextManager[None]]


@pytest.fixture
def with_plugin(provide_plugin: Any, site: None) -> With:  # noqa: ARG001
    """Loads a plugin of somebody else's beside ours."""

    @contextmanager
    def loaded(plugin: type) -> Iterator[None]:
        provide_plugin("other", plugin)
        with p.use_plugin("other"):
            yield

    return loaded


def plugin(interface: type[p.Interface], **members: Any) -> type:
    """A plugin with these hooks of one interface."""

    class Other(p.SingletonPlugin):
        p.implements(interface, inherit=True)

    for name, member in members.items():
        setattr(Other, name, member)
    return Other


def does(*_arguments: Any, **_words: Any) -> Any:
    """What somebody else's hook does."""


@pytest.mark.usefixtures("site")
def test_a_registry_as_it_is_installed_fits() -> None:
    """With the plugins and the versions that the parity test runs with."""
    assert fits.misfit() is None


@pytest.mark.parametrize(
    ("interface", "hook"),
    [
        (p.IPackageController, "create"),
        (p.IPackageController, "read"),
        (p.IPackageController, "after_dataset_update"),
        (p.IResourceController, "after_resource_create"),
        (p.IDomainObjectModification, "notify"),
        (p.ISignal, "get_signal_subscriptions"),
    ],
)
def test_hooks_that_are_not_run(with_plugin: With, interface: type[p.Interface], hook: str) -> None:
    """A plugin that acts when a dataset is written would see nothing of a batch."""
    result = {"get_signal_subscriptions": lambda _: {}}.get(hook, does)
    with with_plugin(plugin(interface, **{hook: result})):
        assert fits.misfit() == f"The plugin Other has the hook {hook}, which a batch doesn't run."


def test_hooks_that_do_nothing(with_plugin: With) -> None:
    """To have an interface without using it is no reason."""
    with with_plugin(plugin(p.IPackageController)):
        assert fits.misfit() is None


def test_actions_in_place_of_ckans(with_plugin: With) -> None:
    """A batch calls none of them."""
    actions = {"get_actions": lambda _: {"package_update": tk.chained_action(does)}}
    with with_plugin(plugin(p.IActions, **actions)):
        assert fits.misfit() == "The plugin Other has an action package_update of its own, which a batch doesn't call."


@pytest.mark.usefixtures("site")
@pytest.mark.ckan_config("ckan.views.default_views", "image_view text_view")
def test_views_of_new_files(with_plugin: With) -> None:
    """CKAN makes them when a dataset is made, but for those whose plugin isn't there."""
    assert fits.misfit() is None
    with with_plugin(plugin(p.IResourceView, info=lambda _: {"name": "text_view", "title": "Text"})):
        assert "ckan.views.default_views asks for views of new files (text_view)" in (fits.misfit() or "")


@pytest.mark.usefixtures("site")
def test_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was never compared is not trusted."""
    monkeypatch.setitem(fits.TESTED, "ckan", ("2.11.0",))
    assert fits.misfit() == "Batches were never tested with ckan 2.12.0, but with 2.11.0."


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("validators: ignore_missing unicode_safe", "The field national_code has validators of its own"),
        ("output_validators: ignore_missing", "The field national_code has output_validators of its own"),
        ("form_placeholder: AB-12", None),
    ],
)
def test_fields_of_the_site(
    site: None,  # noqa: ARG001
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: str,
    reason: str | None,
) -> None:
    """A field of the site's own fits when it is checked as ours are."""
    path = tmp_path / "national.yaml"
    path.write_text(FIELD.format(section="about", more=more))
    monkeypatch.setitem(tk.config, "ckanext.citizendata.schema_files", [str(path)])
    found = fits.misfit()
    assert found is None if reason is None else (found or "").startswith(reason)
