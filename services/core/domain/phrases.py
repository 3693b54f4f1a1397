"""The sentences that the assistant says of its own accord, in the languages that it speaks without a model."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences in one language."""

    greeting: str
    thanks: str
    introduction: str
    """The answer to "who are you" and "are you a robot"."""
    not_known: str
    offer: str
    """Of a human."""
    not_mentioned: str
    """With `{words}`: what the pages do not mention."""
    handed_over: str
    """After a yes to the offer."""
    left: str
    """After a no to the offer."""
    not_seen: str
    """Of a message without words."""
    cut_short: str
    """The end of an answer that was cut off."""
    not_known_again: str
    """Instead of `not_known`, where the last answer was one too."""
    ask: str
    """A stronger offer of a human."""
    sorry: str
    """Of a complaint."""
    not_settled: str
    """Of a complaint that no page answers."""


ENGLISH = "en"
_PHRASES: Mapping[str, Phrases] = {
    "en": Phrases(
        "Hello! What can I help you with?",
        "You're welcome! Is there anything else I can help you with?",
        "I'm an automatic assistant: I answer from our help pages, and you can talk to a human at any time.",
        "I don't know the answer to that: I found nothing about it in our help pages.",
        "Would you like to talk to a human?",
        "Our help pages don't mention {words}. This comes closest:",
        "I've asked our team to take over: they will answer you here.",
        "All right. Write to me whenever you have another question.",
        "I can't see pictures, hear voice messages or open files here.",
        "I had to stop here. Ask me to continue if you need the rest.",
        "I don't know that either.",
        "Our team can help you with it: shall I ask them to take over?",
        "I'm sorry about that.",
        "I found nothing in our help pages that settles it.",
    ),
    "de": Phrases(
        "Hallo! Wobei kann ich Ihnen helfen?",
        "Gern geschehen! Kann ich sonst noch etwas für Sie tun?",
        "Ich bin ein automatischer Assistent: Ich antworte aus unseren Hilfeseiten, und Sie können jederzeit mit einem Menschen"
        " sprechen.",
        "Das weiß ich leider nicht: Auf unseren Hilfeseiten steht nichts dazu.",
        "Möchten Sie mit einem Menschen sprechen?",
        "Unsere Hilfeseiten erwähnen {words} nicht. Am nächsten kommt dies:",
        "Ich habe unser Team gebeten, zu übernehmen: Sie erhalten die Antwort hier.",
        "In Ordnung. Schreiben Sie mir, wenn Sie noch eine Frage haben.",
        "Bilder, Sprachnachrichten und Dateien kann ich hier nicht sehen, hören oder öffnen.",
        "Hier musste ich aufhören. Fragen Sie weiter, wenn Sie den Rest brauchen.",
        "Auch das weiß ich leider nicht.",
        "Unser Team kann Ihnen dabei helfen: Soll ich es bitten, zu übernehmen?",
        "Das tut mir leid.",
        "Auf unseren Hilfeseiten finde ich nichts, was das löst.",
    ),
    "fr": Phrases(
        "Bonjour ! Comment puis-je vous aider ?",
        "Avec plaisir ! Puis-je encore vous aider ?",
        "Je suis un assistant automatique : je réponds à partir de nos pages d'aide, et vous pouvez parler à un humain à tout"
        " moment.",
        "Je ne connais pas la réponse : je n'ai rien trouvé à ce sujet dans nos pages d'aide.",
        "Voulez-vous parler à un humain ?",
        "Nos pages d'aide ne mentionnent pas {words}. Voici ce qui s'en approche le plus :",
        "J'ai demandé à notre équipe de prendre le relais : elle vous répondra ici.",
        "Entendu. Écrivez-moi si vous avez une autre question.",
        "Je ne peux ni voir les images, ni écouter les messages vocaux, ni ouvrir les fichiers ici.",
        "J'ai dû m'arrêter ici. Demandez-moi de continuer s'il vous faut la suite.",
        "Je ne connais pas non plus cette réponse.",
        "Notre équipe peut vous aider : dois-je lui demander de prendre le relais ?",
        "Je vous prie de nous excuser.",
        "Je ne trouve rien dans nos pages d'aide qui règle cela.",
    ),
    "es": Phrases(
        "¡Hola! ¿En qué puedo ayudarle?",
        "¡De nada! ¿Puedo ayudarle en algo más?",
        "Soy un asistente automático: respondo a partir de nuestras páginas de ayuda, y puede hablar con una persona en"
        " cualquier momento.",
        "No sé la respuesta: no he encontrado nada al respecto en nuestras páginas de ayuda.",
        "¿Quiere hablar con una persona?",
        "Nuestras páginas de ayuda no mencionan {words}. Esto es lo más parecido:",
        "He pedido a nuestro equipo que se encargue: le responderá aquí.",
        "De acuerdo. Escríbame cuando tenga otra pregunta.",
        "Aquí no puedo ver imágenes, escuchar mensajes de voz ni abrir archivos.",
        "He tenido que parar aquí. Pídame que siga si necesita el resto.",
        "Tampoco sé la respuesta a eso.",
        "Nuestro equipo puede ayudarle. ¿Le pido que se encargue?",
        "Lo siento.",
        "No encuentro nada en nuestras páginas de ayuda que lo resuelva.",
    ),
    "nl": Phrases(
        "Hallo! Waarmee kan ik u helpen?",
        "Graag gedaan! Kan ik nog iets voor u doen?",
        "Ik ben een automatische assistent: ik antwoord uit onze helppagina's, en u kunt altijd met een mens praten.",
        "Dat weet ik niet: ik heb er niets over gevonden op onze helppagina's.",
        "Wilt u met een mens praten?",
        "Onze helppagina's noemen {words} niet. Dit komt het dichtst in de buurt:",
        "Ik heb ons team gevraagd om het over te nemen: zij antwoorden u hier.",
        "Goed. Schrijf me gerust als u nog een vraag hebt.",
        "Ik kan hier geen afbeeldingen zien, spraakberichten horen of bestanden openen.",
        "Ik moest hier stoppen. Vraag me verder te gaan als u de rest nodig hebt.",
        "Ook dat weet ik niet.",
        "Ons team kan u daarbij helpen: zal ik vragen of zij het overnemen?",
        "Dat spijt me.",
        "Ik vind niets op onze helppagina's dat dit oplost.",
    ),
    "it": Phrases(
        "Buongiorno! Come posso aiutarla?",
        "Prego! Posso aiutarla in qualcos'altro?",
        "Sono un assistente automatico: rispondo dalle nostre pagine di aiuto, e può parlare con una persona in qualsiasi"
        " momento.",
        "Non conosco la risposta: non ho trovato nulla al riguardo nelle nostre pagine di aiuto.",
        "Vuole parlare con una persona?",
        "Le nostre pagine di aiuto non citano {words}. Questo è ciò che più si avvicina:",
        "Ho chiesto al nostro team di occuparsene: le risponderà qui.",
        "Va bene. Mi scriva quando ha un'altra domanda.",
        "Qui non posso vedere immagini, ascoltare messaggi vocali o aprire file.",
        "Ho dovuto fermarmi qui. Mi chieda di continuare se le serve il resto.",
        "Non so nemmeno questo.",
        "Il nostro team può aiutarla: vuole che gli chieda di occuparsene?",
        "Mi dispiace.",
        "Non trovo nulla nelle nostre pagine di aiuto che lo risolva.",
    ),
    "pt": Phrases(
        "Olá! Em que posso ajudar?",
        "De nada! Posso ajudar em mais alguma coisa?",
        "Sou um assistente automático: respondo a partir das nossas páginas de ajuda, e pode falar com uma pessoa a qualquer"
        " momento.",
        "Não sei a resposta: não encontrei nada sobre isso nas nossas páginas de ajuda.",
        "Quer falar com uma pessoa?",
        "As nossas páginas de ajuda não mencionam {words}. Isto é o mais próximo:",
        "Pedi à nossa equipa que assuma: vão responder-lhe aqui.",
        "Está bem. Escreva-me quando tiver outra pergunta.",
        "Aqui não consigo ver imagens, ouvir mensagens de voz nem abrir ficheiros.",
        "Tive de parar aqui. Peça-me para continuar se precisar do resto.",
        "Também não sei a resposta a isso.",
        "A nossa equipa pode ajudar: quer que lhe peça para assumir?",
        "Lamento o sucedido.",
        "Não encontro nada nas nossas páginas de ajuda que resolva isso.",
    ),
    "ar": Phrases(
        "مرحبًا! كيف يمكنني مساعدتك؟",
        "على الرحب والسعة! هل يمكنني مساعدتك في شيء آخر؟",
        "أنا مساعد آلي: أجيب من صفحات المساعدة لدينا، ويمكنك التحدث إلى موظف في أي وقت.",
        "لا أعرف الإجابة: لم أجد شيئًا عن ذلك في صفحات المساعدة لدينا.",
        "هل تريد التحدث إلى موظف؟",
        "لا تذكر صفحات المساعدة لدينا {words}. هذا أقرب ما وجدته:",
        "طلبت من فريقنا أن يتولى الأمر، وسيرد عليك هنا.",
        "حسنًا. اكتب إليّ متى كان لديك سؤال آخر.",
        "لا أستطيع هنا رؤية الصور أو سماع الرسائل الصوتية أو فتح الملفات.",
        "اضطررت إلى التوقف هنا. اطلب مني المتابعة إذا احتجت إلى الباقي.",
        "لا أعرف إجابة ذلك أيضًا.",
        "يمكن لفريقنا مساعدتك: هل أطلب منه أن يتولى الأمر؟",
        "نأسف لذلك.",
        "لم أجد في صفحات المساعدة لدينا ما يحل ذلك.",
    ),
}


def phrases(language: str) -> Phrases:
    """The sentences in a language, or in English."""
    return _PHRASES.get(language, _PHRASES[ENGLISH])
