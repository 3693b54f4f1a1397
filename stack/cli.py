"""The `frontdesk` command."""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
from collections.abc import Sequence

from stack.console import Console
from stack.disk import NO_ROOM
from stack.imports import texts as import_texts
from stack.problems import Problem
from stack.settings import Settings

ABOUT = "Run Frontdesk on this machine: start it, check it, talk to it."
MORE = """\
Settings are FRONTDESK_* variables, or lines of a .env file in the current folder:
  FRONTDESK_HOME            folder for data, keys and logs (.frontdesk in the project)
  FRONTDESK_PORT_BASE       the gateway's port; the other programs use the ports after it (for a second stack)
  FRONTDESK_GATEWAY_PORT    port for people and clients (8080); likewise for every program in `frontdesk status`
  FRONTDESK_GATEWAY_HOST    0.0.0.0 serves other machines too; not with the demo's public passwords
  FRONTDESK_CORE_REPLICAS   number of core processes (1); likewise CHANNEL
  FRONTDESK_POSTGRES_URL    your own server instead of the bundled one; likewise MONGO, REDIS, CHROMA, EMBEDDINGS
  FRONTDESK_OPENAI_API_KEY  a model answers instead of quotations; FRONTDESK_OPENAI_BASE_URL for a compatible server
  FRONTDESK_DEMO            false: do not load the demo organization
  FRONTDESK_DEMO_PASSWORD   the demo users' password, instead of the public one
All settings: docs/deployment.md. `frontdesk up` warns about unknown ones.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Returns 0 on success; prints a problem as one sentence on standard error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that can't show a character shows another one instead of failing
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except Problem as problem:
        Console(sys.stderr).problem(str(problem))
        return 1
    except BrokenPipeError:  # `frontdesk logs | head`
        sys.stderr.close()
        return 0
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        Console(sys.stderr).problem("the disk is full; free some space and try again.")
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "frontdesk", description=ABOUT, epilog=MORE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    up = commands.add_parser("up", help="start everything, load the demo organization, stay until Ctrl-C")
    up.add_argument("-d", "--detach", action="store_true", help="run in the background and return when everything is up")
    up.add_argument("--detached", action="store_true", help=argparse.SUPPRESS)
    up.set_defaults(run=_up)

    down = commands.add_parser("down", help="stop everything; data stays")
    down.add_argument("--if-running", action="store_true", help="succeed when nothing runs")
    down.set_defaults(run=_down)

    restart = commands.add_parser("restart", help="stop one program, or all of them, and start again")
    restart.add_argument("name", nargs="?", default="", help="a name from `frontdesk status`; without one, everything")
    restart.set_defaults(run=_restart)

    clean = commands.add_parser("clean-data", help="delete data, keys and logs, after a confirmation")
    clean.add_argument("--yes", action="store_true", help="don't ask for confirmation")
    clean.set_defaults(run=_clean_data)

    status = commands.add_parser("status", help="show the state of every program, with ports, memory and uptime")
    status.add_argument("--json", action="store_true", help="print JSON for scripts; exit code 1 when something doesn't work")
    status.set_defaults(run=_status)

    logs = commands.add_parser("logs", help="show the programs' logs")
    logs.add_argument("name", nargs="*", help="only these programs, for example: core gateway")
    logs.add_argument("-f", "--follow", action="store_true", help="keep showing new lines")
    logs.add_argument(
        "-n", "--lines", type=int, metavar="N", help="show the last N lines (20 of each program, all with --since)"
    )
    logs.add_argument("--since", metavar="TIME", help="only newer lines: 90s, 10m, 2h, 1d")
    logs.add_argument("--level", metavar="LEVEL", help="only this level and above: debug, info, warning, error")
    logs.add_argument("--grep", metavar="WORDS", help="only lines that contain these words, in any case")
    logs.add_argument("--request", metavar="ID", help="only lines of this request (the response header x-request-id)")
    logs.set_defaults(run=_logs)

    for word, what in (("stop", "stop one program and keep the others running"), ("start", "start a stopped program again")):
        one = commands.add_parser(word, help=what)
        one.add_argument("name", help="a name from `frontdesk status`, for example: redis")
        one.set_defaults(run=_one, action=word)

    organization = commands.add_parser("organization", help="create, suspend or delete an organization")
    of_organization = organization.add_subparsers(title="commands", required=True, metavar="COMMAND")
    create = of_organization.add_parser(
        "create", help="asks for the owner's password, or reads it from standard input; safe to repeat"
    )
    create.add_argument("id", help="part of every resource name, for example acme; it can't change later")
    create.add_argument("--display-name", help="the name that people see (default: the id)")
    create.add_argument("--owner", required=True, metavar="EMAIL", help="the first owner's e-mail address for signing in")
    create.add_argument("--owner-name", default="Owner", help="the owner's name that others see (Owner)")
    _at(create, "admin")
    create.set_defaults(run=_create_organization)
    for word, what in (
        ("suspend", "refuse its users and customers everything; owners can still sign in and read"),
        ("resume", "make a suspended organization active again"),
        ("delete", "delete it with everything in it; until a grace period ends, it can be restored"),
        ("restore", "take the deletion of an organization back"),
    ):
        state = of_organization.add_parser(word, help=what)
        state.add_argument("id", help="the organization's id")
        _at(state, "admin")
        state.set_defaults(run=_change_organization, action=word)
        if word == "delete":
            state.add_argument("--grace-hours", type=float, help="how long it can be restored (the installation's: a week)")
    receipt = of_organization.add_parser("receipt", help="show what was erased of a deleted organization, and when")
    receipt.add_argument("id", help="the organization's id")
    _at(receipt, "admin")
    receipt.set_defaults(run=_organization_receipt)

    setup = commands.add_parser("setup-link", help="print a one-time link for creating the first organization")
    _at(setup, "admin")
    setup.set_defaults(run=_setup_link)

    user = commands.add_parser("user", help="help a user who can't sign in any more")
    of_user = user.add_subparsers(title="commands", required=True, metavar="COMMAND")
    reset = of_user.add_parser("reset", help="print a one-time link for choosing a new password")
    reset.add_argument("--organization", required=True, metavar="ID", help="the organization's id")
    reset.add_argument("--email", required=True, metavar="ADDRESS", help="the user's e-mail address")
    reset.add_argument("--clear-second-factor", action="store_true", help="the link also removes a lost second factor")
    _at(reset, "admin")
    reset.set_defaults(run=_reset_user)

    rebuild = commands.add_parser("rebuild", help="rebuild data that is derived from a journal")
    rebuild.add_argument("what", choices=["transcripts"], help="transcripts: the search index of conversations, in MongoDB")
    _at(rebuild, "core")
    rebuild.set_defaults(run=_rebuild)

    verify = commands.add_parser("verify", help="check every store against the journal; exit code 1 when one differs")
    _at(verify, "core", "agent", "channel", "memory")
    verify.add_argument("--full", action="store_true", help="compare everything, not only what has happened since last time")
    verify.set_defaults(run=_verify)

    letters = commands.add_parser("dead-letters", help="list, show, retry or delete work that was given up")
    of_letters = letters.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for action, what in (
        ("list", "show dead letters of all queues, the newest first"),
        ("show", "show one with its problem"),
        ("retry", "let the work run again, with all its attempts"),
        ("delete", "forget the work"),
    ):
        one = of_letters.add_parser(action, help=what)
        if action == "show":
            one.add_argument("name", help="a name from the list, or its id with --organization")
        elif action != "list":
            one.add_argument("name", nargs="*", help="names from the list, or ids with --organization")
            one.add_argument("--all", action="store_true", help="all of them, or of --queue and --organization")
        one.add_argument("--organization", metavar="ID", default="", help="only this organization's (default: all)")
        one.add_argument("--queue", default="", help="only this queue's, for example: deliveries")
        _at(one, "channel", "admin")
        one.set_defaults(run=_dead_letters, action=action)

    imported = commands.add_parser(
        "import",
        help="import a help centre from a folder, a ZIP file or a web site; invite users from a CSV file",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description=import_texts.ABOUT,
        epilog=import_texts.MORE,
        usage="frontdesk import SOURCE [options]\n       frontdesk import users FILE.csv [options]",
    )
    imported.add_argument("source", nargs="+", metavar="SOURCE", help="a folder, a ZIP file, a file or a web address")
    imported.add_argument("--organization", metavar="ID", default="", help="whose it is (default: the only organization)")
    imported.add_argument("--gateway", metavar="URL", default="", help="a gateway elsewhere; needs FRONTDESK_API_KEY")
    _plain(imported)
    imported.add_argument("--dry-run", action="store_true", help="show what would be done")
    _at(imported, "admin", "memory")
    imported.set_defaults(run=_import)

    chat = commands.add_parser("chat", help="talk to the assistant as a customer")
    chat.add_argument("question", nargs="?", help="print one answer with its sources and exit")
    chat.add_argument("--gateway", metavar="URL", help="a gateway's address, https://host (default: this machine's)")
    _plain(chat)
    chat.add_argument("--organization", help="the assistant's organization (demo)", default="demo")
    chat.add_argument("--channel", help="the web-chat channel's id (the demo's)")
    chat.set_defaults(run=_chat)
    return parser


def _at(parser: argparse.ArgumentParser, *services: str) -> None:
    """Options for the services' addresses, if not on this machine, and the operator's key."""
    for service in services:
        parser.add_argument(f"--{service}", metavar="HOST:PORT", help=f"the address of {service} (default: this machine's)")
    parser.add_argument("--keys", metavar="FOLDER", help="the folder with stack.pem and jwks.json (default: this stack's)")


def _plain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plain-http", action="store_true", help="call a gateway elsewhere by http://, readable on the way")


# Each command imports its own modules, so that `frontdesk --help` loads no drivers.


def _up(options: argparse.Namespace) -> int:
    from stack import up

    settings, console = Settings.load(), Console()
    return up.detach(settings, console) if options.detach else asyncio.run(up.run(settings, console, detached=options.detached))


def _down(options: argparse.Namespace) -> int:
    from stack import up

    return up.down(Settings.load(), Console(), if_running=options.if_running)


def _restart(options: argparse.Namespace) -> int:
    from stack import control, up

    if not options.name:
        return up.restart(Settings.load(), Console())
    asyncio.run(control.ask(Settings.load().home, "restart", options.name))
    return 0


def _clean_data(options: argparse.Namespace) -> int:
    from stack import up

    return up.delete_data(Settings.load(), Console(), confirmed=options.yes)


def _status(options: argparse.Namespace) -> int:
    from stack import status

    return status.show(Settings.load(), as_json=options.json)


def _logs(options: argparse.Namespace) -> int:
    from stack import logs

    wanted = logs.Filter.parse(options.since, options.level, options.grep, options.request)
    return logs.show(Settings.load(), Console(), options.name, wanted, follow=options.follow, lines=options.lines)


def _one(options: argparse.Namespace) -> int:
    from stack import control

    asyncio.run(control.ask(Settings.load().home, options.action, options.name))
    return 0


def _create_organization(options: argparse.Namespace) -> int:
    from stack import organization

    return organization.create(Settings.load(), Console(), options)


def _change_organization(options: argparse.Namespace) -> int:
    from stack import organization

    return organization.change_state(Settings.load(), Console(), options)


def _organization_receipt(options: argparse.Namespace) -> int:
    from stack import organization

    return organization.receipt(Settings.load(), Console(), options)


def _setup_link(options: argparse.Namespace) -> int:
    from stack import links

    return links.set_up(Settings.load(), Console(), options)


def _reset_user(options: argparse.Namespace) -> int:
    from stack import links

    return links.reset(Settings.load(), Console(), options)


def _rebuild(options: argparse.Namespace) -> int:
    from stack import upkeep

    return asyncio.run(upkeep.rebuild_transcripts(upkeep.Upkeep.load(Settings.load(), vars(options)), Console()))


def _verify(options: argparse.Namespace) -> int:
    from stack import upkeep

    return asyncio.run(upkeep.verify(upkeep.Upkeep.load(Settings.load(), vars(options)), Console(), options.full))


def _dead_letters(options: argparse.Namespace) -> int:
    from stack import dead_letters

    return dead_letters.run(Settings.load(), Console(), options)


def _import(options: argparse.Namespace) -> int:
    from stack.imports import command

    return command.run(Settings.load(), Console(), options)


def _chat(options: argparse.Namespace) -> int:
    from stack.chat import command

    return command.run(Settings.load(), Console(), options)
