"""Rules of a good password."""

import pytest

from services.admin.domain import passwords
from services.admin.domain.errors import WeakPassword


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("", "TOO_SHORT"),
        ("nine char", "TOO_SHORT"),
        ("x" * 129, "TOO_LONG"),
        ("aaaaaaaaaaaa", "REPETITIVE"),
        ("abababababab", "REPETITIVE"),
        ("PassWord123", "COMMON"),
        ("frontdesk2026", "COMMON"),
        ("some.user@demo.test", "CONTAINS_NAME"),
        ("some.user@demo.test1", "CONTAINS_NAME"),
        ("Some User 1!", "CONTAINS_NAME"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_the_rule(password: str, rule: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        passwords.check(password, "Some User", "some.user@demo.test", "some.user")
    assert refused.value.metadata == {"rule": rule}
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize(
    "password", ["seven green bicycles", "frontdesk-demo", "Zebra!94:Kite", "пароль-длинный-вот", "x" * 5 + "abcdefg"]
)
def test_a_long_one_is_good_without_special_characters(password: str) -> None:
    assert passwords.check(password, "Some User", "some.user@demo.test") == password


def test_the_same_text_from_another_keyboard_is_the_same_password() -> None:
    assert passwords.check("cafe\u0301 au lait!") == passwords.check("caf\u00e9 au lait!")
    assert passwords.normalize("ｆｕｌｌ") == "full"
