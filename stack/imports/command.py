"""The command line of `frontdesk import`."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from stack.console import Console
from stack.imports import sites, sources, users
from stack.imports.access import Access, connected
from stack.imports.knowledge import Brought, Importer
from stack.problems import Problem
from stack.settings import Settings

USERS = "users"


def run(settings: Settings, console: Console, options: argparse.Namespace) -> int:
    """Runs the command. Returns 1 when something could not be imported."""
    words: list[str] = options.source
    of_users = len(words) == 2 and words[0] == USERS
    if not of_users and (len(words) != 1 or words[0] == USERS):
        raise Problem("name one source: frontdesk import ./help, or frontdesk import users team.csv.")
    return asyncio.run(_run(settings, console, options, words[-1], of_users))


async def _run(settings: Settings, console: Console, options: argparse.Namespace, source: str, of_users: bool) -> int:
    async with connected(settings, options) as access:
        if of_users:
            return await users.run(access, console, Path(source), options.dry_run)
        if source.lower().startswith(("http://", "https://")):
            if options.dry_run:
                raise Problem("--dry-run is for files: a site's pages are known when it has been read.")
            return await sites.run(access, console, source)
        return await files(access, console, Path(source), settings.home.path, options.dry_run)


async def files(access: Access, console: Console, source: Path, home: Path, dry_run: bool = False) -> int:
    """Imports the files of a source."""
    note = home / "imports" / f"{access.organization}.json"
    importer = Importer(access, console, Brought.load(note), dry_run)
    counts = await importer.run(sources.entries(source))
    console.line(f"{counts}{' (nothing was sent)' if dry_run else ''}.")
    if not (counts.new or counts.changed or counts.unchanged or counts.failed):
        raise Problem(f"{source} holds no files; is it the right folder?")
    return int(counts.failed > 0)
