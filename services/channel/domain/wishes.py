"""What customers write where there is no button for it."""

import re

_HUMAN = frozenset(
    """
    human | a human | human please | talk to a human | speak to a human | i want a human | i want to talk to a human
    agent | an agent | talk to an agent | speak to an agent | real person | talk to a person | speak to someone | representative
    mensch | mitarbeiter | ein mensch bitte | mit einem menschen sprechen | mitarbeiter sprechen
    humano | agente | persona | hablar con un humano | hablar con un agente | hablar con una persona
    humain | agent humain | parler à un humain | parler à un agent | parler à quelqu'un | un conseiller
    atendente | falar com um atendente | falar com um humano | pessoa | operatore | parlare con un operatore | una persona
    """.replace("\n", "|").split("|")
)
_PHRASES = frozenset(phrase.strip() for phrase in _HUMAN if phrase.strip())
_LONGEST = max(map(len, _PHRASES)) + 20


def is_for_a_human(text: str) -> bool:
    """Whether a message asks for a human and says nothing else. What asks in other words, the assistant has to understand."""
    if len(text) > _LONGEST:
        return False
    words = re.sub(r"[^\w' ]+", " ", text.casefold())
    plain = " ".join(words.split())
    return plain in _PHRASES or plain.removesuffix(" please").removesuffix(" bitte").removesuffix(" por favor") in _PHRASES
