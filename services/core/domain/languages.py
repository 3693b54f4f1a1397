"""The language of a short text: by its script, its small words, its endings and its letters.

Libraries that guess among a hundred languages take 80 to 200 MB a process. For the seven languages that the assistant speaks
without a model, their small words decide as well: 261 of 262 questions of `bench/answers`.
"""

import re
from collections import Counter

ARABIC = "ar"
_SMALL_WORDS = {
    "en": """the a an and or is are was were am be been i you he she it we they my your our their his her me him us them this
        that these those what which who how when where why do does did have has had can could will would shall
        should may not no yes of in on at to for from with by as if but about into out up than then there here
        any some all please much many long get got make made want need don't can't i'm it's hello hi thanks
        thank""",
    "de": """der die das den dem des ein eine einen einem einer und oder ist sind war waren bin bist sein ich du er sie es
        wir ihr mein meine meinen meiner dein ihre unser mir mich dir dich uns euch ihnen dies diese dieser was
        welche welcher wer wie wann wo warum wieso wohin macht habe hat haben hatte kann können könnte wird
        werden würde soll muss darf möchte nicht kein keine nein ja von im in am auf zu zum zur für aus mit bei
        nach über unter als wenn aber dass noch schon auch nur sehr viel viele lange gibt bitte danke hallo
        guten tag vom bis""",
    "fr": """le la les l un une des du de d et ou est sont était suis es êtes je j tu il elle on nous vous ils elles mon ma
        mes ton ta votre vos notre nos me moi te ce cet cette ces que quoi quel quelle quels quelles qui comment
        quand où pourquoi combien fait faire ai as a avons avez ont puis peux peut pouvez pourrais sera serait
        dois doit ne pas non oui dans en sur au aux à pour par avec sans si mais plus très y qu c s merci
        bonjour salut""",
    "es": """el la los las lo un una unos unas y o es son era soy eres está están estoy yo tú él ella nosotros vosotros ellos
        mi mis tu tus su sus nuestro me te se nos le les este esta estos estas eso que qué cuál cuáles quién
        cómo cuándo dónde cuánto cuánta cuántos porqué hace hacer he ha han tengo tiene puedo puede pueden
        podría será debo debe no sí de del en por para con sin al a si pero más muy hay mucho gracias hola
        buenos días favor quiero""",
    "nl": """de het een en of is zijn was waren ben bent ik jij je hij zij ze wij we jullie u mijn jouw uw haar ons onze mij
        me jou hem hen dit dat deze die wat welke wie hoe wanneer waar waarom doet doen heb heeft hebben had kan
        kunnen kunt kon zal zullen zou moet mag wil niet geen nee ja van in op aan te voor uit met bij naar over
        onder als maar nog al ook alleen zeer veel lang er alstublieft dank bedankt hallo goedendag om tot""",
    "it": """il lo la i gli le un uno una e o è sono era siamo sei io tu lui lei noi voi loro mio mia miei tuo tua suo sua
        nostro mi ti si ci vi questo questa questi quello che cosa quale quali chi come quando dove perché
        quanto quanta quanti fa fare ho ha hanno avete posso può possono potrei sarà devo deve non no sì di del
        della dei delle in nel nella su sul per da dal con al alla ai se ma più molto grazie ciao buongiorno
        favore vorrei""",
    "pt": """o a os as um uma uns umas e ou é são era sou está estão estou eu tu você ele ela nós eles meu minha meus seu sua
        seus nosso me te se nos lhe este esta estes isso isto que qual quais quem como quando onde quanto quanta
        quantos porque faz fazer tenho tem têm há posso pode podem poderia será devo deve não sim de do da dos
        das em no na nas por para com sem ao à mas mais muito obrigado obrigada olá bom dia favor quero""",
}
_TALK_WORDS = {
    "en": "bye goodbye sorry farewell later",
    "de": "geht geht's gehts hilfe moin servus wiedersehen wiederhören tschüss tschuss tschau bald wochenende",
    "fr": "ça aide revoir bientôt bientot adieu demain journée soirée prochaine",
    "es": "buenas adios adiós ayuda tal chao chau hasta vemos luego",
    "nl": "gaat hulp ziens doei doeg goedemorgen goedemiddag tot groetjes houdoe vaarwel",
    "it": "stai va aiuto arrivederci buonasera salve addio presto domani prossima vediamo giornata",
    "pt": "tudo bem tchau xau adeus ajuda até ate logo breve amanhã",
}
"""Words of small talk. They show a language, and unlike small words a page may be about them."""
_AMBIGUOUS_TEXT = """
also an are as bent bin come con dal den des di die dies do dos du e era fare get ha hat has hem hen het him i in is la le
lei los loro ma made mag mas me met mi mis mon mine no nos nous of on or over per pour quanta si sim sin son sono su sur te
tem ti ton tot uns van want war was will y yo am al als auf ai as ci se a c d e i
j l o qu s u
"""
_AMBIGUOUS = frozenset(_AMBIGUOUS_TEXT.split())
"""Small words of one language that are words or names in another one as well: one of them alone shows no language."""
_LETTERS = {
    "ß": "de", "ä": "de", "ö": "de", "ü": "de", "ñ": "es", "¿": "es", "¡": "es", "ã": "pt", "õ": "pt", "ç": "fr pt",
    "ê": "fr pt", "è": "fr it", "ù": "fr it", "ò": "it", "ì": "it", "œ": "fr", "â": "fr pt", "û": "fr", "î": "fr",
    "ô": "fr pt", "í": "es pt", "ó": "es pt", "á": "es pt", "ú": "es pt",
}  # fmt: skip
_ENDINGS = {
    "ung": "de", "keit": "de", "heit": "de", "lich": "de", "isch": "de", "ción": "es", "ciones": "es", "zione": "it",
    "zioni": "it", "are": "it", "ere": "it", "ire": "it", "ção": "pt", "ções": "pt", "tion": "en fr", "ment": "fr en",
    "ing": "en", "ijk": "nl", "heid": "nl", "eren": "nl de", "aux": "fr", "eur": "fr", "mente": "it es pt",
    "ado": "es pt", "ada": "es pt",
}  # fmt: skip
_ENDING_WEIGHT = 0.3
_LETTER_WEIGHT = 0.6
_ENOUGH = 0.3

