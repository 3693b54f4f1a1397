"""Mails in English."""

from services.channel.domain.letter_texts.texts import Texts

TEXTS = Texts(
    invitation_subject="Join {organization} on Frontdesk",
    invitation="You have been invited to join {organization} on Frontdesk.",
    invitation_by="{inviter} invites you to join {organization} on Frontdesk.",
    invitation_more="Open the link, choose a password, and you're in.",
    invitation_button="Accept the invitation",
    reset_subject="Choose a new password for {organization}",
    reset="Someone asked for a new password for your account at {organization}. Open the link to choose one.",
    reset_ignore="If it wasn't you, ignore this mail: your password stays as it is.",
    reset_button="Choose a new password",
    test_subject="Test mail of {organization}",
    test="This is a test: {organization} can send mails with Frontdesk.",
    confirm_subject="Confirm your address for {business}",
    confirm="You left this address in the chat of {business}. Confirm it, and the answer will be sent here.",
    confirm_ignore="If it wasn't you, ignore this mail: nothing else will be sent to you.",
    confirm_button="Confirm my address",
    answer_subject="{business} has answered you",
    answer="{business} has answered in the chat:",
    answer_file="The answer is a file. Open the chat to see it.",
    answer_button="Continue the chat",
    transcript_subject="Your chat with {business}",
    transcript="Here is your chat with {business}, as you asked.",
    no_reply="You can't reply to this mail yet. Please answer in the chat.",
    expires="The link works until {time}.",
    you="You",
    assistant="Assistant",
    agent="Support",
)
