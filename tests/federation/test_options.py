"""Options of harvests that hold what they can't."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan.exceptions import CkanConfigurationException

from ckanext.citizendata import config


@pytest.mark.usefixtures("with_plugins")
class TestStart:
    @pytest.mark.parametrize(
        ("option", "given", "wrong"),
        [
            ("harvest_networks", ["10.1.0.0/16", "10.1.2.3/16"], "'10.1.2.3/16', which is no network"),
            ("harvest_networks", ["intranet"], "'intranet', which is no network, such as 10.1.0.0/16"),
            ("harvest_ports", ["80", "https"], "'https', which is no port, from 1 to 65535"),
            ("harvest_ports", ["0"], "'0', which is no port"),
            ("harvest_ports", ["65536"], "'65536', which is no port"),
            ("harvest_ports", ["9" * 5000], "9', which is no port"),
        ],
    )
    def test_is_refused_with_option_and_value(
        self, monkeypatch: pytest.MonkeyPatch, option: str, given: Any, wrong: str
    ) -> None:
        """Not found by the first harvest, days later."""
        plugins = list(tk.config["ckan.plugins"])
        monkeypatch.setitem(tk.config, f"ckanext.citizendata.{option}", given)
        p.unload_all()
        with pytest.raises(CkanConfigurationException, match=rf"^ckanext\.citizendata\.{option} holds .*{wrong}"):
            p.load(*plugins)

    def test_goes_on_with_what_can_be_used(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Read as networks and numbers."""
        monkeypatch.setitem(tk.config, "ckanext.citizendata.harvest_networks", ["10.1.0.0/16", "fd00:1::/48"])
        monkeypatch.setitem(tk.config, "ckanext.citizendata.harvest_ports", ["80", "65535"])
        assert list(map(str, config.harvest_networks())) == ["10.1.0.0/16", "fd00:1::/48"]
        assert config.harvest_ports() == (80, 65535)
