"""Mails in German."""

from services.channel.domain.letter_texts.texts import Texts

TEXTS = Texts(
    invitation_subject="Einladung zu {organization} bei Frontdesk",
    invitation="Sie sind eingeladen, bei {organization} auf Frontdesk mitzuarbeiten.",
    invitation_by="{inviter} lädt Sie ein, bei {organization} auf Frontdesk mitzuarbeiten.",
    invitation_more="Öffnen Sie den Link, wählen Sie ein Passwort, und schon sind Sie dabei.",
    invitation_button="Einladung annehmen",
    reset_subject="Neues Passwort für {organization}",
    reset="Für Ihr Konto bei {organization} wurde ein neues Passwort angefordert. Öffnen Sie den Link, um eines zu wählen.",
    reset_ignore="Wenn Sie das nicht waren, ignorieren Sie diese E-Mail: Ihr Passwort bleibt, wie es ist.",
    reset_button="Neues Passwort wählen",
    test_subject="Test-E-Mail von {organization}",
    test="Dies ist ein Test: {organization} kann mit Frontdesk E-Mails senden.",
    confirm_subject="Bestätigen Sie Ihre Adresse für {business}",
    confirm="Sie haben diese Adresse im Chat von {business} angegeben. Bestätigen Sie sie, dann kommt die Antwort hierher.",
    confirm_ignore="Wenn Sie das nicht waren, ignorieren Sie diese E-Mail: Sie erhalten keine weitere.",
    confirm_button="Adresse bestätigen",
    answer_subject="{business} hat Ihnen geantwortet",
    answer="{business} hat im Chat geantwortet:",
    answer_file="Die Antwort ist eine Datei. Öffnen Sie den Chat, um sie zu sehen.",
    answer_button="Chat fortsetzen",
    transcript_subject="Ihr Chat mit {business}",
    transcript="Hier ist Ihr Chat mit {business}, wie gewünscht.",
    no_reply="Auf diese E-Mail können Sie noch nicht antworten. Bitte antworten Sie im Chat.",
    expires="Der Link gilt bis {time}.",
    you="Sie",
    assistant="Assistent",
    agent="Kundendienst",
)
