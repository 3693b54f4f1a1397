"""The `frontdesk` command."""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
from collections.abc import Sequence

from stack.console import Console
from stack.disk import NO_ROOM
from stack.problems import Problem
from stack.settings import Settings

ABOUT = "Frontdesk on one machine: start it, look at it, talk to it."
MORE = """\
Settings are FRONTDESK_* variables, or lines of a file .env in the current folder:
  FRONTDESK_HOME            where data, keys and logs lie (.frontdesk in the project)
  FRONTDESK_PORT_BASE       the gateway's port, and the other programs' after it: a second stack beside the first
  FRONTDESK_GATEWAY_PORT    where people and clients go (8080); likewise for every program `frontdesk status` names
  FRONTDESK_GATEWAY_HOST    0.0.0.0 serves other machines too; not with the demo's public passwords
  FRONTDESK_CORE_REPLICAS   how many processes of core run here (1); likewise CHANNEL
  FRONTDESK_POSTGRES_URL    a server of your own, used instead of the bundled one; likewise MONGO, REDIS, CHROMA, EMBEDDINGS
  FRONTDESK_OPENAI_API_KEY  answers by a model instead of quotations; FRONTDESK_OPENAI_BASE_URL for a compatible one
  FRONTDESK_DEMO            false: do not load the demo organization
  FRONTDESK_DEMO_PASSWORD   what the demo's users sign in with, instead of the public password
All of them: docs/deployment.md. A name that nothing reads is reported by `frontdesk up`.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command. Returns 0 when it did what was asked; a problem is one sentence on standard error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a console that cannot show a character shows another, and no traceback
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
        Console(sys.stderr).problem("the disk is full; free some space and repeat.")
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
    up.add_argument("-d", "--detach", action="store_true", help="run in the background and return when all is up")
    up.set_defaults(run=_up)

    down = commands.add_parser("down", help="stop everything; data stays")
    down.add_argument("--if-running", action="store_true", help="no complaint when nothing runs")
    down.set_defaults(run=_down)

    restart = commands.add_parser("restart", help="stop one program, or all of them, and start again")
    restart.add_argument("name", nargs="?", default="", help="as `frontdesk status` names it; everything without a name")
    restart.set_defaults(run=_restart)

    clean = commands.add_parser("clean-data", help="delete data, keys and logs, after a question")
    clean.add_argument("--yes", action="store_true", help="do not ask")
    clean.set_defaults(run=_clean_data)

    status = commands.add_parser("status", help="what works and what does not, with ports, memory and uptime")
    status.add_argument("--json", action="store_true", help="for scripts; exit code 1 when something does not work")
    status.set_defaults(run=_status)

    logs = commands.add_parser("logs", help="what the programs say")
    logs.add_argument("name", nargs="*", help="only these programs, for example: core gateway")
    logs.add_argument("-f", "--follow", action="store_true", help="go on showing what is added")
    logs.add_argument("-n", "--lines", type=int, metavar="N", help="the last N lines (20 of each program, all with --since)")
    logs.add_argument("--since", metavar="TIME", help="only what is younger: 90s, 10m, 2h, 1d")
    logs.add_argument("--level", metavar="LEVEL", help="only this level and above: debug, info, warning, error")
    logs.add_argument("--grep", metavar="WORDS", help="only lines that contain these words, in any case")
    logs.add_argument("--request", metavar="ID", help="only lines of this request (the response header x-request-id)")
    logs.set_defaults(run=_logs)

    for word, what in (("stop", "stop one program, the others stay up"), ("start", "start it again")):
        one = commands.add_parser(word, help=what)
        one.add_argument("name", help="as `frontdesk status` names it, for example: redis")
        one.set_defaults(run=_one, action=word)

    organization = commands.add_parser("organization", help="create an organization with its first owner")
    of_organization = organization.add_subparsers(title="commands", required=True, metavar="COMMAND")
    create = of_organization.add_parser(
        "create", help="asks for the owner's password, or reads it from standard input; safe to repeat"
    )
    create.add_argument("id", help="part of every name in the organization, for example acme; never changes")
    create.add_argument("--display-name", help="what people read (the id)")
    create.add_argument("--owner", required=True, metavar="EMAIL", help="what the first owner signs in with")
    create.add_argument("--owner-name", default="Owner", help="what others read (Owner)")
    _at(create, "admin")
    create.set_defaults(run=_create_organization)

    rebuild = commands.add_parser("rebuild", help="rebuild what is derived from a journal")
    rebuild.add_argument("what", choices=["transcripts"], help="transcripts: conversations as they are searched, in MongoDB")
    _at(rebuild, "core")
    rebuild.set_defaults(run=_rebuild)

    verify = commands.add_parser("verify", help="recount every store against the journal; exit code 1 when one differs")
    _at(verify, "core", "agent", "channel")
    verify.set_defaults(run=_verify)

    chat = commands.add_parser("chat", help="talk to the assistant as a customer would")
    chat.add_argument("question", nargs="?", help="print one answer with its sources and exit")
    chat.add_argument("--gateway", help="another Frontdesk's address (http://host:port); the one that runs here")
    chat.add_argument("--organization", help="whose assistant (demo)", default="demo")
    chat.add_argument("--channel", help="the web-chat channel's id (the demo's)")
    chat.set_defaults(run=_chat)
    return parser


def _at(parser: argparse.ArgumentParser, *services: str) -> None:
    """Where the services are, if not on this machine, and the operator's key for them."""
    for service in services:
        parser.add_argument(f"--{service}", metavar="HOST:PORT", help=f"{service}, when it is not the one that runs here")
    parser.add_argument("--keys", metavar="FOLDER", help="the folder with stack.pem and jwks.json (this stack's)")


# Each command imports what it needs: `frontdesk --help` need not wait for drivers.


def _up(options: argparse.Namespace) -> int:
    from stack import up

    settings, console = Settings.load(), Console()
    return up.detach(settings, console) if options.detach else asyncio.run(up.run(settings, console))


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


def _rebuild(options: argparse.Namespace) -> int:
    from stack import upkeep

    return asyncio.run(upkeep.rebuild_transcripts(upkeep.Upkeep.load(Settings.load(), vars(options)), Console()))


def _verify(options: argparse.Namespace) -> int:
    from stack import upkeep

    return asyncio.run(upkeep.verify(upkeep.Upkeep.load(Settings.load(), vars(options)), Console()))


def _chat(options: argparse.Namespace) -> int:
    from stack.chat import command

    return command.run(Settings.load(), Console(), options)
