"""Complaints: messages that report something bad and ask nothing. A page settles few of them, so they need better evidence.

The languages are those of `phrases`.
"""

import re
from enum import IntEnum

from kit.text import without_accents

MAX_CHARACTERS = 600
"""A longer message is read as a question."""


class Complaint(IntEnum):
    """The subject of a complaint."""

    NONE = 0
    FAULT = 1
    """An order came late, wrong or damaged: a page often says what to do."""
    DEFECT = 2
    """Goods broke: pages on their care are near, and seldom help."""
    SERVICE = 3
    """The business itself: no one answers, a promise was broken. No page settles that."""


_SERVICE = (
    r"\b(?:no ?body|no ?one|no ?body ever|none of you|you(?: guys)?|they)(?: (?:has|have|is|are|ever|even|still|just"
    r"|keep|did|does"
    r"|do|never|not|don't|doesn't|didn't|won't))* (?:answer\w*|repl(?:y|ies|ied|ying)|respond\w*|help(?:s|ed|ing)?"
    r"|car(?:e|es|ed)"
    r"|ignor\w+|call\w* (?:me )?back|get(?:s|ting)? back|wrote back|picks? up)\b"
    r"|\b(?:no|without|never (?:got|received|had)|still no|haven't (?:got|had|received)|not (?:got|received)) (?:an? |any )?"
    r"(?:answer|reply|response|reaction)\b|\bignor(?:ed|ing) (?:me|my|us)\b"
    r"|\b(?:terrible|horrible|awful|worst|lousy|appalling|disgusting|pathetic|shameful|useless|bad|poor|rude|unfriendly"
    r"|incompetent)"
    r" (?:\w+ )?(?:service|support|customer service|company|shop|store|experience|staff|agents?)\b"
    r"|\b(?:ridiculous|unacceptable|outrageous|scandal\w*|a joke|a disgrace|a scam|scammers?|rip ?-?off|a shame|fraud)\b"
    r"|\b(?:fed up|sick of|disappointed|furious|angry|had enough|losing patience|lost (?:my )?patience|never (?:buy"
    r"|order|again))\b"
    r"|\bi(?: have|'ve| am|'m)?(?: been)?(?: still)? waiting (?:for )?(?:days|weeks|months|forever|ages|hours|so long"
    r"|since|now)\b"
    r"|\bniemand(?: \w+){0,3} (?:antwort|meld|reagier|hilf|kummer)\w*|\b(?:antwort|meld|reagier|hilf|kummer)\w*(?:"
    r" \w+){0,3} niemand\b"
    r"|\b(?:keine|nie eine|noch keine|immer noch keine) (?:antwort|ruckmeldung|reaktion)\b"
    r"|\b(?:unverschamt\w*|frechheit|unmoglich(?:er|es)? (?:service|laden)|schlechte[rs]? (?:service|kundenservice)"
    r"|betrug|abzocke"
    r"|enttauscht|verargert|sauer|wutend|nie wieder)\b"
    r"|\bpersonne ne (?:\w+ )?(?:repond|reponde|aide|rappelle|reagit)|\b(?:aucune|pas de|sans) reponse\b"
    r"|\b(?:inadmissible|inacceptable|honteux|scandaleux|arnaque|decue?|furieux|furieuse|en colere|mauvais service|plus"
    r" jamais)\b"
    r"|\bnadie (?:me |nos )?(?:ha )?(?:respond|contest|ayud|atiend)\w*|\b(?:ninguna|sin) respuesta\b"
    r"|\b(?:inaceptable|verguenza|estafa|decepcionad[oa]|indignad[oa]|enfadad[oa]|pesimo servicio|mal servicio|nunca mas)\b"
    r"|\bniemand(?: \w+){0,3} (?:antwoord|reageer|help)\w*|\b(?:geen|nooit) (?:antwoord|reactie)\b"
    r"|\b(?:belachelijk|onacceptabel|schandalig|schande|oplichting|oplichters|teleurgesteld|woedend|slechte service"
    r"|nooit meer)\b"
    r"|\bnessuno (?:mi |ci )?(?:ha )?(?:rispond|rispost|aiut)\w*|\b(?:nessuna|senza) risposta\b"
    r"|\b(?:inaccettabile|vergogna|vergognoso|truffa|delus[oa]|arrabbiat[oa]|pessimo servizio|mai piu)\b"
    r"|\bninguem (?:me |nos )?(?:respond|atend|ajud)\w*|\b(?:nenhuma|sem) resposta\b"
    r"|\b(?:inaceitavel|vergonha|burla|golpe|desiludid[oa]|decepcionad[oa]|irritad[oa]|pessimo (?:servico|atendimento))\b"
)
_FAULT = (
    r"\b(?:damaged|crushed|soaked|wrong|missing|lost|late|delayed|stolen)\b"
    r"|\b(?:didn't|did not|hasn't|has not|never|not) (?:\w+ )?(?:arriv\w*|c[ao]me|show\w* up|delivered|turn\w* up)\b"
    r"|\b(?:beschadigt|falsche[rsn]?|fehlt|verloren|verspatet|nicht angekommen)\b"
    r"|\b(?:abime|abimee|endommage|endommagee|en retard|jamais arrive|perdu)\b"
    r"|\b(?:danado|danada|no ha llegado|equivocado|equivocada|perdido|lleg[ao] tarde)\b"
    r"|\b(?:beschadigd|niet aangekomen|verkeerde?|kwijt|te laat)\b"
    r"|\b(?:danneggiato|danneggiata|non e arrivat[oa]|sbagliat[oa]|in ritardo)\b"
    r"|\b(?:danificad[oa]|nao chegou|errad[oa]|atrasad[oa])\b"
)
_DEFECT = (
    r"\b(?:broke(?:n)?|breaks|defective|faulty|cracked|ripped|torn|tore|scratched|leak(?:s|ed|ing)|stopped working|fell apart"
    r"|falling apart|came off|comes off|burst|snapped|died|smells?|stinks)\b"
    r"|\b(?:isn't|is not|doesn't|does not|didn't|did not|won't|never|not) (?:\w+ )?work\w*\b"
    r"|\b(?:kaputt|defekt|gerissen|zerbrochen|undicht|funktioniert nicht|geht nicht)\b"
    r"|\b(?:casse|cassee|defectueux|defectueuse|dechire|dechiree|ne marche (?:pas|plus)|ne fonctionne (?:pas|plus))\b"
    r"|\b(?:roto|rota|defectuoso|defectuosa|no funciona)\b|\b(?:kapot|stuk|defect|gescheurd|werkt niet)\b"
    r"|\b(?:rotto|rotta|difettoso|difettosa|non funziona)\b"
    r"|\b(?:partido|partida|quebrad[oa]|estragad[oa]|defeituos[oa]|nao funciona)\b"
)
_ABOUT_DEFECT = re.compile(_DEFECT)
_ABOUT_SERVICE = re.compile(_SERVICE)
_ABOUT_FAULT = re.compile(_FAULT)
_ASKS = re.compile(
    r"\?|^(?:(?:hi|hello|hey|and|so|but|please|hallo|bonjour|hola|ciao|ola)[ ,!]+)*(?:what|which|how|where|when|who|why"
    r"|can|could|may"
    r"|is|are|do|does|did|will|would|should|must|wie|was|wo|wann|wer|warum|kann|welche\w*|comment|quand|combien"
    r"|pourquoi|puis|est"
    r"|como|cuando|cuanto|donde|por que|puedo|hoe|waar|wanneer|waarom|kan|come|quando|quanto|dove|perche|posso|onde|porque)\b"
    r"|\b(?:how (?:do|can|long|much|many)|what (?:can|do|should|now|happens)|can i|could i|may i|want to know|tel{2} me"
    r"|was kann ich"
    r"|wie kann|was tun|que puedo|que faire|que dois|cosa posso|wat kan|o que posso)\b"
)


def complaint_of(text: str) -> Complaint:
    """Whether a message complains, and of what. A question is no complaint."""
    if len(text) > MAX_CHARACTERS:
        return Complaint.NONE
    plain = " ".join(without_accents(text.casefold().replace("’", "'")).split())
    kinds = ((_ABOUT_SERVICE, Complaint.SERVICE), (_ABOUT_DEFECT, Complaint.DEFECT), (_ABOUT_FAULT, Complaint.FAULT))
    found = next((kind for pattern, kind in kinds if pattern.search(plain)), Complaint.NONE)
    return found if found and not _ASKS.search(plain) else Complaint.NONE
