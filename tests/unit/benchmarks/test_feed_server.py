"""The server of the feeds that are measured."""

from __future__ import annotations

from pathlib import Path

import requests

from benchmarks.feed_server import feed_server


class TestFeedServer:
    def test_serves_files_as_turtle_without_saying_when_they_changed(self, tmp_path: Path) -> None:
        """A harvest can't be spared by a 304, on either side."""
        (tmp_path / "1.ttl").write_text("# é", encoding="utf-8")
        with feed_server(tmp_path) as server:
            answer = requests.get(f"{server.address}/1.ttl", timeout=5)
        assert answer.text == "# é"
        assert answer.headers["Content-Type"].startswith("text/turtle")
        assert not {"ETag", "Last-Modified"} & set(answer.headers)

    def test_serves_nothing_else(self, tmp_path: Path) -> None:
        """Neither what isn't there nor what lies outside the folder."""
        folder = tmp_path / "feeds"
        folder.mkdir()
        (tmp_path / "secret").write_text("x", encoding="utf-8")
        with feed_server(folder) as server, requests.Session() as session:
            outside = requests.Request("GET", server.address).prepare()
            outside.url = f"{server.address}/../secret"
            assert session.send(outside, timeout=5).status_code == 404
            assert requests.get(f"{server.address}/2.ttl", timeout=5).status_code == 404
