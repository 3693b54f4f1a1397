"""Numbers in words, in seven languages: `twenty-five`, `fünfundzwanzig`, `quatre-vingts`, `duecento`, `a million`."""

import re
from collections.abc import Iterator

_ONES = (
    "", "one ein eine einen einem einer un une uno una um uma een één", "two zwei deux dos due dois duas twee",
    "three drei trois tres tre três drie", "four vier quatre cuatro quattro quatro", "five fünf cinq cinco cinque vijf",
    "six sechs seis sei zes", "seven sieben sept siete sette sete zeven", "eight acht huit ocho otto oito",
    "nine neun neuf nueve nove negen", "ten zehn dix diez dieci dez tien", "eleven elf onze once undici",
    "twelve zwölf douze doce dodici doze twaalf", "thirteen dreizehn treize trece tredici treze dertien",
    "fourteen vierzehn quatorze catorce quattordici catorze veertien", "fifteen fünfzehn quinze quince quindici vijftien",
    "sixteen sechzehn seize dieciséis sedici dezesseis dezasseis zestien",
    "seventeen siebzehn diecisiete diciassette dezessete dezassete zeventien",
    "eighteen achtzehn dieciocho diciotto dezoito achttien", "nineteen neunzehn diecinueve diciannove dezenove negentien",
)  # fmt: skip
_ROUND = {
    20: "twenty zwanzig vingt veinte venti vinte twintig", 30: "thirty dreißig dreissig trente treinta trenta trinta dertig",
    40: "forty vierzig quarante cuarenta quaranta quarenta veertig", 50: "fifty fünfzig cinquante cincuenta cinquanta"
    " cinquenta vijftig", 60: "sixty sechzig soixante sesenta sessanta sessenta zestig",
    70: "seventy siebzig septante setenta settanta zeventig", 80: "eighty achtzig huitante ochenta ottanta oitenta tachtig",
    90: "ninety neunzig nonante noventa novanta negentig", 100: "hundred hundert cent cien ciento cento cem honderd",
    200: "doscientos doscientas duzentos duzentas", 300: "trescientos trescientas trezentos trezentas",
    400: "cuatrocientos cuatrocientas quatrocentos quatrocentas", 500: "quinientos quinientas quinhentos quinhentas",
    600: "seiscientos seiscientas seiscentos seiscentas", 700: "setecientos setecientas setecentos setecentas",
    800: "ochocientos ochocientas oitocentos oitocentas", 900: "novecientos novecientas novecentos novecentas",
    1000: "thousand tausend mille mil duizend",
    1_000_000: "million millionen millions millón millones milione milioni milhão milhões miljoen",
}  # fmt: skip
_SINGLE = {word: n for n, words in enumerate(_ONES) for word in words.split()} | {
    word: n for n, words in _ROUND.items() for word in words.split()
}
_JOINED = {
    f"{one}{link}{ten}": n + tens
    for link in ("und", "en", "ën")
    for one, n in _SINGLE.items()
    for ten, tens in _SINGLE.items()
    if 0 < n < 10 and 20 <= tens < 100
} | {
    f"{ten[:-1] if one[0] in 'uo' else ten}{one}": n + tens
    for one, n in _SINGLE.items()
    for ten, tens in [*_SINGLE.items(), ("veinti", 20)]
    if 0 < n < 10 and 20 <= tens < 100 and ten[-1] in "ai"
}
"""`fünfundzwanzig`, `vijfentwintig`, `venticinque` and the like."""
_NUMBER_OF = _SINGLE | _JOINED
_COMPOUND = re.compile(r"\A(?:(.*?)(tausend|duizend|mille|mila)|(.*?)(hundert|honderd|cent[oi]?))(?:und|en)?(.*)\Z")
"""German, Dutch and Italian write a number as one word."""
_FRENCH = frozenset(("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"))
"""After these, `cents` and `vingts` are hundreds and twenties. After `two` they are coins."""
_PLURALS = {"cents": 100, "vingts": 20}
_LINKS = frozenset(("and", "und", "et", "y", "e", "en"))
"""Between tens and ones."""
_TOKENS = re.compile(r"\d+|[^\W\d_]+|[%‰€$£¥]")


def number_of(word: str) -> int | None:
    """The number that a word in lower case says, alone."""
    if (number := _NUMBER_OF.get(word)) is not None or len(word) > 60 or not (found := _COMPOUND.match(word)):
        return number
    thousands, _, hundreds, _, rest = found.groups()
    before = number_of(hundreds if thousands is None else thousands) if hundreds or thousands else 1
    after = number_of(rest) if rest else 0
    if before is None or after is None:
        return None
    return before * (100 if thousands is None else 1000) + after


def in_words(plain: str) -> Iterator[tuple[int, list[str]]]:
    """The numbers in words of a text in lower case, each with the two words after it. After digits, `cent` is a coin."""
    words, at = _TOKENS.findall(plain), 0
    while at < len(words):
        if (number := number_of(words[at])) is None or (at and words[at - 1].isdigit()):
            at += 1
            continue
        whole, at = 0, at + 1
        while True:
            skipped = at + 1 if at < len(words) and words[at] in _LINKS and number >= 20 else at
            more = number_of(words[skipped]) or 0 if skipped < len(words) else 0
            if not more and at < len(words) and words[at - 1] in _FRENCH:
                more = _PLURALS.get(words[at], 0)
            if more >= 1000:
                whole, number = whole + (number or 1) * more, 0
            elif more == 100 and 0 < number < 100:
                number *= more
            elif (more == 20 and number == 4) or (0 < more < 1000 and number == 0 and whole):
                number = number * more or more
            elif 0 < more < _room_after(number):
                number += more
            else:
                break
            at = skipped + 1
        yield whole + number, words[at : at + 2]


def _room_after(number: int) -> int:
    """The limit of the number that may follow as a part of this one: of `twenty`, below ten."""
    if number == 0 or number % 10:
        return 0
    tens = number % 100
    return 100 if tens == 0 else 20 if tens in (60, 80) else 10 if tens >= 20 else 0
