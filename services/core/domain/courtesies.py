"""Courtesies: sentences of a reply that say nothing of the matter, and so need no source.

A sentence that isn't recognized counts as a statement. Only the languages of `languages` are known here, so in others a
question is the only sentence that needs no source.
"""

import re
from collections.abc import Collection
from enum import IntEnum

from services.core.domain.languages import SMALL_WORDS

_QUESTION = re.compile(r"[?？؟\u037e]\W*\Z")
_GREEK_QUESTION = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff](?s:.*);\W*\Z")
_CLAUSE = re.compile(r"[;；.!。！](?=\s*\w)|:\s|\s[-–—]+\s|—|\n(?=[^\W\d_a-z])")
MAX_LEAD = 4
"""Words before a colon, a dash or a line's end that lead to a question: `Just to be sure: …`. More of them say something."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PHRASE = re.compile(r"\b(?:feel free|no problem|no worries|right away)\b", re.I)
_COURTESY_TEXT = """
hi hello hey let bescheid avíseme hésitez n'hésitez welcome thanks thank sorry apologize apologise apologies glad happy
pleased pleasure regret afraid unfortunately understand hallo willkommen danke gerne gern entschuldigung entschuldigen
leid bedauere bedaure freut freue verstehe leider bonjour bonsoir bienvenue merci désolé désolée excusez plaisir
volontiers ravi ravie comprends regrette malheureusement hola bienvenido bienvenida gracias siento lamento disculpe
disculpa perdón encantado encantada gusto placer entiendo comprendo lamentablemente goedemorgen goedemiddag welkom bedankt
dank excuses graag begrijp spijt helaas ciao salve buongiorno buonasera benvenuto benvenuta grazie scusi scusa spiace
dispiace piacere capisco purtroppo olá obrigado obrigada desculpe desculpa prazer compreendo entendo infelizmente
"""
_COURTESY = frozenset(_COURTESY_TEXT.split())
_OFFER_TEXT = """
help assist connect bring transfer human colleague helfen weiterhelfen verbinde verbinden menschen kollegen aider humain
collègue conseiller ayudar ayudarle ayudarte humano persona compañero helpen verbind mens collega aiutare aiutarla
aiutarti umano operatore ajudar ajudá-lo ajudá-la
"""
_OFFER = frozenset(_OFFER_TEXT.split())
_FILLING_TEXT = """
there question questions asking ask contacting reaching writing message else anything further other know let hear you're
i'm i'll that's that'll here support team person someone agent moment don't mind happen happened trouble inconvenience
patience frustrating frage fragen nachricht sonst etwas bescheid wissen melden jederzeit kollege kollegin mensch
mitarbeiter augenblick unannehmlichkeiten geduld verständlich aujourd'hui autre autres chose savoir hésitez n'hésitez
contacter humain équipe personne instant pregunta preguntas mensaje otra otras algo avíseme dígame colega equipo agente
momento vraag vragen bericht anders iets weten horen medewerker domanda domande messaggio altro altra sapere pergunta
perguntas mensagem outra saber pessoa equipa equipe
"""
_FILLING = frozenset(_FILLING_TEXT.split())
_ANSWERS_TEXT = """
course sûr supuesto
yes no not can can't will could would sure certainly absolutely definitely correct right ja nein nicht kein keine kann
wird klar natürlich selbstverständlich genau richtig oui non pas peut certainement sí puede claro cierto nee niet kan
natuurlijk uiteraard zeker sì può certo certamente sim não pode great good nice day today perfect
"""
_ANSWERS = frozenset(_ANSWERS_TEXT.split())
"""Words with which a short answer says something of the matter, though they have little meaning of their own."""

_NOT_TEXT = """
no not don't can't cannot couldn't didn't nothing nicht kein keine keinen nichts pas rien aucune aucun niet geen niets non
nulla nessuna nada ninguna não nenhuma
"""
_NOT = frozenset(_NOT_TEXT.split())
_KNOW_TEXT = """
know sure sicher sûr seguro zeker sicuro certo find found weiß weiss finde finden gefunden sais trouve trouvé trouver
savons trouvons weet vind vinden gevonden weten sé encuentro encontré sabemos encontramos so trovo trovato sappiamo
sei encontro encontrei
"""
_KNOW = frozenset(_KNOW_TEXT.split())
_SPEAKER_TEXT = """
i we ich wir je j'ai nous n'ai ik wij sé encuentro encontré sabemos encontramos so trovo ho sappiamo sei encontro encontrei
"""
_SPEAKER = frozenset(_SPEAKER_TEXT.split())
"""Words that say who doesn't know: the one who speaks."""
_PARTS = re.compile(r"[,;:–—]|\s-\s|\b(?:but|however|and|aber|und|mais|et|pero|y|maar|en|ma|mas)\b", re.I)
_WHETHER_TEXT = "ob wie wann wo was warum wer welche welcher welches"
_WHETHER = frozenset(_WHETHER_TEXT.split())


class Weight(IntEnum):
    """How much a sentence says of the matter."""

    NONE = 0
    """It asks, greets, thanks, regrets or offers help."""
    LITTLE = 1
    """An answer without words of its own, such as `Yes, you can.`"""
    STATEMENT = 2


def weight_of(sentence: str, names: Collection[str] = ()) -> Weight:
    """How much a sentence says. `names`: words that name someone, in lower case."""
    if _QUESTION.search(sentence) or _GREEK_QUESTION.search(sentence):
        return _weight_before_question(sentence, names)
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(_PHRASE.sub(" ", sentence))]
    known = _COURTESY | _OFFER | _FILLING
    plain = [word for word in words if word not in known and word not in names]
    if not all(word in SMALL_WORDS or word in _ANSWERS for word in plain):
        return Weight.STATEMENT
    polite = not (_COURTESY | _OFFER).isdisjoint(words)
    return Weight.NONE if not words or (polite and _ANSWERS.isdisjoint(plain)) else Weight.LITTLE


def admits(sentence: str, names: Collection[str] = ()) -> bool:
    """Whether a sentence says that something isn't known, and nothing else of the matter."""
    found = False
    for part in _PARTS.split(sentence):
        words = [word.casefold().replace("’", "'") for word in _WORD.findall(part)]
        if not any(needed.isdisjoint(words) for needed in (_NOT, _KNOW, _SPEAKER)):
            found = True
        elif not (found and words[:1] and words[0] in _WHETHER) and weight_of(part, names) is not Weight.NONE:
            return False
    return found


def _weight_before_question(sentence: str, names: Collection[str]) -> Weight:
    """How much a sentence with a question at its end says before that: `All is free; is that fine?`."""
    weight, at = Weight.NONE, 0
    for end in _CLAUSE.finditer(sentence):
        clause, at = sentence[at : end.start()], end.end()
        if end[0][0] in ";；.!。！" or len(_WORD.findall(clause)) > MAX_LEAD:
            weight = max(weight, weight_of(clause, names))
    return weight