LANGUAGES = (*_SMALL_WORDS, ARABIC)
"""The languages that can be recognized, by their ISO 639 codes."""
_ARABIC = re.compile(r"[\u0620-\u064a]")
_NOT_ARABIC = re.compile(r"[\u0679-\u06d3]")
"""Letters of Persian, Urdu and others, which share the script."""

_WORDS = {language: frozenset(f"{words} {_TALK_WORDS[language]}".split()) for language, words in _SMALL_WORDS.items()}
_SHARED = Counter(word for words in _WORDS.values() for word in words)
SMALL_WORDS = frozenset(word for words in _SMALL_WORDS.values() for word in words.split())
"""Words of any of the languages that say little."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def language_of(text: str) -> str:
    """The ISO 639 code of a text's language; "" where nothing shows it."""
    lowered = text.lower().replace("’", "'")
    by_script = ARABIC if _ARABIC.search(text) and not _NOT_ARABIC.search(text) else ""
    if 2 * len(_ARABIC.findall(text)) > sum(map(str.isalpha, text)):
        return by_script
    scores: Counter[str] = Counter()
    clear: Counter[str] = Counter()
    found: dict[str, set[str]] = {language: set() for language in _WORDS}
    for whole in _WORD.findall(lowered):
        for word in {whole, *whole.split("'")}:
            for language, words in _WORDS.items():
                if word in words:
                    scores[language] += 1 / _SHARED[word]  # type: ignore[assignment]
                    found[language].add(word)
        for ending, languages in _ENDINGS.items():
            if whole.endswith(ending) and len(whole) > len(ending) + 2:
                _add(clear, languages, _ENDING_WEIGHT)
    for letter in lowered:
        if letter in _LETTERS:
            _add(clear, _LETTERS[letter], _LETTER_WEIGHT)
    scores += clear
    for language, score in scores.most_common():
        small = found[language]
        if score >= _ENOUGH and (len(small) > 1 or clear[language] > 0 or any(map(_is_clear, small))):
            return language
    return by_script


def _is_clear(word: str) -> bool:
    """Whether a small word shows a language alone."""
    return _SHARED[word] == 1 and word not in _AMBIGUOUS


def _add(scores: Counter[str], languages: str, weight: float) -> None:
    named = languages.split()
    for language in named:
        scores[language] += weight / len(named)  # type: ignore[assignment]
