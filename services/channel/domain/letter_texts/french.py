"""Mails in French."""

from services.channel.domain.letter_texts.texts import Texts

TEXTS = Texts(
    invitation_subject="Invitation à rejoindre {organization} sur Frontdesk",
    invitation="Vous êtes invité(e) à rejoindre {organization} sur Frontdesk.",
    invitation_by="{inviter} vous invite à rejoindre {organization} sur Frontdesk.",
    invitation_more="Ouvrez le lien et choisissez un mot de passe pour commencer.",
    invitation_button="Accepter l’invitation",
    reset_subject="Choisissez un nouveau mot de passe pour {organization}",
    reset="Un nouveau mot de passe a été demandé pour votre compte chez {organization}. Ouvrez le lien pour le choisir.",
    reset_ignore="Si ce n’était pas vous, ignorez ce message : votre mot de passe ne change pas.",
    reset_button="Choisir un nouveau mot de passe",
    test_subject="Message de test de {organization}",
    test="Ceci est un test : {organization} peut envoyer des e-mails avec Frontdesk.",
    confirm_subject="Confirmez votre adresse pour {business}",
    confirm="Vous avez laissé cette adresse dans le chat de {business}. Confirmez-la et la réponse vous y sera envoyée.",
    confirm_ignore="Si ce n’était pas vous, ignorez ce message : vous n’en recevrez pas d’autre.",
    confirm_button="Confirmer mon adresse",
    answer_subject="{business} vous a répondu",
    answer="{business} a répondu dans le chat :",
    answer_file="La réponse est un fichier. Ouvrez le chat pour le voir.",
    answer_button="Continuer le chat",
    transcript_subject="Votre chat avec {business}",
    transcript="Voici votre chat avec {business}, comme demandé.",
    no_reply="Il n’est pas encore possible de répondre à ce message. Merci de répondre dans le chat.",
    expires="Le lien est valable jusqu’au {time}.",
    you="Vous",
    assistant="Assistant",
    agent="Service client",
)
