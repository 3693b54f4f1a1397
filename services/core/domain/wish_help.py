"""Requests that a human does something: "could a human help me?", "mi può aiutare una persona vera?".

The words of such a clause come in many orders, so only the words are looked at: a clause is a request if it has a word of each
necessary kind, and no word of another kind.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HelpWords:
    """The words of a language, without accents."""

    modals: frozenset[str]
    """Ask for it: "could"."""
    humans: frozenset[str]
    people: frozenset[str]
    """May be anyone: they need a word of `real`."""
    real: frozenset[str]
    helps: frozenset[str]
    around: frozenset[str]
    """Change nothing."""
    subjects: frozenset[str] = frozenset()
    """The customer, who may want something, but does not help."""
    wants: frozenset[str] = frozenset()
    """The customer may do this: want, get, talk."""

    @property
    def every(self) -> frozenset[str]:
        """All of them."""
        return self.modals | self.humans | self.people | self.real | self.helps | self.around | self.subjects | self.wants

    def ask(self, words: Collection[str]) -> bool:
        """Whether the words of a clause ask that a human does something."""
        said = set(words)
        if not said <= self.every or not said & self.modals or not said & self.helps:
            return False
        if said & self.subjects and not said & self.wants:
            return False
        return bool(said & self.humans or (said & self.people and said & self.real))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HELP: Mapping[str, HelpWords] = {
    "en": HelpWords(
        modals=_words("can could may might would will shall should need want like prefer let get have please"),
        humans=_words("human humans person people agent agents operator representative rep advisor adviser consultant"),
        people=_words("someone anyone one body staff team colleague employee member support service guy"),
        real=_words("real human actual live living genuine proper"),
        helps=_words("help assist answer reply respond talk speak chat contact join handle"),
        around=_words(
            "me us my our to with from of on in at your the a an any some this that it here now today please question questions"
            " problem issue case chat request who is there over out into for instead directly not bot robot machine and"
        ),
        subjects=_words("i we you"),
        wants=_words("need want like prefer get have let talk speak chat contact"),
    ),
    "de": HelpWords(
        modals=_words("kann konnte koennte konnen darf wurde wuerde will mochte moechte soll sollte brauche"),
        humans=_words("mensch menschen person mitarbeiter mitarbeiterin berater beraterin kundenberater agent operator"),
        people=_words("jemand jemandem jemanden irgendjemand irgendwer einer wer"),
        real=_words("echtes echter echte echten richtiger richtige richtiges richtigen menschliches menschlicher lebendiger"),
        helps=_words(
            "helfen weiterhelfen hilft antworten antwortet sprechen reden kontaktieren melden ubernehmen unterstutzen"
        ),
        around=_words(
            "mir mich uns bitte ein eine einen einem einer von ihnen euch der die das mal hier dabei damit team aus"
            " dem vom mit zu"
            " sich frage fragen meine meiner jetzt auch da der und nicht bot dass"
        ),
        subjects=_words("ich wir"),
        wants=_words("will mochte moechte brauche sprechen reden kontaktieren"),
    ),
    "fr": HelpWords(
        modals=_words("peut pourrait pourraient peux pourrais puis veux voudrais aimerais faut"),
        humans=_words("humain humaine personne conseiller conseillere agent operateur operatrice"),
        people=_words("quelqu employe responsable"),
        real=_words("reel reelle vrai vraie humain vivant"),
        helps=_words("aider repondre parler contacter assister rappeler discuter"),
        around=_words(
            "m me moi nous un une de d a mon ma probleme question est ce qu que il elle t on ici votre equipe service avec"
        ),
        subjects=_words("je j"),
        wants=_words("veux voudrais aimerais parler contacter discuter"),
    ),
    "es": HelpWords(
        modals=_words("puede pueden podria podrian puedo quiero quisiera necesito"),
        humans=_words("persona humano humana agente operador operadora asesor asesora representante"),
        people=_words("alguien empleado"),
        real=_words("real verdadera verdadero verdad humano humana"),
        helps=_words(
            "ayudarme ayudar ayude atenderme atender responder responderme contestar contestarme hablar hablarme contactar"
            " contactarme"
        ),
        around=_words("me nos una un de del su vuestro equipo con que conmigo mi pregunta problema por favor aqui esto ser"),
    ),
    "nl": HelpWords(
        modals=_words("kan kunnen kunt zou mag wil graag"),
        humans=_words("mens mensen persoon medewerker medewerkster operator adviseur agent"),
        people=_words("iemand collega"),
        real=_words("echt echte echts menselijk menselijks levend"),
        helps=_words("helpen antwoorden beantwoorden praten spreken contact chatten"),
        around=_words("mij me ons een van het jullie uw team met mijn vraag vragen hier opnemen verder even nu die dat"),
        subjects=_words("ik we"),
        wants=_words("wil graag praten spreken contact chatten"),
    ),
    "it": HelpWords(
        modals=_words("puo possono potrebbe potrebbero posso vorrei voglio"),
        humans=_words("persona umano umana operatore operatrice agente consulente"),
        people=_words("qualcuno"),
        real=_words("vero vera reale umano umana"),
        helps=_words("aiutarmi aiutare aiutarci rispondermi rispondere parlarmi parlare assistermi contattarmi"),
        around=_words("mi ci un una uno di del vostro team con la mia domanda me qui questo che per favore"),
    ),
    "pt": HelpWords(
        modals=_words("pode podem poderia podia posso quero queria gostaria"),
        humans=_words("pessoa humano humana atendente operador operadora agente"),
        people=_words("alguem funcionario"),
        real=_words("real verdadeira verdadeiro verdade humano humana"),
        helps=_words("ajudar atender responder falar contactar contatar conversar"),
        around=_words("me nos um uma de da do sua equipa equipe comigo com minha pergunta aqui por favor isto isso que a"),
    ),
}
