"""Mails in Spanish."""

from services.channel.domain.letter_texts.texts import Texts

TEXTS = Texts(
    invitation_subject="Invitación a {organization} en Frontdesk",
    invitation="Le han invitado a unirse a {organization} en Frontdesk.",
    invitation_by="{inviter} le invita a unirse a {organization} en Frontdesk.",
    invitation_more="Abra el enlace y elija una contraseña para empezar.",
    invitation_button="Aceptar la invitación",
    reset_subject="Elija una contraseña nueva para {organization}",
    reset="Se ha pedido una contraseña nueva para su cuenta en {organization}. Abra el enlace para elegirla.",
    reset_ignore="Si no ha sido usted, ignore este correo: su contraseña no cambia.",
    reset_button="Elegir una contraseña nueva",
    test_subject="Correo de prueba de {organization}",
    test="Esto es una prueba: {organization} puede enviar correos con Frontdesk.",
    confirm_subject="Confirme su dirección para {business}",
    confirm="Ha dejado esta dirección en el chat de {business}. Confírmela y recibirá aquí la respuesta.",
    confirm_ignore="Si no ha sido usted, ignore este correo: no recibirá ningún otro.",
    confirm_button="Confirmar mi dirección",
    answer_subject="{business} le ha respondido",
    answer="{business} ha respondido en el chat:",
    answer_file="La respuesta es un archivo. Abra el chat para verlo.",
    answer_button="Continuar el chat",
    transcript_subject="Su chat con {business}",
    transcript="Este es su chat con {business}, como ha pedido.",
    no_reply="Todavía no es posible responder a este correo. Responda en el chat, por favor.",
    expires="El enlace funciona hasta el {time}.",
    you="Usted",
    assistant="Asistente",
    agent="Atención al cliente",
)
