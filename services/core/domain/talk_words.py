"""The words of small talk, without accents: phrases that are separated by bars."""

GREETINGS = """
    hi | hello | hey | hiya | hi there | hello there | hey there | hi all | hi team | hello team | hello everyone |
    hello everybody | good morning | good afternoon | good evening | good day | greetings | hallo | hallo zusammen |
    hallo team | guten tag | guten morgen | guten abend | moin | servus | gruezi | gruss gott | hola | hola a todos |
    buenas | buenos dias | buenas tardes | buenas noches | bonjour | bonsoir | salut | coucou |
    bonjour a tous | ciao |
    ciao a tutti | salve | buongiorno | buon giorno | buonasera | buona sera | ola | oi | ola a todos | bom dia |
    boa tarde | boa noite | goedemorgen | goedemiddag | goedenavond | goedendag | goede morgen | goede middag | hoi |
    how are you | how are you doing | how are you today | how's it going | how do you do | what's up | wie geht's |
    wie geht es dir | wie geht es ihnen | wie geht's dir | wie geht's ihnen | wie gehts | ca va | comment ca va |
    comment allez vous | comment vas tu | que tal | como estas | como esta | como esta usted | hoe gaat het |
    hoe gaat het met u | hoe gaat het met je | alles goed | come va | come stai | come sta | tudo bem | como vai |
    como esta voce | are you there | is anyone there | hay alguien ahi | tem alguem ai | is er iemand | ist da jemand |
    مرحبا | اهلا | السلام عليكم | سلام | صباح الخير | مساء الخير | كيف حالك
"""
THANKS = """
    thanks | thank you | thx | ty | cheers | many thanks | a lot of thanks | thanks a lot | thank you so much |
    thank you very much | danke | vielen dank | herzlichen dank | tausend dank | besten dank | danke schon |
    danke sehr | dankeschon | merci | merci beaucoup | merci bien | gracias | muchas gracias | mil gracias | grazie |
    mille grazie | grazie mille | molte grazie | obrigado | obrigada | muito obrigado | muito obrigada | bedankt |
    dank je | dank u | dank je wel | dank u wel | hartelijk dank | hartelijk bedankt | heel erg bedankt | bedankt hoor |
    شكرا | شكرا جزيلا | شكرا لك
"""
PRAISE = """
    great | perfect | super | wonderful | awesome | excellent | cool | nice | prima | toll | parfait | genial |
    perfecto | estupendo | perfetto | ottimo | perfeito | otimo | geweldig | top | that's great | well done |
    das ist toll
"""
LEAVING = """
    bye | bye bye | bye for now | bye then | goodbye | good bye | goodbye for now | so long | farewell | take care |
    see you | see you later | see you soon | see you then | see you around | see ya | cya | later | laters |
    talk to you later | talk later | talk soon | ttyl | catch you later | until next time | till next time |
    good night | have a nice day | have a good day | have a great day | have a good one | have a nice one |
    have a nice evening | have a good evening | have a great evening | have a nice weekend | have a good weekend |
    have a great weekend | have a nice afternoon | have a good night | enjoy your day | enjoy your evening |
    enjoy your weekend | i have to go | i have to go now | i've to go | i gotta go | gotta go | got to go | i must go |
    i'm off | i'm leaving | i'm done | we're done | i'm done here | signing off | over and out |
    that's all | thats all | that is all | that was all | that's it | that will be all | that'll be all |
    that's everything | nothing else | nothing more | no more questions | no further questions | no other questions |
    no thanks | no thank you |
    tschuss | tschuess | tschau | tschussi | auf wiedersehen | wiedersehen | auf wiederhoren | auf wiederschauen |
    bis bald | bis dann | bis spater | bis spaeter | bis morgen | bis nachher | bis zum nachsten mal |
    bis nachstes mal | mach's gut | machs gut | macht's gut | machen sie's gut | leb wohl | lebe wohl |
    leben sie wohl | ade | adieu | man sieht sich | pfiat di | gute nacht | schonen tag | schonen tag noch |
    einen schonen tag | einen schonen tag noch | schonen abend | schonen abend noch | einen schonen abend |
    einen schonen abend noch | schonen feierabend | schones wochenende | ein schones wochenende |
    das war's | das wars | das war alles | das ist alles | keine weiteren fragen | keine fragen mehr |
    ich muss los | ich muss weg | nein danke |
    au revoir | a bientot | a plus | a plus tard | a tout a l'heure | a demain | a la prochaine | a la prochaine fois |
    bonne journee | bonne soiree | bonne nuit | bonne fin de journee | bonne continuation | bon week end |
    bon apres midi | bonne apres midi | je dois y aller | je vous laisse | je te laisse | prenez soin de vous |
    c'est tout | ce sera tout | rien d'autre | plus de questions | non merci |
    adios | chao | chau | hasta luego | hasta pronto | hasta la vista | hasta la proxima | hasta manana |
    hasta otra | hasta ahora | nos vemos | nos vemos luego | nos vemos pronto | que tenga un buen dia |
    que tengas un buen dia | que tenga buen dia | buen fin de semana | feliz dia | cuidese | cuidate |
    que le vaya bien | que te vaya bien | me tengo que ir | tengo que irme | me voy | eso es todo | es todo |
    nada mas | no tengo mas preguntas | sin mas preguntas | no gracias | buen dia |
    dag | dag hoor | daag | doei | doeg | tot ziens | tot later | tot straks | tot morgen | tot snel | tot gauw |
    tot kijk | tot de volgende keer | groetjes | houdoe | vaarwel | de mazzel | fijne dag | fijne dag nog |
    fijne dag verder | een fijne dag | een fijne dag nog | fijne avond | fijne avond nog | fijn weekend |
    prettige dag | prettig weekend | ik moet gaan | dat was alles | dat is alles | dat was het | geen vragen meer |
    nee bedankt | welterusten |
    arrivederci | arrivederla | addio | a presto | a dopo | a domani | a piu tardi | alla prossima |
    alla prossima volta | ci vediamo | ci sentiamo | buona giornata | buona serata | buonanotte | buona notte |
    buon weekend | buon fine settimana | buon pomeriggio | buon proseguimento | stammi bene | stia bene | devo andare |
    e tutto | questo e tutto | nient'altro | nessun'altra domanda | no grazie |
    adeus | adeusinho | tchau | tchauzinho | xau | ate logo | ate breve | ate ja | ate mais | ate amanha |
    ate a proxima | ate a vista | falou | fique bem | cuide se | tenha um bom dia | tenha uma boa tarde |
    tenha uma boa noite | um bom dia para voce | bom fim de semana | boa semana | continuacao de bom dia |
    tenho de ir | tenho que ir | e tudo | isso e tudo | mais nada | so isso | era so isso | nao obrigado | nao obrigada |
    مع السلامة | الى اللقاء | وداعا | هذا كل شيء | لا شكرا
"""
OKAY = """
    ok | okay | k | oh | ah | alright | all right | got it | i see | understood | good | fine | sorry | i'm sorry |
    my bad | alles klar | in ordnung | verstanden | verstehe | gut | ach so | entschuldigung | tut mir leid |
    d'accord | entendu | compris | je comprends | bien | pardon | desole | desolee | vale | de acuerdo | entendido |
    perdon | lo siento | bueno | goed | oke | begrepen | duidelijk | va bene | capito | ho capito | scusa | scusi |
    mi dispiace | esta bem | entendi | percebi | desculpe | desculpa
"""
ASKING = """
    help | help me | help please | please help | please help me | i need help | i need some help | i need your help |
    can you help me | can you help | could you help me | can someone help me | i have a question |
    i have a quick question | i have some questions | i have questions | i've a question | i've got a question |
    i have one more question | i have another question | quick question | question | may i ask something |
    can i ask a question | can i ask something | can i ask you something | hilfe | bitte um hilfe |
    ich brauche hilfe |
    konnen sie mir helfen | kannst du mir helfen | ich habe eine frage | ich hatte eine frage |
    ich habe noch eine frage | eine frage | frage | aide | aidez moi | pouvez vous m'aider | j'ai besoin d'aide |
    j'ai une question | une question | ayuda | necesito ayuda | puede ayudarme | me puede ayudar | me puedes ayudar |
    tengo una pregunta | tengo una duda | una pregunta | hulp | help mij | ik heb hulp nodig | kunt u mij helpen |
    kun je me helpen | kun je mij helpen | ik heb een vraag | een vraag | aiuto | ho bisogno di aiuto |
    mi puo aiutare | puo aiutarmi | puoi aiutarmi | ho una domanda | una domanda | ajuda | preciso de ajuda |
    pode ajudar me | pode me ajudar | tenho uma pergunta | tenho uma duvida | uma pergunta
"""
"""It only says that there is a question."""
TRAILS = """
    so anyway trotzdem dir ihnen vous very much a lot again for your the this quick fast prompt kind help
    helping answer answers reply response
    support info information time everything all you that this helps helped worked works solved it and but have nice
    day please really i needed is was sehr schon schnelle nette ihre deine die fur hilfe antwort und das hat geholfen
    auch viel mals beaucoup bien pour votre ton aide reponse et de la c'est ca a aide beaucoup rapide por su tu la
    ayuda respuesta informacion y todo muy amable wel hoor voor uw je de hulp het antwoord en dat heeft geholpen per
    l'aiuto la risposta e il suo tuo tante pela pelo sua ajuda resposta muito informacao todos tutto alles tout
"""
"""Words that may follow thanks."""
LINKS = "please bitte por favor svp and but und aber et mais y pero en maar e ma mas so then also team there everyone all"
"""Words that may follow other small talk, and stand between it and a question."""
