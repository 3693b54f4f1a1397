"""Mails in Dutch."""

from services.channel.domain.letter_texts.texts import Texts

TEXTS = Texts(
    invitation_subject="Uitnodiging voor {organization} op Frontdesk",
    invitation="U bent uitgenodigd om mee te werken bij {organization} op Frontdesk.",
    invitation_by="{inviter} nodigt u uit om mee te werken bij {organization} op Frontdesk.",
    invitation_more="Open de link en kies een wachtwoord om te beginnen.",
    invitation_button="Uitnodiging aannemen",
    reset_subject="Kies een nieuw wachtwoord voor {organization}",
    reset="Voor uw account bij {organization} is een nieuw wachtwoord aangevraagd. Open de link om er een te kiezen.",
    reset_ignore="Was u dit niet? Negeer deze e-mail dan: uw wachtwoord blijft zoals het is.",
    reset_button="Nieuw wachtwoord kiezen",
    test_subject="Testbericht van {organization}",
    test="Dit is een test: {organization} kan e-mails versturen met Frontdesk.",
    confirm_subject="Bevestig uw adres voor {business}",
    confirm="U hebt dit adres achtergelaten in de chat van {business}. Bevestig het, dan komt het antwoord hier.",
    confirm_ignore="Was u dit niet? Negeer deze e-mail dan: u krijgt er geen andere.",
    confirm_button="Mijn adres bevestigen",
    answer_subject="{business} heeft u geantwoord",
    answer="{business} heeft in de chat geantwoord:",
    answer_file="Het antwoord is een bestand. Open de chat om het te bekijken.",
    answer_button="Chat voortzetten",
    transcript_subject="Uw chat met {business}",
    transcript="Hier is uw chat met {business}, zoals gevraagd.",
    no_reply="U kunt nog niet op deze e-mail antwoorden. Antwoord alstublieft in de chat.",
    expires="De link werkt tot {time}.",
    you="U",
    assistant="Assistent",
    agent="Klantenservice",
)
