"""The words for opening hours, and the questions about them, in the languages of `phrases`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpeningWords:
    """How a language says when a team is there. `{when}` is one of `at`, `tomorrow`, `on_day` and `on_date`."""

    weekdays: tuple[str, ...]
    """From Monday on."""
    months: tuple[str, ...]
    date: str
    """Of `{day}` and `{month}`."""
    at: str
    """Later on the same day: of `{time}`."""
    tomorrow: str
    on_day: str
    """Of `{weekday}` and `{time}`."""
    on_date: str
    """Of `{weekday}`, `{date}` and `{time}`."""
    open: str
    """At this moment, without a known end."""
    open_until: str
    closed: str
    """At this moment, without a known opening."""
    closed_until: str
    day_off: str
    """Of a day: closed."""
    days: str
    """Of `{first}` and `{last}` weekday."""
    times_in: str
    """Of `{zone}`."""
    away: str
    """After a customer has asked for a human while no one is there."""
    away_until: str


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_WORDS: Mapping[str, OpeningWords] = {
    "en": OpeningWords(
        weekdays=_split("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
        months=_split("January February March April May June July August September October November December"),
        date="{day} {month}",
        at="at {time}",
        tomorrow="tomorrow at {time}",
        on_day="on {weekday} at {time}",
        on_date="on {weekday}, {date}, at {time}",
        open="Our team is here now.",
        open_until="Our team is here now. We close {when}.",
        closed="Our team isn't here right now.",
        closed_until="Our team isn't here right now. We are back {when}.",
        day_off="closed",
        days="{first} to {last}",
        times_in="Times are those of {zone}.",
        away="I've asked our team to take over. No one is here right now; they will answer you here as soon as they are back.",
        away_until="I've asked our team to take over. No one is here right now; they are back {when}, and will answer"
        " you here.",
    ),
    "de": OpeningWords(
        weekdays=_split("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag"),
        months=_split("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        date="{day}. {month}",
        at="um {time} Uhr",
        tomorrow="morgen um {time} Uhr",
        on_day="am {weekday} um {time} Uhr",
        on_date="am {weekday}, dem {date}, um {time} Uhr",
        open="Unser Team ist jetzt da.",
        open_until="Unser Team ist jetzt da. Wir schließen {when}.",
        closed="Unser Team ist gerade nicht da.",
        closed_until="Unser Team ist gerade nicht da. Wir sind {when} wieder da.",
        day_off="geschlossen",
        days="{first} bis {last}",
        times_in="Die Zeiten gelten für {zone}.",
        away="Ich habe unser Team gebeten, zu übernehmen. Im Moment ist niemand da; sobald jemand da ist, erhalten Sie"
        " die Antwort"
        " hier.",
        away_until="Ich habe unser Team gebeten, zu übernehmen. Im Moment ist niemand da; wir sind {when} wieder da"
        " und antworten"
        " Ihnen hier.",
    ),
    "fr": OpeningWords(
        weekdays=_split("lundi mardi mercredi jeudi vendredi samedi dimanche"),
        months=_split("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        date="{day} {month}",
        at="à {time}",
        tomorrow="demain à {time}",
        on_day="{weekday} à {time}",
        on_date="{weekday} {date} à {time}",
        open="Notre équipe est là en ce moment.",
        open_until="Notre équipe est là en ce moment. Nous fermons {when}.",
        closed="Notre équipe n'est pas là en ce moment.",
        closed_until="Notre équipe n'est pas là en ce moment. Nous serons de retour {when}.",
        day_off="fermé",
        days="{first} à {last}",
        times_in="Les heures sont celles de {zone}.",
        away="J'ai demandé à notre équipe de prendre le relais. Personne n'est là en ce moment ; elle vous répondra ici dès son"
        " retour.",
        away_until="J'ai demandé à notre équipe de prendre le relais. Personne n'est là en ce moment ; elle sera de"
        " retour {when}"
        " et vous répondra ici.",
    ),
    "es": OpeningWords(
        weekdays=_split("lunes martes miércoles jueves viernes sábado domingo"),
        months=_split("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
        date="{day} de {month}",
        at="a las {time}",
        tomorrow="mañana a las {time}",
        on_day="el {weekday} a las {time}",
        on_date="el {weekday}, {date}, a las {time}",
        open="Nuestro equipo está disponible ahora.",
        open_until="Nuestro equipo está disponible ahora. Cerramos {when}.",
        closed="Nuestro equipo no está disponible ahora.",
        closed_until="Nuestro equipo no está disponible ahora. Volvemos {when}.",
        day_off="cerrado",
        days="{first} a {last}",
        times_in="Las horas son las de {zone}.",
        away="He pedido a nuestro equipo que se encargue. Ahora no hay nadie; le responderá aquí en cuanto vuelva.",
        away_until="He pedido a nuestro equipo que se encargue. Ahora no hay nadie; vuelve {when} y le responderá aquí.",
    ),
    "nl": OpeningWords(
        weekdays=_split("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"),
        months=_split("januari februari maart april mei juni juli augustus september oktober november december"),
        date="{day} {month}",
        at="om {time}",
        tomorrow="morgen om {time}",
        on_day="{weekday} om {time}",
        on_date="{weekday} {date} om {time}",
        open="Ons team is er nu.",
        open_until="Ons team is er nu. We sluiten {when}.",
        closed="Ons team is er nu niet.",
        closed_until="Ons team is er nu niet. We zijn {when} terug.",
        day_off="gesloten",
        days="{first} tot en met {last}",
        times_in="De tijden zijn die van {zone}.",
        away="Ik heb ons team gevraagd om het over te nemen. Er is nu niemand; zodra er iemand is, krijgt u hier antwoord.",
        away_until="Ik heb ons team gevraagd om het over te nemen. Er is nu niemand; we zijn {when} terug en"
        " antwoorden u hier.",
    ),
    "it": OpeningWords(
        weekdays=_split("lunedì martedì mercoledì giovedì venerdì sabato domenica"),
        months=_split("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"),
        date="{day} {month}",
        at="alle {time}",
        tomorrow="domani alle {time}",
        on_day="{weekday} alle {time}",
        on_date="{weekday} {date} alle {time}",
        open="Il nostro team ora è disponibile.",
        open_until="Il nostro team ora è disponibile. Chiudiamo {when}.",
        closed="Il nostro team ora non è disponibile.",
        closed_until="Il nostro team ora non è disponibile. Torniamo {when}.",
        day_off="chiuso",
        days="da {first} a {last}",
        times_in="Gli orari sono quelli di {zone}.",
        away="Ho chiesto al nostro team di occuparsene. Ora non c'è nessuno; le risponderà qui appena torna.",
        away_until="Ho chiesto al nostro team di occuparsene. Ora non c'è nessuno; torna {when} e le risponderà qui.",
    ),
    "pt": OpeningWords(
        weekdays=_split("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo"),
        months=_split("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
        date="{day} de {month}",
        at="às {time}",
        tomorrow="amanhã às {time}",
        on_day="{weekday} às {time}",
        on_date="{weekday}, {date}, às {time}",
        open="A nossa equipa está disponível agora.",
        open_until="A nossa equipa está disponível agora. Fechamos {when}.",
        closed="A nossa equipa não está disponível agora.",
        closed_until="A nossa equipa não está disponível agora. Voltamos {when}.",
        day_off="fechado",
        days="{first} a {last}",
        times_in="As horas são as de {zone}.",
        away="Pedi à nossa equipa que assuma. Agora não está ninguém; vão responder-lhe aqui assim que voltarem.",
        away_until="Pedi à nossa equipa que assuma. Agora não está ninguém; voltam {when} e vão responder-lhe aqui.",
    ),
    "ar": OpeningWords(
        weekdays=_split("الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"),
        months=_split("يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
        date="{day} {month}",
        at="في الساعة {time}",
        tomorrow="غدًا في الساعة {time}",
        on_day="يوم {weekday} في الساعة {time}",
        on_date="يوم {weekday} {date} في الساعة {time}",
        open="فريقنا موجود الآن.",
        open_until="فريقنا موجود الآن. نغلق {when}.",
        closed="فريقنا غير موجود حاليًا.",
        closed_until="فريقنا غير موجود حاليًا. نعود {when}.",
        day_off="مغلق",
        days="من {first} إلى {last}",
        times_in="الأوقات بتوقيت {zone}.",
        away="طلبت من فريقنا أن يتولى الأمر. لا أحد موجود حاليًا، وسيرد عليك هنا فور عودته.",
        away_until="طلبت من فريقنا أن يتولى الأمر. لا أحد موجود حاليًا؛ سيعود {when} ويرد عليك هنا.",
    ),
}

_YOU = (
    r"(?:you|u|your (?:team|support|staff|agents?)|the (?:team|support|shop|store|office|agents?)|support|any ?one|some ?one"
    r"|agents?)"
)
_ASKS = (
    rf"(?:opening|business|office|working|support|service|customer service|contact) (?:hours|times)|hours of operation"
    rf"|what(?: are|'re)? (?:your|the) hours|when (?:are|is|will|do|does) {_YOU} (?:be )?(?:re)?(?:open|close|closed"
    rf"|back|available"
    rf"|online|reachable|there)\b|(?:until when|till when|how late|how long|what time|from when) (?:are|is|do|does|will"
    rf"|can) {_YOU}"
    rf" (?:stay |be )?(?:open|close|available|online|reachable|there)\b"
    rf"|(?:are|is) {_YOU} (?:\w+ ){{0,2}}(?:open|closed|available|online|reachable)(?= *\Z| (?:now|right|today|tonight"
    rf"|tomorrow|at|on|"
    rf"this|during|between|after|before|over|until|still|yet|in|every|for))"
    rf"|do {_YOU} (?:open|close|work) (?:on|at|today|tomorrow|this|over|during)"
    r"|offnungszeiten|geschaftszeiten|servicezeiten|sprechzeiten|burozeiten"
    r"|(?:wann|ab wann|bis wann|wie lange|um wie viel uhr)(?: \w+){0,4} (?:offen|geoffnet|auf|erreichbar|geschlossen)\b"
    r"|\bwann (?:schliess|offn|macht ihr (?:auf|zu))|(?:habt ihr|haben sie|seid ihr|sind sie|hat der (?:laden|support))"
    r"(?: \w+){0,4} (?:offen|geoffnet|erreichbar|geschlossen)\b"
    r"|heures d'ouverture|horaires (?:d'ouverture|du service|de votre|d'accueil)|vos horaires"
    r"|(?:etes[- ]vous|vous etes|est-ce ouvert)(?: \w+){0,2} (?:ouverts?|fermes?|joignables?)"
    r"|(?:quand|a quelle heure|jusqu'a quelle heure) (?:ouvrez|fermez|etes|ouvre|ferme)"
    r"|horarios? (?:de (?:atencion|apertura|trabajo|servicio)|tienen)|(?:cual es su|que) horario\b"
    r"|(?:a que hora|cuando|hasta que hora) (?:abren|cierran|abris|cerrais|estan abiertos|atienden)|(?:estan|estais)"
    r" (?:abiertos|cerrados)"
    r"|openingstijden|openingsuren|(?:bent u|zijn jullie|is (?:de winkel|er iemand))(?: \w+){0,3} (?:open|gesloten"
    r"|geopend|bereikbaar)\b"
    r"|(?:hoe laat|wanneer|tot hoe laat)(?: \w+){0,3} (?:open|dicht|geopend|gesloten|bereikbaar)\b|hoe laat (?:sluit|open)"
    r"|orari(?:o)? (?:di )?(?:apertura|servizio|ufficio|lavoro)|siete(?: \w+){0,2} (?:aperti|chiusi|disponibili)"
    r"|(?:a che ora|quando|fino a che ora) (?:aprite|chiudete|siete (?:aperti|disponibili))"
    r"|horarios? de (?:funcionamento|atendimento|abertura)|(?:estao|voces estao)(?: \w+){0,1} (?:abertos|fechados)"
    r"|(?:a que horas|quando|ate que horas) (?:abrem|fecham|estao abertos|atendem)"
    r"|(?:ساعات|اوقات|مواعيد) (?:العمل|الدوام|عملكم|الافتتاح)|متى (?:تفتح|تغلق|تعمل)(?:ون)?"
)
ASKS = re.compile(_ASKS)
"""Of a text in lower case without accents: it asks when the team is there."""


def opening_words(language: str) -> OpeningWords:
    """The words of a language, or of English."""
    return _WORDS.get(language, _WORDS["en"])
