"""Grounds: whether what a model wrote may be shown, by what it was given to read.

This guard is outside of the model, and cheap: it finds figures, addresses and links that the model made up or that someone
made it write, and text that a reader would not see. It can't judge what words mean.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from services.core.domain.figures import Known, figures
from services.core.domain.values import Passage

CACHED = 500
"""Passages whose figures are kept in memory."""
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"[*`]|~~")
_IMAGE = re.compile(r"!\s?\[")
_DEFINITION = re.compile(r"^[ \t>]*\[[^\]\n]+\]:", re.M)
_TAG = re.compile(r"<(?:!|\?|/?([a-z][a-z0-9:-]*)\b([^<>]*)(?:>|\Z))", re.I)
_ADDRESS = re.compile(r"<((?:https?|mailto|tel):[^\s<>]+|[^\s<>@]+@[^\s<>]+)>", re.I)
_TAGS_TEXT = """
a abbr address area article aside audio b base bdi bdo big blink blockquote body br button canvas caption center cite code
col data dd del details dfn dialog div dl dt em embed fieldset figure font footer form frame frameset h1 h2 h3 h4 h5 h6
head header hr html i iframe img input ins kbd label layer legend li link main map mark marquee math menu meta meter nav
noscript object ol option output p param picture pre progress q ruby s samp script section select slot small source span
strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track u ul var video
wbr xmp
"""
_TAGS = frozenset(_TAGS_TEXT.split())
_UNSEEN = re.compile("[\u00ad\u200b\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]")
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]++@(?:[\w-]+\.)+[\w-]{2,}")
_URL = re.compile(
    r"(?:(?<![a-z0-9+.-])(?:https?:/*+|[a-z][a-z0-9+.-]*+://)|//|\bwww\.)[^\s<>\"'|\\^`]+",
    re.I,
)
_TARGET = re.compile(r"\]\(\s*<?([^\s)>]*)")
_HOST = re.compile(r"(?<![\w@.-])(?:[^\W_](?:[\w-]*[^\W_])?\.)+([^\W\d_]{2,24})(?![\w-])(?:/[^\s<>\"'|)\]]*)?")
_SCHEME = re.compile(r"\A(?:https?:/*|//)(?:www\.)?|\Awww\.")
_ENDINGS_TEXT = "com net org info biz app dev shop store online site web cloud live club pro top xyz tech link page"
_ENDINGS = frozenset(_ENDINGS_TEXT.split())
"""Of hosts, besides those of countries, which have two letters. `free.Returns` lacks a space, but `Free.Com` is a host."""
_TRAILING = ".,;:!?…)]}'\"*_»”’。，、！？）」"


class Grounds:
    """The facts in a prompt: the passages, what the customer and agents have said, and what the business says of itself.

    `moment` says the time and the date, which count as a whole: on 30 November no `30 days` are evident.
    """

    def __init__(
        self, passages: Sequence[Passage], said: Sequence[str] = (), business: Sequence[str] = (), moment: str = ""
    ) -> None:
        self._published = [*(f"{p.title}\n{p.heading}\n{p.text}" for p in passages), *business]
        self._addresses = [passage.uri for passage in passages if passage.uri]
        self._said = said
        self._moment = moment

    def supports(self, sentence: str) -> bool:
        """Whether a sentence may be shown: nothing in it is hidden, and its links, addresses and figures are evident."""
        if _UNSEEN.search(sentence) or _is_hidden(sentence):
            return False
        plain = _plain(sentence)
        if _is_hidden(plain) or any(email not in self._emails for email in _emails(plain)):
            return False
        if not all(map(self._is_known, _links(_EMAIL.sub(" ", plain)))):
            return False
        lowered = _without_addresses(plain).casefold()
        if not any(map(str.isalnum, lowered)):
            return True
        found, phones = figures(lowered)
        if phones and not all(any(known.has_phone(digits) for known in self._known) for digits in phones):
            return False
        return all(any(known.has(figure) for known in self._known) for figure in found)

    def _is_known(self, link: str) -> bool:
        link = _SCHEME.sub("", link).rstrip("/")
        return link in self._links or link in {known.partition("/")[0] for known in self._links}

    @property
    def _known(self) -> Iterator[Known]:
        yield from map(_figures_of, self._published)
        yield from self._known_said
        yield self._known_moment

    @cached_property
    def _known_said(self) -> list[Known]:
        return [_figures_of.__wrapped__(text) for text in self._said]  # no customer's words are kept in memory

    @cached_property
    def _known_moment(self) -> Known:
        return Known.of_moment(self._moment.casefold())

    @cached_property
    def _links(self) -> frozenset[str]:
        found = [*(link for text in self._published for link in _links(_visible(text))), *self._addresses]
        return frozenset(_SCHEME.sub("", _host_in_lower_case(link)).rstrip("/") for link in found)

    @cached_property
    def _emails(self) -> frozenset[str]:
        return frozenset(email for text in (*self._published, *self._said) for email in _emails(_visible(text)))


@lru_cache(maxsize=CACHED)
def _figures_of(text: str) -> Known:
    """The figures of a text. Those of passages are found again and again."""
    return Known.of(_without_addresses(_visible(text)).casefold())


def _plain(text: str) -> str:
    """A text as it is read: without escapes, emphasis and forms of letters that only look different."""
    return _EMPHASIS.sub("", _ESCAPE.sub(r"\1", unicodedata.normalize("NFKC", html.unescape(text))))


def _visible(text: str) -> str:
    return _plain(_UNSEEN.sub("", text))


def _is_hidden(text: str) -> bool:
    """Whether a text has images, HTML, comments or definitions: a reader does not see what they do."""
    if "[" in text and (_IMAGE.search(text) or _DEFINITION.search(text)):
        return True
    if "<" not in text:
        return False
    tags = _TAG.finditer(_ADDRESS.sub(" ", text))
    return any(not tag[1] or tag[1].casefold() in _TAGS or "=" in tag[2] for tag in tags)


def _emails(plain: str) -> Iterator[str]:
    return (found[0].casefold().rstrip(".") for found in _EMAIL.finditer(plain))


def _links(plain: str) -> Iterator[str]:
    """Links and addresses of pages, with or without a scheme."""
    for found in _TARGET.finditer(plain):
        if found[1] and not re.match(r"(?:mailto|tel):", found[1], re.I):
            yield _host_in_lower_case(found[1])
    without = _TARGET.sub("](", plain)
    for found in _URL.finditer(without):
        yield _host_in_lower_case(_trimmed(found[0]))
    for host in _HOST.finditer(_URL.sub(" ", without)):
        ending = host[1].casefold()
        if host[1].islower() or host[0].isupper() or len(ending) == 2 or ending in _ENDINGS or "/" in host[0]:
            yield _host_in_lower_case(_trimmed(host[0]))


def _trimmed(link: str) -> str:
    trimmed = link.rstrip(_TRAILING)
    return f"{trimmed})" if trimmed.count("(") > trimmed.count(")") else trimmed


def _host_in_lower_case(link: str) -> str:
    scheme, slashes, rest = link.rpartition("//") if "//" in link.partition("?")[0][:10] else ("", "", link)
    host, slash, path = rest.partition("/")
    return f"{scheme.casefold()}{slashes}{host.casefold()}{slash}{path}"


def _without_addresses(plain: str) -> str:
    """A text without links and e-mail addresses, whose digits are no figures."""
    return _HOST.sub(" ", _URL.sub(" ", _EMAIL.sub(" ", _TARGET.sub("](", plain))))
