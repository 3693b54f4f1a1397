"""The words of requests for a human, of yes and of no, without accents: phrases that are separated by bars."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a language asks for a human: `[want] [verb] [determiners] noun [trail] [topic …]`.

    A noun that says little needs a verb of talking; a `bare` one stands alone.
    """

    wants: str
    """The beginning: "I want to"."""
    verbs: str
    """Said right before the human: "talk to"."""
    determiners: str
    nouns: str
    bare: str
    """Nouns that are a request when nothing is said besides."""
    trails: str
    """Said after the human: "sprechen", "to talk to"."""
    topics: str
    """Begins the rest, which says the subject: "about"."""
    others: str
    """Whole requests of another form."""


GRAMMARS: Mapping[str, Grammar] = {
    "en": Grammar(
        wants="""
            i want | i want to | i need | i need to | i would like | i would like to | i'd like | i'd like to |
            id like | id like to | i wanna | i have to | i must | i prefer | i prefer to | i'd prefer |
            i'd prefer to | i'd rather | i'd rather have | can i | could i | may i | can we | could we | let me |
            how can i | i am asking to | i'm asking to | how do i | how could i | is it possible to | i'm trying to |
            i am trying to | i really want to | i want you to | would it be possible to | can you | could you |
            would you | will you | i need you to | is there | are there | can i have | can i get | may i have
        """,
        verbs="""
            talk to | talk with | talk | speak to | speak with | speak | chat to | chat with | get to | get | have |
            be connected to | be connected with | connect me to | connect me with | transfer me to | transfer to |
            transfer this to | transfer this chat to | put me through to | pass me to | pass me on to |
            forward me to | get me | get me to | give me | send me to | hand me over to | redirect me to |
            route me to | escalate to | escalate this to | switch to | switch me to | bring in | call in | bring me |
            hand over to | refer me to | put me in touch with | complain to | complain with
        """,
        determiners="""
            a | an | the | your | ur | one of your | some | any | real | live | actual | human | proper |
            another | from |
            customer | support | service | care
        """,
        nouns="""
            human | humans | human being | human agent | person | people | agent | agents | operator | operators |
            representative | rep | advisor | adviser | consultant | employee | employees | staff | staff member |
            member of staff | member of your staff | colleague | manager | supervisor | team member | someone | anyone |
            anyone real | anyone human | someone real | someone human | someone from your team | someone in charge |
            someone from support | someone in your team | someone on your team | someone in the team |
            someone on the team | customer service | customer support | support team | support | live chat |
            your team | human help | human support | human assistance | help from a human | help from a person |
            live support | live help
        """,
        bare="""
            human | human being | human agent | agent | operator | representative | live chat |
            customer service | human help | live support | human support | staff member | support agent
        """,
        trails="""
            to talk to | to speak to | to speak with | to talk with | to chat with | i can talk to | i can speak to |
            i can chat with | i can speak with
        """,
        topics="about | regarding | concerning | because",
        others="""
            can a human help me | can a person help me | can a real person help me | can a human answer me |
            can a human answer | no more bot | can someone real help me | stop the bot | no bot | not a bot |
            no bots | no robot | not a robot | i don't want to talk to a bot | i do not want to talk to a bot |
            i dont want to talk to a bot | i don't want a bot | i don't want to talk to a robot |
            i don't want to talk to a machine | i don't want to talk to a computer | get me out of this bot |
            escalate | escalate this | hand me over | can you transfer me | could you transfer me | transfer me |
            connect me | can you connect me | could you connect me | put me through | customer support |
            real person | a real person | need human | need a human | need agent | need an agent | need operator |
            need a real person | let a human answer | let a human help me | let a human reply | let a person answer |
            let a real person answer | are there any humans here | are there humans here | any humans here |
            is there a human here | is anyone real here | is anyone human here | is anyone human there |
            is anyone real there | is there anyone human here | is there anyone real here | is there anyone human |
            is there anyone real | anyone human here | anyone real here | any human here | any real person here |
            is there a real person here | is there a real person | is there a real human here | are you there humans
        """,
    ),
    "de": Grammar(
        wants="""
            ich mochte | ich moechte | ich will | ich brauche | ich wurde gern | ich wuerde gern | ich wurde gerne |
            ich wuerde gerne | ich muss | kann ich | konnte ich | koennte ich | darf ich | konnen wir | ich wunsche |
            kann man | wie kann ich | lassen sie mich | lass mich | ich hatte gern | ich hatte gerne |
            ich haette gern | ich haette gerne | konnen sie mich | konnten sie mich | kannst du mich | gibt es |
            gibt es auch | gibt es hier | gibt es hier auch
        """,
        verbs="""
            mit | gern mit | direkt mit | zu | an | verbinden sie mich mit | verbinde mich mit |
            verbinden sie mich zu | stellen sie mich durch zu | leiten sie mich weiter an | geben sie mir | gib mir |
            weiterleiten an | verbindung mit | verbindung zu | gesprach mit | holen sie | hol | mich bei
        """,
        determiners="""
            ein | einen | einem | eine | einer | der | den | dem | die | das | ihr | ihrem | ihren | eurem | euren |
            ihrer | eurer | echten | echter | echtem | echte | richtigen | richtiger | richtige | lebenden |
            lebendigen | menschlichen | menschlicher | wirklichen | anderen | vom | von
        """,
        nouns="""
            mensch | menschen | mitarbeiter | mitarbeitern | mitarbeiterin | person | kundenberater |
            kundenberaterin | berater | beraterin | agent | agenten | operator | kundenservice | kundendienst |
            kundenbetreuer | kundenbetreuung | ansprechpartner | ansprechpartnerin | support | sachbearbeiter |
            servicemitarbeiter | personal | kollegen | kollegin | jemand | jemandem | jemanden | vorgesetzten | chef |
            team
        """,
        bare="""
            mensch | menschen | mitarbeiter | mitarbeiterin | kundenberater | kundenservice | kundendienst |
            ansprechpartner | operator
        """,
        trails="""
            sprechen | reden | chatten | schreiben | telefonieren | verbinden | verbunden werden | sprechen konnen |
            zu sprechen | in kontakt treten | haben | bekommen | verlangen | durch | weiter | her | beschweren
        """,
        topics="uber | ueber | wegen | zum | zur | bezuglich",
        others="""
            kein bot | kein roboter | keinen bot | ich will keinen bot | ich mochte keinen bot |
            ich will nicht mit einem bot reden | verbinden | verbinden sie mich | verbinde mich |
            konnen sie mich verbinden | stellen sie mich durch | lassen sie einen menschen antworten |
            sind hier auch menschen
        """,
    ),
    "fr": Grammar(
        wants="""
            je veux | je voudrais | je souhaite | je souhaiterais | j'aimerais | puis-je | puis je |
            est-ce que je peux | est ce que je peux | je peux | pourrais-je | je dois | j'ai besoin de | je prefere |
            laissez-moi | comment puis-je | comment | peut-on | on peut | pouvez-vous | y a-t-il | y a t il |
            j'ai besoin
        """,
        verbs="""
            parler a | parler avec | discuter avec | echanger avec | avoir | passez-moi | passez moi | donnez-moi |
            me passer | me faire parler a | mettez-moi en relation avec | mettez-moi en contact avec |
            transferez-moi a | transferez-moi vers | transferez moi a | me mettre en relation avec | me transferer a |
            me plaindre a | me plaindre aupres de
        """,
        determiners="un | une | le | la | votre | vos | des | du | de | vrai | vraie | veritable | autre",
        nouns="""
            humain | humaine | etre humain | agent | agent humain | personne | personne reelle | vraie personne |
            conseiller | conseillere | operateur | operatrice | quelqu'un | quelqu'un de reel | representant |
            employe | service client | support | responsable | collegue | collaborateur
        """,
        bare="humain | agent | agent humain | conseiller | conseillere | operateur | service client | vraie personne",
        trails="reelle | reel | en direct | a qui parler | au telephone",
        topics="au sujet | a propos | concernant | pour | de mon | de ma",
        others="""
            pas un robot | pas de robot | je ne veux pas parler a un robot | je ne veux pas de robot | pas de bot |
            transferez-moi | pouvez-vous me transferer | mettez-moi en relation | besoin d'un humain |
            y a-t-il un humain ici |
            il y a un humain ici | laissez un humain repondre
        """,
    ),
    "es": Grammar(
        wants="""
            quiero | quisiera | necesito | me gustaria | deseo | puedo | podria | prefiero | dejame | como puedo |
            es posible | se puede | podemos | querria | me puede | puede | puedes | hay
        """,
        verbs="""
            hablar con | hablar a | chatear con | conversar con | comunicarme con | pasame con | paseme con |
            paseme a | ponme con | pongame con | conectame con | conecteme con | transfierame a | transfierame con |
            transfiereme a | comuniqueme con | pasar con | pasarme con | quejarme con | quejarme a | dame | deme |
            me comunica con
        """,
        determiners="un | una | el | la | su | algun | alguna | otra | otro | verdadera | verdadero | de | vuestro | real",
        nouns="""
            humano | humana | ser humano | persona | persona real | persona humana | agente | agente humano |
            operador | operadora | representante | asesor | asesora | alguien | alguien real | empleado | empleada |
            encargado | atencion al cliente | servicio al cliente | soporte | supervisor
        """,
        bare="""
            humano | agente | operador | operadora | asesor | representante | atencion al cliente |
            agente humano | ser humano | persona real
        """,
        trails="de verdad | real | con quien hablar | para hablar",
        topics="sobre | acerca de | por",
        others="""
            no quiero hablar con un robot | no quiero un robot | nada de robots | no quiero hablar con un bot |
            transfierame | puede transferirme | me puede transferir | paseme con alguien | hay humanos aqui |
            hay algun humano aqui | que responda un humano | necesito humano
        """,
    ),
    "nl": Grammar(
        wants="""
            ik wil | ik wil graag | ik zou graag | ik zou | kan ik | kan ik ook | mag ik | kunnen we | zou ik |
            ik moet | laat me | ik wens | hoe kan ik | ik heb | kunt u mij | kunt u me | kan je me | kun je me |
            is er | ik zoek
        """,
        verbs="""
            met | contact met | verbind me met | verbind mij met | verbindt u mij met | verbindt u me met |
            verbind me door met | doorverbinden met | geef me | geef mij | praten met | spreken met | klagen bij
        """,
        determiners="een | de | het | uw | jullie | je | echte | echt | menselijke | levend | andere | van",
        nouns="""
            mens | mensen | persoon | medewerker | medewerkster | collega | agent | operator | iemand |
            klantenservice | klantendienst | klantenservicemedewerker | adviseur | vertegenwoordiger | helpdesk |
            supervisor | leidinggevende
        """,
        bare="medewerker | medewerkster | klantenservice | agent | operator | adviseur",
        trails="""
            praten | spreken | chatten | te praten | te spreken | nodig | hebben | bellen | kunnen praten |
            kunnen spreken | willen praten | willen spreken | doorverbinden | met wie ik kan praten
        """,
        topics="over | wegens | vanwege",
        others="""
            geen bot | geen robot | ik wil geen bot | ik wil geen robot | ik wil niet met een robot praten |
            doorverbinden | verbind me door | kunt u me doorverbinden | kunt u mij doorverbinden |
            kun je me doorverbinden | zijn hier ook mensen | zijn er hier ook mensen | laat een mens antwoorden
        """,
    ),
    "it": Grammar(
        wants="""
            voglio | vorrei | posso | potrei | ho bisogno di | desidero | mi piacerebbe | preferisco | devo | fammi |
            mi faccia | come posso | e possibile | si puo | possiamo | puo | puoi | c'e | mi puo
        """,
        verbs="""
            parlare con | parlare a | chattare con | comunicare con | essere messo in contatto con | mi passi |
            passami | passare | passarmi | mi metta in contatto con | mettimi in contatto con | trasferiscimi a |
            mi trasferisca a | mi colleghi con | lamentarmi con | dammi | mi dia
        """,
        determiners="un | uno | una | il | lo | la | vostro | qualche | vero | vera | altro | altra | del | reale",
        nouns="""
            umano | essere umano | persona | persona reale | persona vera | operatore | operatrice | operatore umano |
            agente | addetto | consulente | qualcuno | rappresentante | responsabile | servizio clienti | assistenza |
            assistenza clienti | impiegato | collega
        """,
        bare="""
            operatore | operatrice | umano | agente | essere umano | operatore umano | servizio clienti |
            consulente
        """,
        trails="reale | vera | in carne e ossa | con cui parlare | umana | umano",
        topics="riguardo | su | sul | sulla | per | a proposito",
        others="""
            non voglio parlare con un robot | niente robot | non voglio un robot | non voglio parlare con un bot |
            mi trasferisca | puo trasferirmi | mi puo trasferire | mi passi qualcuno | c'e un umano qui |
            ci sono umani qui | faccia rispondere un umano
        """,
    ),
    "pt": Grammar(
        wants="""
            quero | queria | gostaria de | preciso | preciso de | posso | poderia | desejo | prefiro | como posso |
            e possivel | da para | podemos | eu quero | eu queria | eu gostaria de | eu preciso | eu preciso de |
            pode | ha | tem
        """,
        verbs="""
            falar com | falar a | conversar com | passe-me a | passe me para | me passa para | me passe para |
            me passar para | passar-me a | me transfere para | me transfira para | transfira-me para |
            transfere-me para | transferir-me para | me conecte com | reclamar com | ligue-me a | me coloca com
        """,
        determiners="um | uma | o | a | algum | alguma | outro | outra | seu | vosso | verdadeira | do | de | real",
        nouns="""
            humano | ser humano | pessoa | pessoa real | pessoa de verdade | atendente | atendente humano | operador |
            operadora | agente | alguem | assistente humano | representante | funcionario | colaborador |
            apoio ao cliente | atendimento ao cliente | atendimento humano | suporte | supervisor | gerente
        """,
        bare="""
            atendente | humano | operador | operadora | agente | ser humano | atendimento humano |
            atendente humano | pessoa real
        """,
        trails="real | de verdade | com quem falar",
        topics="sobre | acerca | por causa",
        others="""
            nao quero falar com um robo | nao quero um robo | nada de robos | nao quero falar com um bot |
            pode me transferir | pode transferir-me | me transfere | transfira-me | ha humanos aqui |
            tem algum humano ai | ha algum humano aqui
        """,
    ),
}
WEAK = """
    someone | anyone | people | support | staff | employee | employees | colleague | manager | supervisor |
    team | your team | jemand | jemandem | jemanden | chef | personal | kollegen | kollegin | quelqu'un |
    responsable | employe | collegue | alguien | soporte | empleado | empleada | iemand | collega | qualcuno |
    assistenza | impiegato | alguem | suporte | gerente | funcionario | support team | customer service |
    customer support | kundenservice | kundendienst | service client | atencion al cliente |
    servicio al cliente | klantenservice | klantendienst | helpdesk | servizio clienti | assistenza clienti |
    apoio ao cliente | atendimento ao cliente | humans | agents
"""
"""Nouns that many other things are said of: they need a verb of talking."""
FILLERS = """
    please | pls | plz | kindly | thanks | thank you | thx | many thanks | now | right now | immediately |
    asap | instead | directly | at once | today | just | really | bitte | danke | vielen dank | jetzt |
    sofort | mal | endlich | direkt | lieber | doch | nur | s'il vous plait | s'il te plait | svp | stp |
    merci | maintenant | tout de suite | directement | por favor | gracias | ahora | ya mismo | directamente |
    alstublieft | alsjeblieft | aub | graag | bedankt | dank u | nu | meteen | liever | gewoon | even |
    per favore | per piacere | grazie | adesso | subito | direttamente | se faz favor | obrigado | obrigada |
    agora | urgently | urgent | dringend | urgente | again | actually | finally
"""
"""Said anywhere in a request."""
YES = """
    yes | yeah | yep | yup | ya | yea | sure | ok | okay | alright | absolutely | definitely | of course |
    certainly | go ahead | please do | do it | do that | sounds good | that would be great |
    that would be nice | that would be good | i would | i'd like that | i would like that | yes i would |
    i do | great | perfect | fine | ja | jep | jo | jawohl | klar | gern | gerne | sehr gern | sehr gerne |
    naturlich | unbedingt | auf jeden fall | in ordnung | einverstanden | gut | mach das | das ware gut |
    das ware nett | das ware super | ja gerne | machen sie das | bitte ja | ich bitte darum | oui | ouais |
    d'accord | volontiers | avec plaisir | bien sur | je veux bien | s'il vous plait | s'il te plait |
    bonne idee | si | claro | vale | de acuerdo | por supuesto | por favor | quiero | adelante | bueno |
    esta bien | me gustaria | claro que si | zeker | prima | natuurlijk | graag | heel graag | goed |
    doe maar | is goed | certo | volentieri | va bene | d'accordo | per favore | certamente | mi piacerebbe |
    sim | com certeza | pode ser | quero | esta bem | tudo bem | gostaria | please | bitte | alstublieft | y |
    j | why not | yess | yesss | yees | sure thing | for sure | connect me | yes connect me | i'd love that |
    i would love that |
    warum nicht | unbedingt | auf jeden fall | pourquoi pas | por que no | waarom niet | perche no |
    porque nao | por que nao |
    نعم | اجل | بالتاكيد | من فضلك | حسنا | موافق |
    👍 | 👌 | ✅
"""
NO = """
    no | nope | nah | no thanks | no thank you | not now | no need | not necessary | never mind | nevermind |
    it's fine | that's ok | i'm fine | i'm good | not yet | not really | maybe later | later | i don't |
    i do not | don't | nein | nein danke | noe | no danke | nicht notig | nicht jetzt | spater |
    vielleicht spater | lieber nicht | muss nicht | brauche ich nicht | schon gut | passt schon | non |
    non merci | pas besoin | pas maintenant | plus tard | ca ira | ce n'est pas necessaire | no gracias |
    ahora no | no hace falta | mas tarde | no es necesario | nee | nee hoor | nee dank je | nee bedankt |
    niet nodig | laat maar | later misschien | nu niet | hoeft niet | no grazie | non adesso | non serve |
    piu tardi | non ora | nao | nao obrigado | nao obrigada | agora nao | nao precisa | nao e preciso |
    mais tarde | deixa | don't bother | do not bother | that's all | thats all | that is all | that's it | forget it |
    forget about it | leave it | das war's | das war alles | vergiss es | vergessen sie es | laissez tomber |
    c'est tout |
    tant pis | olvidalo | dejalo | eso es todo | nada mas | vergeet het | dat was alles | lascia stare |
    lascia perdere | e tutto | esqueca | deixa estar | deixe estar | e tudo | mais nada | لا | لا شكرا | ليس الان | 👎
"""
POLITE = """
    please | thanks | thank you | thx | danke | bitte | vielen dank | merci | merci beaucoup |
    s'il vous plait | gracias | muchas gracias | por favor | bedankt | dank je | dank u | dank je wel |
    alstublieft | graag | grazie | per favore | obrigado | obrigada | that's all | hoor | gern | gerne |
    very much | so much | a lot
"""
"""Said with a yes or no."""
AFTER_YES = """
    conecteme | conectame | i want | i want that | and hurry | hurry | hurry up | and quickly | quickly | now |
    right now | asap | connect me | do connect me | transfer me |
    i would like that very much | i need that | verbinden sie mich | verbinde mich | verbinden | schnell |
    aber schnell |
    sofort | mit einem menschen | passez-moi quelqu'un | vite | et vite | maintenant | tout de suite | ahora |
    rapido |
    y rapido | paseme | verbind me door | snel | en snel | meteen | subito | adesso | presto | agora |
    depressa | e rapido
"""
"""Said after a yes."""
BEFORE = """
    hi | hi there | hello | hey | hallo | hola | bonjour | ciao | ola | no | nope | nein | non | nee | nao |
    sorry | excuse me | well | but | aber | mais | pero | maar | ma | mas | so | then | and | entschuldigung |
    good morning | good afternoon | good evening | guten tag | guten morgen | guten abend | goedemorgen |
    goedemiddag | goedendag | buenos dias | buenas tardes | bom dia | boa tarde | buongiorno | buonasera |
    bonsoir | moin | dear | help | listen | that's wrong | that is wrong | wrong | this is useless | useless
"""
"""Said before a request."""
