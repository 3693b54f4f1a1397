"""The mails that Frontdesk writes, in the languages of the chat. Texts are in `letter_texts`, one module per language.

Every value is one line of printable text before it gets into a subject or a body, and is escaped in HTML, so that no name of a
person or an organization can change what a mail is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from kit.text import printable
from services.channel.domain.letter_texts import LANGUAGES, Texts
from services.channel.domain.mail import Letter

DEFAULT = "en"
RIGHT_TO_LEFT = frozenset({"ar"})
MAX_SUBJECT = 150
MAX_ANSWER = 20_000
"""Of an answer in a mail, in characters; the link leads to the rest."""
_STYLE = "font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;color:#1a1a1a;max-width:36rem"


@dataclass(frozen=True, slots=True)
class Line:
    """A message of a transcript."""

    speaker: str
    """`CUSTOMER`, `ASSISTANT` or `AGENT`."""
    name: str
    """Of the agent or the assistant, if it is known."""
    text: str
    written: datetime


def language_of(tag: str) -> str:
    """The language that is written for a BCP 47 tag: the same one, otherwise English."""
    primary = tag.partition("-")[0].lower()
    return primary if primary in LANGUAGES else DEFAULT


def invitation(language: str, organization: str, inviter: str, link: str, expires: datetime) -> Letter:
    """Invites a person to an organization."""
    t = _texts(language)
    lead = t.invitation_by if inviter.strip() else t.invitation
    values = {"organization": organization, "inviter": inviter}
    return _letter(language, t.invitation_subject, [lead, t.invitation_more], values, (t.invitation_button, link), expires)


def password_reset(language: str, organization: str, link: str, expires: datetime) -> Letter:
    """Lets a user choose another password."""
    t = _texts(language)
    paragraphs = [t.reset, t.reset_ignore]
    return _letter(language, t.reset_subject, paragraphs, {"organization": organization}, (t.reset_button, link), expires)


def test(language: str, organization: str) -> Letter:
    """Shows that mails leave."""
    t = _texts(language)
    return _letter(language, t.test_subject, [t.test], {"organization": organization})


def confirmation(language: str, business: str, link: str, expires: datetime) -> Letter:
    """Asks the owner of an address to confirm it. It holds nothing that was written in the chat."""
    t = _texts(language)
    paragraphs = [t.confirm, t.confirm_ignore]
    return _letter(language, t.confirm_subject, paragraphs, {"business": business}, (t.confirm_button, link), expires)


def answer(language: str, business: str, text: str, link: str, expires: datetime) -> Letter:
    """An answer that its customer has not read in the chat."""
    t = _texts(language)
    shown = text if len(text) <= MAX_ANSWER else text[:MAX_ANSWER] + " …"
    values = {"business": business}
    return _letter(
        *(language, t.answer_subject, [t.answer], values, (t.answer_button, link), expires),
        quoted=[shown] if shown.strip() else [t.answer_file],
        after=[t.no_reply],
    )


def transcript(language: str, business: str, lines: Sequence[Line]) -> Letter:
    """A conversation as its customer sees it."""
    t = _texts(language)
    names = {"CUSTOMER": t.you, "ASSISTANT": t.assistant, "AGENT": t.agent}
    quoted = [
        f"{_line(line.name) or names[line.speaker]}, {line.written.astimezone(UTC):%Y-%m-%d %H:%M} UTC\n{line.text}"
        for line in lines
    ]
    return _letter(language, t.transcript_subject, [t.transcript], {"business": business}, quoted=quoted, after=[t.no_reply])


def _texts(language: str) -> Texts:
    return LANGUAGES[language_of(language)]


def _letter(
    language: str,
    subject: str,
    paragraphs: Sequence[str],
    values: Mapping[str, str],
    button: tuple[str, str] | None = None,
    expires: datetime | None = None,
    *,
    quoted: Sequence[str] = (),
    after: Sequence[str] = (),
) -> Letter:
    """Puts values into texts, once as plain text and once as HTML."""
    tag = language_of(language)
    given = {name: _line(value) for name, value in values.items()}
    filled = [paragraph.format_map(given) for paragraph in paragraphs]
    ends = [_texts(tag).expires.format(time=f"{expires.astimezone(UTC):%Y-%m-%d %H:%M} UTC")] if expires else []
    closing = [*ends, *(paragraph.format_map(given) for paragraph in after)]
    quotes = [_body(each) for each in quoted]
    plain = [*filled, *quotes, *(f"{button[0]}:\n{button[1]}" for _ in range(1) if button), *closing]
    return Letter(
        subject=_line(subject.format_map(given))[:MAX_SUBJECT],
        text="\n\n".join(plain) + "\n",
        html=_html(tag, filled, quotes, button, closing),
        language=tag,
    )


def _html(
    tag: str, filled: Sequence[str], quotes: Sequence[str], button: tuple[str, str] | None, closing: Sequence[str]
) -> str:
    direction = "rtl" if tag in RIGHT_TO_LEFT else "ltr"
    parts = [f"<p>{escape(each)}</p>" for each in filled]
    for each in quotes:
        lines = escape(each).replace("\n", "<br>")
        parts.append(
            f'<blockquote dir="auto" style="margin:1em 0;padding:0 1em;border-inline-start:3px solid #ccc">{lines}</blockquote>'
        )
    if button:
        words, link = escape(button[0]), escape(button[1], quote=True)
        parts.append(f'<p><a href="{link}">{words}</a></p><p dir="ltr" style="color:#555;font-size:13px">{link}</p>')
    parts += [f'<p style="color:#555;font-size:14px">{escape(each)}</p>' for each in closing]
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{tag}" dir="{direction}"><head><meta charset="utf-8"></head>\n'
        f'<body><div style="{_STYLE}">\n{body}\n</div></body></html>\n'
    )


def _line(text: str) -> str:
    """One line: white space of any kind is one space, and what isn't printable is gone."""
    return " ".join(printable(text).split())


def _body(text: str) -> str:
    """Several lines, each ended by a plain line break, without what isn't printable."""
    return "\n".join(printable(line).rstrip() for line in text.splitlines())
