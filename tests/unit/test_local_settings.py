"""What can be set from outside, and the secrets of an installation."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ckanext.citizendata.local.credentials import Credentials
from ckanext.citizendata.local.failure import LocalError
from ckanext.citizendata.local.settings import CHECKOUT, Home, child_environment, settings_from_environment
from ckanext.citizendata.local.valkey import Numbers


class TestSettings:
    def test_nothing_is_set(self) -> None:
        """Without any variable the demo lies in the checkout and uses the ports of the README."""
        settings = settings_from_environment({})
        assert settings.state == CHECKOUT / ".local"
        assert settings.ports == {"registry": 5000, "kenya": 5001, "ghana": 5002}
        assert settings.postgres_url is settings.redis_url is settings.solr_url is None

    def test_port(self) -> None:
        """The variable of a site sets its port alone."""
        assert settings_from_environment({"CITIZENDATA_KENYA_PORT": "6001"}).ports["kenya"] == 6001

    @pytest.mark.parametrize("value", ["x", "0", "65536", "-1", "5000.0"])
    def test_wrong_port(self, value: str) -> None:
        """A port that is none is refused by name and value."""
        with pytest.raises(
            LocalError, match=f"CITIZENDATA_GHANA_PORT is '{value}': give a port number from 1 to 65535"
        ):
            settings_from_environment({"CITIZENDATA_GHANA_PORT": value})

    def test_wrong_address(self) -> None:
        """An address of another kind of server is refused by name and value."""
        with pytest.raises(LocalError, match="CITIZENDATA_REDIS_URL begins with 'localhost': give an address"):
            settings_from_environment({"CITIZENDATA_REDIS_URL": "localhost"})


class TestHome:
    def test_folders(self, tmp_path: Path) -> None:
        """Other users may look into no folder of an installation."""
        home = Home(tmp_path / "demo")
        home.make()
        for folder in (home.logs, home.run, home.sites):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_database_names(self, tmp_path: Path) -> None:
        """Two installations can share a server: their databases have different names."""
        assert Home(tmp_path / "demo").database("kenya") == "citizendata_kenya"
        assert Home(tmp_path / "check").database("kenya") == "citizendata_check_kenya"


class TestCredentials:
    def test_kept(self, tmp_path: Path) -> None:
        """A secret is random once and the same ever after, in a file of its owner."""
        secret = Credentials(Home(tmp_path)).get("a")
        assert Credentials(Home(tmp_path)).get("a") == secret
        assert Credentials(Home(tmp_path)).get("b") != secret
        assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


class TestChildEnvironment:
    def test_ckan_variables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Variables that would send all sites to one database don't reach them."""
        monkeypatch.setenv("CKAN_SQLALCHEMY_URL", "postgresql://elsewhere/")
        assert "CKAN_SQLALCHEMY_URL" not in child_environment()
        assert child_environment(A="b")["A"] == "b"


class TestSameServer:
    def test_two_sites_on_one_port(self) -> None:
        """Are refused before anything starts."""
        with pytest.raises(LocalError, match=r"registry and kenya are both to listen on port 7000"):
            settings_from_environment({"CITIZENDATA_REGISTRY_PORT": "7000", "CITIZENDATA_KENYA_PORT": "7000"})

    def test_wrong_address_keeps_its_password(self) -> None:
        """The sentence doesn't repeat what may hold a password."""
        with pytest.raises(LocalError) as refusal:
            settings_from_environment({"CITIZENDATA_POSTGRES_URL": "postgres://u:geheim@db.example.org/x"})
        assert "geheim" not in str(refusal.value)

    def test_redis_without_a_number(self, tmp_path: Path) -> None:
        """What stands where the number of a database belongs is named."""
        with pytest.raises(LocalError, match="ends in /abc"):
            Numbers("redis://127.0.0.1:6379/abc", Home(tmp_path / "demo"))
