"""The file of results, and its figures in docs/reliability.md: `python -m tests.fault.report`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stack.home import REPOSITORY

RESULTS = Path(__file__).with_name("results") / "latest.json"
DOCUMENT = REPOSITORY / "docs" / "reliability.md"
COUNTS = ("kills", "takes", "messages", "unknown", "lost", "doubled", "late", "late_pieces")


def known() -> dict[str, Any]:
    """The stored results: `scenarios` and `mutants`, by their names."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    return {"scenarios": {}, "mutants": {}, **kept}


def keep(part: str, figures: dict[str, Any]) -> None:
    """Replaces the stored figures of all scenarios, or of all mutants."""
    RESULTS.write_text(json.dumps({**known(), part: figures}, indent=1) + "\n")


def results(scenarios: dict[str, dict[str, Any]]) -> str:
    """The table of scenarios, with what they ran on."""
    lines = [
        f"| scenario | {' | '.join(COUNTS).replace('_', ' ')} | p99 | gap | healed in | verdict |",
        f"|---|{'---|' * (len(COUNTS) + 4)}",
    ]
    for name, r in scenarios.items():
        verdict = "**red**" if r["broken"] or r["insufficient"] else "green"
        counts = " | ".join(f"{r[count]:,}" if count in r else "–" for count in COUNTS)
        lines.append(f"| {name} | {counts} | {r['p99']:.2f} s | {r['gap']:.1f} s | {r['healing']:.1f} s | {verdict} |")
    sums = " | ".join(f"**{sum(r.get(count, 0) for r in scenarios.values()):,}**" for count in COUNTS)
    red = sum(bool(r["broken"] or r["insufficient"]) for r in scenarios.values())
    lines.append(f"| **{len(scenarios)} runs, {red} red** | {sums} | | | | |")
    machines, dates = {r["machine"] for r in scenarios.values()}, sorted(r["date"] for r in scenarios.values())
    lines += [
        "",
        f"{'; '.join(sorted(machines))}; {dates[0]} to {dates[-1]};",
        "`python -m tests.fault --keep`, seeds in the file.",
    ]
    return "\n".join(lines)


def mutants(tried: dict[str, dict[str, Any]]) -> str:
    """The table of mutants."""
    lines = ["| mutant | scenario | noticed | by |", "|---|---|---|---|"]
    for name, r in tried.items():
        by = ", ".join(r["broken"]) or "nothing"
        lines.append(f"| {name} | {r['scenario']} | {int(r['caught'])} of {r.get('tried', 1)} | {by} |")
    caught, times = [int(r["caught"]) for r in tried.values()], sum(r.get("tried", 1) for r in tried.values())
    lines += ["", f"{sum(map(bool, caught))} of {len(tried)} mutants noticed, in {sum(caught)} of {times} tries."]
    return "\n".join(lines)


def filled(document: str, kept: dict[str, Any]) -> str:
    """The document with the figures of a file of results."""
    for name, text in (("results", results(kept["scenarios"])), ("mutants", mutants(kept["mutants"]))):
        document = _between(document, name, text)
    return document


def _between(document: str, name: str, text: str) -> str:
    head, begin, rest = document.partition(f"<!-- {name} -->\n")
    _, end, tail = rest.partition(f"<!-- end of {name} -->")
    assert begin, f"the document has no place for {name}"
    assert end, f"the document has no place for {name}"
    return f"{head}{begin}{text}\n{end}{tail}"


if __name__ == "__main__":
    DOCUMENT.write_text(filled(DOCUMENT.read_text(), known()))
