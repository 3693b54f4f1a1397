"""`python -m bench.growth`: does cost grow with history, organizations or open streams?

Parts:
  turns          a turn in a conversation that has 500 turns against one that has 5
  organizations  an answer in an installation with 10,000 organizations against one
  journal        an answer, and `frontdesk verify`, with a journal of 1,000,000 facts against a new one
  screens        200 agents' screens of one organization at 100 customers' messages a second
  webhooks       Twilio's webhooks accepted durably a second, as a ratio to bare commits

Each boots a stack of its own, or two, with all limits on customers lifted, prints its figures with the aims that they met or
missed, and replaces its part of bench/results/growth.json. A machine that does something else meanwhile shows nothing.
"""

import argparse
import json
import os
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench import report
from bench.__main__ import RESULTS, ROOT
from bench.growth import journal, organizations, screens, turns, webhooks
from bench.growth.figures import Figure, table

PARTS: dict[str, Callable[[bool], list[Figure]]] = {
    "turns": turns.run,
    "organizations": organizations.run,
    "journal": journal.run,
    "screens": screens.run,
    "webhooks": webhooks.run,
}
FILE = RESULTS / "growth.json"


def main() -> None:
    """Runs the parts."""
    parser = argparse.ArgumentParser(
        "python -m bench.growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="what to measure; everything without one")
    parser.add_argument("--quick", action="store_true", help="less of everything, for a look while working; writes nothing")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    found: dict[str, list[Figure]] = {}
    for part in options.parts or PARTS:
        print(f"{part} …", flush=True)
        begun = time.monotonic()
        found[part] = PARTS[part](options.quick)
        print(f"{part}: {time.monotonic() - begun:.0f} s", flush=True)
        if not options.quick:
            keep(part, found[part])
    print(f"\n{table(found)}")


def keep(part: str, figures: list[Figure]) -> None:
    """Replaces a part of the results."""
    results = json.loads(FILE.read_text()) if FILE.exists() else {}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    results[part] = {
        "command": f"python -m bench.growth {part}",
        "commit": commit.stdout.strip(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {"cpu": report.cpu_name(), "cores": os.cpu_count()},
        "figures": [report.rounded(figure.as_json()) for figure in figures],
    }
    FILE.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
