"""Requests for a human that customers write, and their answers to the offer of one, in the languages of `phrases`.

A request is a clause that says nothing else: "can I please talk to a real human", "operator". Words in quotation marks
are someone else's, and a question about agents has other words besides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from kit.text import without_accents
from services.core.domain.wish_help import HELP, HelpWords
from services.core.domain.wish_patterns import is_request_elsewhere
from services.core.domain.wish_words import AFTER_YES, BEFORE, FILLERS, GRAMMARS, NO, POLITE, WEAK, YES, Grammar

MAX_CHARACTERS = 300
"""Of a message that may hold a request. A longer one is read by the assistant."""
MAX_WORDS = 40
MAX_ANSWER = 60
"""Characters of a yes or no."""
_MIN_MISSPELT = 4
"""The least length of a word that is understood with a wrong letter."""
_MIN_HELP = 6
"""The same of a word of a request for help."""
_MIN_BARE = 8
"""The same of a word that is all that is said: a short one is too near to others."""
_TALKS = re.compile(
    r"\b(?:talk|speak|chat|connect|transf|through|pass|forward|escalat|sprech|rede|verb|parl|discut|habl|comuni|prat|spre|doorverb|fal"
    r"|convers|conec|complain|beschwer|plaind|quej|lament|reclam|klag)\w*"
)


def _phrases(text: str) -> list[str]:
    return sorted({" ".join(phrase.split()) for phrase in text.split("|")} - {""}, key=len, reverse=True)


_WEAK = frozenset(_phrases(WEAK))


def _any(text: str) -> str:
    return "(?:" + "|".join(map(re.escape, _phrases(text))) + ")"


_QUOTED = re.compile(r"[\"“„«‟”»][^\"“„«‟”»]{0,200}[\"“„«‟”»]|(?<!\w)['‘‚][^'’‘]{2,200}['’‘](?!\w)")
_CLAUSE = re.compile(r"[.!?;:,\n()…¡¿–—]+|\s-+\s")
_OTHER = re.compile(r"[^\w'’👍👌✅👎 -]+")
_FILLER = re.compile(rf"(?<![\w'-]){_any(FILLERS)}(?![\w'-])")
_NOT = re.compile(r"\b(?:no|nope|nein|non|nee|nao) $")
_MACHINE = re.compile(r"\b(?:chat ?)?(?:bots?|robots?|roboter|robo|machine|maschine|macchina|maquina)\b")
_LETTERS = re.compile(r"[a-z]+")
_JOINER = re.compile(r" (?:and|und|et|y|en|e) ")
_WISH = re.compile(rf"(?:{_any('|'.join(grammar.wants for grammar in GRAMMARS.values()))})(?!\S)")
_WITH_YES = f"{YES}|{BEFORE}"
_LEADING = re.compile(rf"(?:{_any(_WITH_YES)} )*")
_ACCEPTING = re.compile(rf"{_any(YES)}(?> {_any(f'{YES}|{POLITE}|{AFTER_YES}')})*")
_AFTER_NO = f"{NO}|{POLITE}|ok|okay"
_DECLINING = re.compile(rf"(?:{_any('ok|okay|oh|ach|ah')} )?{_any(NO)}(?> {_any(_AFTER_NO)})*")


@dataclass(frozen=True, slots=True)
class _Language:
    request: re.Pattern[str]
    bare: frozenset[str]
    others: frozenset[str]
    help: HelpWords
    near: Mapping[str, str]
    """The words of the language, by their spelling and by each spelling that lacks a letter."""


@cache
def _language(code: str) -> _Language:
    """A grammar, compiled when it is first needed."""
    return _compiled(GRAMMARS[code], HELP[code])


@cache
def _marks() -> Mapping[str, frozenset[str]]:
    """The words without which there is no request, in each spelling that is understood, and the languages that have them."""
    marks: dict[str, set[str]] = {}
    for code, grammar in GRAMMARS.items():
        words = {phrase.split()[-1].rpartition("'")[2] or phrase for phrase in _phrases(f"{grammar.nouns}|{grammar.others}")}
        for spelling in (*words, *_nearly(words)):
            marks.setdefault(spelling, set()).add(code)
    return {spelling: frozenset(codes) for spelling, codes in marks.items()}


def _nearly(words: Iterable[str]) -> Mapping[str, str]:
    """The longer words, by their spellings that lack a letter after the first."""
    return {word[:at] + word[at + 1 :]: word for word in words if len(word) >= _MIN_MISSPELT for at in range(1, len(word))}


def _spellings(word: str) -> Iterator[str]:
    """A word, and its spellings that lack a letter after the first."""
    yield word
    if len(word) >= _MIN_MISSPELT:
        for at in range(1, len(word)):
            yield word[:at] + word[at + 1 :]


def _compiled(grammar: Grammar, help: HelpWords) -> _Language:
    request = re.compile(
        rf"(?:(?P<want>{_any(grammar.wants)}) )?(?:(?P<verb>{_any(grammar.verbs)}) )?"
        rf"(?:{_any(grammar.determiners)} )*(?:[ld]'|un')?(?P<noun>{_any(grammar.nouns)})"
        rf"(?: (?P<trail>{_any(grammar.trails)}))?(?P<topic> {_any(grammar.topics)}\b.*)?"
    )
    every = "|".join((grammar.wants, grammar.verbs, grammar.determiners, grammar.nouns, grammar.trails, grammar.others))
    words = {word for phrase in _phrases(every) for word in phrase.split() if len(word) >= _MIN_MISSPELT}
    words |= {word for word in help.every if len(word) >= _MIN_HELP}
    near = {**_nearly(words), **{word: word for word in words}}
    return _Language(request, frozenset(_phrases(grammar.bare)), frozenset(_phrases(grammar.others)), help, near)


def is_for_a_human(text: str) -> bool:
    """Whether a message asks for a human."""
    if len(text) > MAX_CHARACTERS or not text.strip():
        return False
    clauses = list(_clauses(text))
    joined = " ".join(clauses)
    if len(joined.split()) > MAX_WORDS:
        return False
    whole = _is_request(joined, alone=True)
    if whole or is_request_elsewhere(text) or any(map(_is_joined_request, clauses)):
        return True
    if len(clauses) < 2:
        return False
    last = clauses[-1]
    return any(_is_request(clause, alone=False) for clause in clauses) or (
        "?" not in text and all(map(_leads_to_a_human, clauses[:-1])) and _is_request(last, alone=True)
    )


def _is_joined_request(clause: str) -> bool:
    """Whether a clause asks for something, and for a human as well."""
    parts = [part.removeprefix("to ") for part in _JOINER.split(clause)]
    wants = _WISH.match(clause) is not None
    return any((wants or _WISH.match(part)) and _is_request(part, alone=False) for part in parts if len(parts) > 1)


def _leads_to_a_human(clause: str) -> bool:
    """Whether a clause refuses, or complains about a machine: the noun after it is a request."""
    return _NOT.fullmatch(f"{clause} ") is not None or _MACHINE.search(clause) is not None


def accepts(text: str) -> bool:
    """Whether a message says yes to an offer, and nothing else."""
    return len(text) <= MAX_ANSWER and _ACCEPTING.fullmatch(" ".join(_clauses(text))) is not None


def declines(text: str) -> bool:
    """Whether a message says no to an offer, and nothing else."""
    return len(text) <= MAX_ANSWER and _DECLINING.fullmatch(" ".join(_clauses(text))) is not None


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a text without what it quotes, without accents and signs."""
    plain = without_accents(
        _QUOTED.sub(" … x … ", text.casefold().replace("’", "'").replace("somebody", "someone").replace("anybody", "anyone"))
    )
    for clause in _CLAUSE.split(plain):
        if words := " ".join(_OTHER.sub(" ", clause).split()).strip("- "):
            yield words


