"""The bench's figures as a table of ratios."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def percentiles(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile, in milliseconds."""
    ordered = sorted(seconds) or [0.0]
    return {"p50": ordered[len(ordered) // 2] * 1000, "p99": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000}


def added(seconds: Sequence[float], direct: Sequence[float]) -> dict[str, float]:
    """The time added to the direct call's, percentile by percentile, in milliseconds."""
    ours, bare = percentiles(seconds), percentiles(direct)
    return {name: ours[name] - bare[name] for name in ours}


def cpu_name() -> str:
    """The processor's name, from Linux."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def rounded(value: Any) -> Any:
    """The same with all floats at three decimals."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return [rounded(inner) for inner in value] if isinstance(value, list) else value


def table(result: dict[str, Any]) -> str:
    """The summary for a person."""
    echo, one, five = result["echo"], result["one_chat"], result["five_a_second"]
    machine = result["machine"]
    lines = [
        f"Frontdesk bench, {result['date']}, {machine['cpu']}, {machine['cores']} cores, Python {machine['python']}",
        "",
        f"bare gRPC echo, 16 callers: {echo['calls_per_second']:.0f}/s, p50 {echo['p50_ms_at_16']:.1f} ms;"
        f" one caller: p50 {echo['p50_ms_at_1']:.2f} ms, after a rest {echo['p50_ms_after_rest']:.2f} ms",
        "",
        "pace      chats  answers/s  direct/s  ratio  1/echo  first token p50/p99  direct p50/p99"
        "  CPU ms ours  beside  frames  wrong+lost",
    ]
    for name in ("no_pause", "real_pace"):
        for row in result[name]:
            first, bare = row["first_token_ms"], row["direct_first_token_ms"]
            lines.append(
                f"{name:9} {row['chats']:5}  {row['answers_per_second']:9.1f}  {row['direct_per_second']:8.1f}"
                f"  {row['ratio']:5.3f}  {row['answers_per_second'] / echo['calls_per_second']:6.3f}"
                f"  {first['p50']:8.1f} /{first['p99']:8.1f}  {bare['p50']:6.1f} /{bare['p99']:6.1f}"
                f"  {row['cpu_ms']:11.2f}  {row['cpu_ms_beside']:6.2f}  {row['frames_per_answer']:6.1f}"
                f"  {row['wrong'] + row['lost']:10}"
            )
    busy = result["no_pause"][1]["cpu_ms_each"]
    memory = result["memory_mb"]
    watchers = result["watchers"]
    lines += [
        "",
        f"one chat: first token + {one['added_first_token_ms']['p50']:.1f} ms p50,"
        f" + {one['added_first_token_ms']['p99']:.1f} ms p99;"
        f" as long as {one['added_first_token_ms']['p50'] / echo['p50_ms_after_rest']:.1f} echoes after a rest",
        f"five turns a second at real pace: first token + {five['added_first_token_ms']['p50']:.1f} ms p50,"
        f" + {five['added_first_token_ms']['p99']:.1f} ms p99; {five['cpu_ms']:.1f} ms CPU an answer, wrong or lost"
        f" {five['wrong'] + five['lost']}",
        "CPU ms an answer at 16 chats: " + ", ".join(f"{name} {ms:.2f}" for name, ms in sorted(busy.items())),
        f"into the journal: {result['journal']['messages_per_second']:.0f} messages/s,"
        f" {result['journal']['cpu_ms']:.2f} ms CPU each",
        f"memory of our processes and Envoy: {memory['start']['ours_pss']:.0f} MB PSS at start,"
        f" {memory['after_load']['ours_pss']:.0f} MB after load (RSS {memory['after_load']['ours_rss']:.0f})",
        "memory, MB PSS: " + ", ".join(f"{name} {mb:.0f}" for name, mb in sorted(memory["each_pss"].items())),
        f"{watchers['watchers']} idle watchers: {watchers['core_kb_each']:.1f} KB each in core,"
        f" {watchers['gateway_kb_each']:.1f} KB in Envoy, core {watchers['core_cpu_percent']:.1f} % CPU",
    ]
    return "\n".join(lines)
