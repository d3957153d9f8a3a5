"""The harness of the fault cases: what it looks at must be able to fail."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.faults import cases, harness
from tests.faults.canary import Bait, Canary
from tests.faults.digests import Digest
from tests.faults.evidence import Evidence
from tests.faults.hostile import Hostile, bomb, breaks_off, in_turn, says, status
from tests.faults.lab import Harvest, Memory

WANTED = [*range(1, 14), *range(15, 25), *range(26, 29), 35, 36, *range(38, 43), 48]
# What the scoreboard asks of a worker that is killed at any moment, and of what it starts.
KILLS = ["K25", "K26"]
# And of feeds: transactions that cross, a backup that is put back, pages that are taken back, keys that change.
FEEDS = ["F01", "F02", "F03", "F04"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the cases need Linux: addresses of 127/8, and inotify")


class TestCases:
    def test_are_those_of_the_scoreboard(self) -> None:
        """Each once, with a sentence that says what is done."""
        cases.load()
        assert sorted(harness.CASES) == [*FEEDS, *KILLS, *(f"S{number:02}" for number in WANTED)]
        assert all(each.stimulus.endswith(".") for each in harness.CASES.values())

    def test_of_the_smoke_set_are_some(self) -> None:
        """A quick dozen or so."""
        cases.load()
        assert 10 <= len(harness.chosen([], smoke=True)) <= 16
        assert [each.id for each in harness.chosen(["s07"], smoke=True)] == ["S07"]

    def test_that_are_unknown_are_refused(self) -> None:
        """Rather than passed over."""
        cases.load()
        with pytest.raises(KeyError, match="S99"):
            harness.chosen(["S99"], smoke=False)


class TestEvidence:
    def test_without_facts_is_no_pass(self) -> None:
        """A case that measured nothing proves nothing."""
        assert not Evidence().verdict("S00", 1).passed

    def test_of_one_fault_fails_the_case_and_stands_first(self) -> None:
        """Whatever else was measured."""
        seen = Evidence()
        seen.notes("3 run sets")
        assert not seen.must(False, "1 record is lost")
        verdict = seen.verdict("S00", 1.26)
        assert verdict.told() == {
            "id": "S00",
            "pass": False,
            "observed": "1 record is lost; 3 run sets",
            "seconds": 1.3,
        }
        assert json.dumps(verdict.told())

    def test_shows_nothing_where_something_speaks_against_it(self) -> None:
        """A sentence that sums up is no fact beside a fault."""
        seen = Evidence()
        seen.must(False, "1 record is lost")
        seen.shows("all records are there")
        assert seen.verdict("S00", 1).observed == "1 record is lost"

    def test_of_facts_alone_passes(self) -> None:
        """With nothing against it."""
        seen = Evidence()
        seen.notes("3 run sets")
        assert seen.must(True, "never said")
        assert seen.verdict("S00", 1).passed


class TestNothingWasTouched:
    @pytest.mark.parametrize(
        ("servers", "files", "fault"),
        [
            (["127.0.0.1:5432", "127.0.0.10:80"], [], None),
            (["127.0.0.2:80"], [], "connections to 127.0.0.2:80"),
            (["169.254.169.254:80"], [], "connections to 169.254.169.254:80"),
            ([], ["/etc/passwd"], "files were opened: /etc/passwd"),
        ],
    )
    def test_sees_servers_and_files(
        self, tmp_path: Path, servers: list[str], files: list[str], fault: str | None
    ) -> None:
        """Any but the hostile server and our own services."""
        lab = Touched(tmp_path, servers, files)
        seen = Evidence()
        harness.nothing_was_touched(lab, seen)
        assert seen.faults == ([fault] if fault else [])
        lab.stop()

    def test_sees_the_canary_and_the_bait(self, tmp_path: Path) -> None:
        """By another process too."""
        lab = Touched(tmp_path, [], [])
        with socket.create_connection(("127.0.0.2", lab.canary.port)):
            pass
        subprocess.run(["cat", str(lab.bait.path)], check=True, stdout=subprocess.DEVNULL)
        end = time.monotonic() + 10
        while not lab.canary.accepted and time.monotonic() < end:
            time.sleep(0.01)
        seen = Evidence()
        harness.nothing_was_touched(lab, seen)
        assert "the canary was reached 1 times" in seen.faults
        assert any("the bait file was opened" in fault for fault in seen.faults)
        lab.stop()


class Touched:
    """The part of a lab that is looked at after each case."""

    def __init__(self, folder: Path, servers: list[str], files: list[str]) -> None:
        self.canary = Canary()
        self.bait = Bait(folder)
        self._watched = {"servers": servers, "files": files}

    def ask(self, _asked: str) -> dict[str, list[str]]:
        """What the registry's process noted."""
        return self._watched

    def stop(self) -> None:
        """End it."""
        self.canary.stop()
        self.bait.stop()


