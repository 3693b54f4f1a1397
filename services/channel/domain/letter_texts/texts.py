"""The texts that a language needs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    invitation_subject: str
    invitation: str
    invitation_by: str
    invitation_more: str
    invitation_button: str
    reset_subject: str
    reset: str
    reset_ignore: str
    reset_button: str
    test_subject: str
    test: str
    confirm_subject: str
    confirm: str
    confirm_ignore: str
    confirm_button: str
    answer_subject: str
    answer: str
    answer_file: str
    """Stands for an answer that is only a file."""
    answer_button: str
    transcript_subject: str
    transcript: str
    no_reply: str
    """That replying by mail is not possible yet."""
    expires: str
    you: str
    assistant: str
    agent: str
