"""What the measurements of harvests print."""

from __future__ import annotations

import argparse

import pytest

from benchmarks import export, freshness, harvest, reharvest, scale, search
from benchmarks.arguments import positive
from benchmarks.dump import Dump
from benchmarks.our_site import Parity
from ckanext.citizendata.local.failure import LocalError

SAME = Parity(records=2, statements=84, lost=0, invented=0)


class TestHarvest:
    def test_tells_the_ratio_of_the_medians(self) -> None:
        """The first input has the plain words, the second its name before them."""
        courses = [harvest.Course(kind, [300.0, 400.0, 900.0], [8.0, 10.0, 11.0], SAME) for kind in ("plain", "rich")]
        found = harvest.told(courses, {"datasets": 5000, "stock_datasets": 300})
        assert {"ratio": 40.0, "ours": 400.0, "stock": 10.0, "statements": 42, "compared": 2}.items() <= found.items()
        assert found["rich_ratio"] == 40.0
        assert (found["datasets"], found["rounds"]) == (5000, 3)
        assert "each as in the feed" in harvest.table(courses)

    @pytest.mark.parametrize("parity", [None, Parity(2, 84, 1, 0), Parity(2, 84, 0, 1)])
    def test_tells_no_ratio_where_records_differ(self, parity: Parity | None) -> None:
        """A fast harvest that loses or invents a statement is none."""
        with pytest.raises(LocalError, match="plain isn't what the feed says"):
            harvest.told([harvest.Course("plain", [1.0], [1.0], parity)], {})


class TestReharvest:
    def test_tells_stock_time_for_as_many_datasets(self) -> None:
        """300 in 111 s are 1,850 s for 5,000."""
        course = reharvest.Course(5000, 300, [4.0, 6.0], [2.0, 2.0], [110.0, 112.0])
        found = reharvest.told(course)
        assert (found["ratio"], found["unchanged_per_second"]) == (370.0, 2500.0)
        assert "stock would take 1850 s for 5000" in reharvest.table(course)


class TestScale:
    def test_compares_with_the_better_of_the_small_members(self) -> None:
        """So that a slow first run doesn't flatter."""
        small = scale.Size(5000, 20.0, 180.0, [0.03] * 20, 2.0)
        between = scale.Size(22360, 60.0, 190.0, [0.02] * 20, 9.0)
        large = scale.Size(100_000, 250.0, 240.0, [0.03] * 20, 40.0)
        again = scale.Size(5000, 10.0, 200.0, [0.02] * 20, 2.0)
        sizes = [small, between, large, again]
        found = scale.told(sizes)
        expected = {"datasets": 100_000, "cost_ratio": 1.25, "memory_mb": 240, "search_ratio": 1.5, "small": 5000}
        expected |= {"clear_seconds": 40.0}
        assert expected.items() <= found.items()
        assert len(scale.table(sizes).splitlines()) == 5


class TestExport:
    def test_tells_the_ratio_of_the_medians(self) -> None:
        """And the worse of the two commands' memory."""
        course = export.Course(
            {"ours": [20_000.0, 30_000.0, 90_000.0], "stock": [100.0, 200.0, 210.0]},
            {"ours": [70.0, 100.0, 300.0], "stock": [0.2, 0.4, 0.5]},
            {"ours": 23_000, "stock": 12_500},
            [0.0] * 6,
        )
        dump = Dump(100_000, 31.04, 150.4, 44.0, 170.2, 61.0)
        found = export.told(course, dump, 500)
        expected = {"ratio": 150.0, "dump_seconds": 31.0, "dump_datasets": 100_000, "memory_mb": 170, "rounds": 3}
        assert expected.items() <= found.items()
        assert (found["statements"], found["stock_statements"]) == (46, 25)
        assert "100000 datasets" in export.table(course, dump)


class TestFreshness:
    LINE = "GET /feed/everyone/manifest 304"

    def test_tells_the_median_and_what_a_harvest_without_news_cost(self) -> None:
        """With the status of each request."""
        course = freshness.Course([1.0, 2.0, 9.0], [3.0], freshness.Since([self.LINE], 0))
        found = freshness.told(course)
        assert {"seconds": 2.0, "idle_requests": 1, "idle_writes": 0, "idle_answers": ["304"]}.items() <= found.items()
        assert "1 requests ['304'], 0 rows" in freshness.table(course)


class TestPositive:
    @pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "x", "٣"])
    def test_refuses_what_is_no_number(self, text: str) -> None:
        """It says what was given."""
        with pytest.raises(argparse.ArgumentTypeError, match="no number from 1 on"):
            positive(text)


class TestSearch:
    def test_tells_how_much_faster_ours_is(self) -> None:
        """By the best round of each search."""
        course = search.Course(found={"ours": 0.976, "stock": 0.4}, near=17.04, others=[0.1, 0.0, 0.2, 0.1])
        course.times = {
            ("ours", "action"): [[9.0, 8.0], [7.0, 10.0]],
            ("stock", "action"): [[12.0, 9.0], [11.0, 10.0]],
            ("ours", "page"): [[50.0, 60.0], [55.0, 50.0]],
            ("stock", "page"): [[45.0, 55.0], [60.0, 45.0]],
        }
        found = search.told(course, 5000)
        expected = {"success": 0.976, "stock_success": 0.4, "action_ratio": 1.33, "page_ratio": 0.9, "near_ms": 17.0}
        assert {**expected, "rounds": 2, "others": 0.2}.items() <= found.items()
        assert len(search.table(course).splitlines()) == 3