def _is_request(clause: str, *, alone: bool) -> bool:
    """Whether a clause asks for a human. A noun says so only where nothing is said besides: `alone`."""
    marks = _marks()
    codes = {
        code for word in clause.replace("'", " ").split() for spelling in _spellings(word) for code in marks.get(spelling, ())
    }
    return any(_fits(clause, _language(code), alone) for code in sorted(codes))


def _fits(clause: str, language: _Language, alone: bool) -> bool:
    if _asks_for_help(clause, language):
        return True
    spelt = " ".join(_spelt(word, language.near) for word in clause.split())
    for form in dict.fromkeys((spelt, " ".join(_FILLER.sub(" ", spelt).split()))):
        lead = _LEADING.match(form)
        before = lead[0] if lead else ""
        for said in dict.fromkeys((form, form[len(before) :])):
            if said in language.others or (alone and _stands_alone(said, clause, before, language)):
                return True
            found = language.request.fullmatch(said)
            if found is not None and _asks(found):
                return True
    return False


def _asks_for_help(clause: str, language: _Language) -> bool:
    """Whether a clause asks that a human does something. Only long words may be misspelt: `read` is near to `real`."""
    words = (_spelt(word, language.near) if len(word) >= _MIN_HELP else word for word in clause.split())
    plain = " ".join(_FILLER.sub(" ", " ".join(words)).split())
    lead = _LEADING.match(f"{plain} ")
    return language.help.ask(_LETTERS.findall(plain[len(lead[0]) :] if lead else plain))


def _stands_alone(said: str, clause: str, before: str, language: _Language) -> bool:
    """Whether a noun is a request: nothing is said besides, and neither is it denied nor another short word misspelt."""
    found = language.request.fullmatch(said)
    if found is None or found["noun"] not in language.bare or found["trail"] or found["topic"] or _NOT.search(before):
        return False
    return len(found["noun"]) >= _MIN_BARE or found["noun"].split()[-1] in clause.split()


def _asks(found: re.Match[str]) -> bool:
    said = " ".join(filter(None, (found["want"], found["verb"], found["trail"])))
    if found["noun"] in _WEAK or found["topic"]:
        return _TALKS.search(said) is not None
    return bool(said)


def _spelt(word: str, near: Mapping[str, str]) -> str:
    """A word, or the one of the language that it differs from by a letter."""
    for spelling in _spellings(word) if len(word) >= _MIN_MISSPELT else ():
        meant = near.get(spelling)
        if meant is not None and abs(len(meant) - len(word)) <= 1:
            return meant
    return word
