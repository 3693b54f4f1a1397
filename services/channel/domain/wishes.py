"""Requests that customers write instead of pressing a button, or where there is none."""

import re

_ENGLISH = re.compile(
    r"(?:(?:hi|hello|hey|please|no(?= i )) )*"
    r"(?:(?:i (?:want|need|would like)(?: to)?|i'd like(?: to)?|can i|could i|may i|let me|connect me to|get me) )?"
    r"(?:(?:to )?(?:talk|speak|chat) (?:to|with) )?(?:(?:an?|your|some) )?(?:(?:real|live|actual) )?"
    r"(?:human(?: being| agent)?|person|agent|representative|(?<=to )(?:some(?:one|body))|(?<=with )(?:some(?:one|body)))"
    r"(?: now| instead)?"
)
_OTHERS = frozenset(
    """
    mensch | mitarbeiter | ein mensch | einen menschen | mit einem menschen sprechen | mitarbeiter sprechen
    ich möchte mit einem menschen sprechen | humano | agente | persona | hablar con un humano | hablar con un agente
    hablar con una persona | quiero hablar con un humano | quiero hablar con una persona | humain | agent humain
    parler à un humain | parler à un agent | parler à quelqu'un | un conseiller | je veux parler à un humain
    je voudrais parler à un conseiller | atendente | falar com um atendente | falar com um humano | pessoa
    quero falar com um atendente | operatore | parlare con un operatore | una persona | vorrei parlare con un operatore
    """.replace("\n", "|").split("|")
)
_PHRASES = frozenset(phrase.strip() for phrase in _OTHERS if phrase.strip())
_POLITE = re.compile(r"(?: (?:please|thanks|thank you|bitte|por favor|s'il vous plaît|per favore))+$")
_LONGEST = 80


def is_for_a_human(text: str) -> bool:
    """Whether a message asks for a human and says nothing else. The assistant has to understand other words for it."""
    if len(text) > _LONGEST:
        return False
    plain = _POLITE.sub("", " ".join(re.sub(r"[^\w' ]+", " ", text.casefold().replace("’", "'")).split()))
    return plain in _PHRASES or _ENGLISH.fullmatch(plain) is not None
