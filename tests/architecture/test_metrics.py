"""docs/metrics.md lists every metric, as Prometheus sees it too, and no metric says whose it is."""

from __future__ import annotations

import asyncio
import importlib
import re
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.parser import text_string_to_metric_families

from kit.metrics import Distribution, Kind, Metric, Series
from kit.metrics_export import collecting

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "metrics.md"
PERSONAL = re.compile(
    r"organi[sz]ation|tenant|customer|user|agent|conversation|message|address|session|request|error|text|name$"
)
"""Forbidden names of labels: their values would be unlimited, or identify a person."""
POOL_NAME = "db.client.connection.pool.name"
"""A constant, which the conventions ask for."""


def declared() -> list[Metric]:
    """Every metric that the kit or a service declares, by name."""
    found = set()
    for path in (*(ROOT / "kit").glob("*.py"), *(ROOT / "services").glob("**/*.py")):
        if re.search(r"\bMetric\(", path.read_text()):
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            found |= {value for value in vars(module).values() if isinstance(value, Metric)}
    return sorted(found, key=lambda metric: metric.name)


METRICS = declared()


async def families() -> dict[str, Family]:
    """Each metric's name in Prometheus, by its help."""

    def series(metric: Metric) -> Series:
        value = Distribution(metric) if metric.kind is Kind.HISTOGRAM else 1.0
        return Series(metric, lambda: [(value, dict.fromkeys(metric.labels, "x"))])

    async with collecting("test", "", "127.0.0.1:0", map(series, METRICS)) as port:
        text = await asyncio.to_thread(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode())
    return {family.documentation: family for family in text_string_to_metric_families(text)}


def row(metric: Metric, family: Family) -> str:
    """The metric's row of the document's table."""
    shown = f"{family.name}_total" if metric.kind is Kind.COUNTER else family.name
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}`<br>`{shown}` | {metric.kind} | `{metric.unit}` | {labels} | {metric.help} |"


async def test_the_document_lists_every_metric_as_it_is_and_no_other() -> None:
    found = await families()
    written = re.findall(r"^\| `[^`]+`<br>.*$", DOCUMENT.read_text(), flags=re.M)
    assert written == [row(metric, found[metric.help]) for metric in METRICS]


def test_the_document_explains_every_label() -> None:
    explained = set(re.findall(r"^\| `([a-z_.]+)` \|", DOCUMENT.read_text(), flags=re.M))
    assert explained == {label for metric in METRICS for label in metric.labels}


def test_each_name_is_declared_once() -> None:
    assert len({metric.name for metric in METRICS}) == len({metric.help for metric in METRICS}) == len(METRICS) > 15


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_a_metric_follows_the_conventions_and_says_nothing_of_people(metric: Metric) -> None:
    assert re.fullmatch(r"(frontdesk|rpc|db\.client|process)(\.[a-z_]+)+", metric.name)
    assert re.fullmatch(r"s|By|\{[a-z]+\}", metric.unit)
    assert bool(metric.buckets) == (metric.kind is Kind.HISTOGRAM)
    assert list(metric.buckets) == sorted(metric.buckets)
    assert [label for label in metric.labels if PERSONAL.search(label) and label not in (POOL_NAME, "rpc.system.name")] == []
