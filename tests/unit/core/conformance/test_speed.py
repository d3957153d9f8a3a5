"""A check costs no more than people would wait for, whatever is handed in; the bounds are generous."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import pytest

from ckanext.citizendata.catalogue_model import load
from ckanext.citizendata.core.conformance import check_package
from tests.generation.records import usual_record

SIZE = 100_000
USUAL_MOST = 0.001
ODD_MOST = 0.05
DEEP = 20_000


def seconds(work: Callable[[], Any], times: int) -> float:
    """The median of the time that a core needs."""
    taken: list[float] = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return median(taken)


def test_a_usual_record_takes_under_a_millisecond() -> None:
    """As people write them: median of batches, so that the clock's steps don't matter."""
    packages = [usual_record(load(), number) for number in range(50)]
    check_package(load(), packages[0])
    assert seconds(lambda: [check_package(load(), package) for package in packages], 9) / len(packages) < USUAL_MOST


ODD: Mapping[str, Mapping[str, Any]] = {
    **{
        f"title of {name}": {"title_translated": {"en": text}}
        for name, text in {
            "<": "<" * SIZE,
            "<a ": "<a " * (SIZE // 3),
            "</": "</" * (SIZE // 2),
            "<!-": "<!-" * (SIZE // 3),
            "digits": "1" * SIZE,
            "blanks": " " * SIZE,
        }.items()
    },
    "description of <": {"notes_translated": {"en": "<" * 19_000}},
    "description of open tags": {"notes_translated": {"en": "<a " * 6_000}},
    "language of letters": {"title_translated": {"a-" * (SIZE // 2): "Water"}},
    "keywords of <": {"keyword": {"en": ["<" * SIZE]}},
    "version of digits": {"version": "1" * SIZE},
    "number of digits": {"sample_size": "1" * SIZE},
    "date of digits": {"issued": "1" * SIZE},
    "mail of digits": {"contact": [{"name": "Desk", "email": "1" * SIZE}]},
    "mail of dots": {"contact": [{"name": "Desk", "email": "a." * (SIZE // 2) + "@"}]},
    "mail of @": {"contact": [{"name": "Desk", "email": "@" * SIZE}]},
    "phone of digits": {"contact": [{"name": "Desk", "phone": "1" * SIZE}]},
    "address of dots": {"url": "https://" + "a." * (SIZE // 2)},
    "address of %": {"url": "https://example.org/" + "%" * SIZE},
    "code of <": {"country": ["<" * SIZE]},
    "geometry of lists": {"spatial_coverage": [{"geom": "[" * SIZE}]},
    "geometry of deep points": {
        "spatial_coverage": [{"geom": f'{{"type":"Point","coordinates":{"[" * DEEP}{"]" * DEEP}}}'}]
    },
    "geometry of deep objects": {"spatial_coverage": [{"geom": '{"a":' * DEEP + "1" + "}" * DEEP}]},
    "geometry of digits": {"spatial_coverage": [{"geom": f'{{"type":"Point","coordinates":[{"1" * SIZE},1]}}'}]},
    "geometry of collections": {
        "spatial_coverage": [{"geom": '{"type":"GeometryCollection","geometries":[' * 2000 + "]}" * 2000}]
    },
}


@pytest.mark.parametrize("name", ODD)
def test_no_odd_text_takes_long(name: str) -> None:
    """Of a hundred thousand letters or of great depth; whatever comes out, it comes out soon."""
    package = {**usual_record(load(), 0), **ODD[name]}
    check_package(load(), package)
    assert seconds(lambda: check_package(load(), package), 3) < ODD_MOST