class TestWatch:
    def test_notes_what_a_process_opens(self) -> None:
        """In a process of its own, since an audit hook stays for good."""
        program = (
            "import socket, json; from tests.faults.watch import Watch\n"
            "watch = Watch(); open('/etc/hostname').close()\n"
            "try: socket.create_connection(('127.0.0.2', 9), 1)\n"
            "except OSError: pass\n"
            "print(json.dumps(watch.taken()))"
        )
        done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
        assert json.loads(done.stdout) == {"servers": ["127.0.0.2:9"], "files": ["/etc/hostname"]}


class TestHarvest:
    def test_finds_outcomes_wherever_they_are_named(self) -> None:
        """In the reason of the run, in notes, in records and in their problems."""
        note = {"iri": "", "outcome": "note", "reason": "few [held(threshold)]", "problems": []}
        item = {"iri": "x:a", "outcome": "rejected", "reason": "", "problems": [{"message": "[rejected(cap:nodes)]"}]}
        harvest = Harvest("failed", "bad [rejected(dtd)]. Nothing was changed", {}, [note, item], 1)
        assert harvest.codes == ["rejected(dtd)", "held(threshold)", "rejected(cap:nodes)", "rejected(record)"]
        assert harvest.outcomes == {"x:a": "rejected"}


class TestDigest:
    WHOLE = Digest({"a": "live"}, {"a": "1"}, {"a": "2"}, {"a": "3"})

    @pytest.mark.parametrize(
        "other",
        [
            Digest({"a": "closed"}, {"a": "1"}, {"a": "2"}, {"a": "3"}),
            Digest({"a": "live"}, {"a": "9"}, {"a": "2"}, {"a": "3"}),
            Digest({"a": "live"}, {"a": "1"}, {"a": "9"}, {"a": "3"}),
            Digest({"a": "live"}, {"a": "1"}, {"a": "2"}, {"a": "9"}),
            Digest({"a": "live"}, {"a": "1"}, {"a": "2", "ghost": "2"}, {"a": "3"}),
        ],
    )
    def test_sees_each_difference(self, other: Digest) -> None:
        """In a state, a text, the index or the feed."""
        assert other.difference(self.WHOLE)
        assert not self.WHOLE.difference(self.WHOLE)

    def test_sees_what_only_one_of_them_shows(self) -> None:
        """A ghost of the index, a record that the feed lacks."""
        assert "Solr shows b too much" in Digest({}, {"a": "1"}, {"a": "2", "b": "2"}, {"a": "3"}).disagreement
        assert "export shows nothing too much and lacks a" in Digest({}, {"a": "1"}, {"a": "2"}, {}).disagreement
        assert not self.WHOLE.disagreement


class TestHostile:
    def test_does_as_told(self) -> None:
        """One answer after the other, with a time for each request."""
        hostile = Hostile()
        url = hostile.serve("/a", in_turn(status(503), says(b"ok")))
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(url)
        assert urllib.request.urlopen(url).read() == b"ok"
        assert len(hostile.times("/a")) == 2
        hostile.stop()

    def test_breaks_off_and_bombs(self) -> None:
        """So that a reader without limits would notice."""
        hostile = Hostile()
        url = hostile.serve("/a", breaks_off(b"12345", 3))
        with urllib.request.urlopen(url) as answer, pytest.raises(http.client.IncompleteRead):
            answer.read()
        for members in (True, False):
            with urllib.request.urlopen(hostile.serve("/b", bomb(20, members))) as answer:
                assert len(answer.read()) < 100_000
        hostile.stop()


class TestMemory:
    def test_sees_the_growth_of_a_child(self) -> None:
        """At its height, though it is over at the end."""
        program = "import time; a = bytearray(80_000_000); time.sleep(0.6)"
        with Memory(os.getpid()) as memory:
            subprocess.run([sys.executable, "-c", program], check=True)
        assert memory.grown > 60
