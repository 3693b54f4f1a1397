"""The rules for a good password (after NIST SP 800-63B): length, and not being among the first guesses."""

import unicodedata

from services.admin.domain.errors import WeakPassword

SHORTEST = 10
LONGEST = 128

_COMMON = frozenset(
    """
    1234567890 12345678910 0123456789 9876543210 0987654321 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc q1w2e3r4t5 q1w2e3r4t5y6
    qwertyuiop qwerty12345 qwerty1234 qwerty123456 qwertzuiop azertyuiop asdfghjkl1 asdfghjkl; zaq12wsxcde qazwsxedcr
    password12 password123 password1234 password12345 password01 passw0rd12 passw0rd123 p@ssw0rd12 p@ssw0rd123 p@ssword12
    p@ssword123 passwordpassword mypassword mypassword1 newpassword newpassword1 changeme12 changeme123 changemenow
    letmein123 letmein1234 welcome123 welcome1234 welcome2024 welcome2025 welcome2026 admin12345 admin123456 administrator
    administrator1 iloveyou12 iloveyou123 iloveyou1234 sunshine12 sunshine123 princess12 princess123 football12
    football123 baseball12 baseball123 basketball superman12 superman123 abcdefghij abcdefghijk abcdef1234 abcd123456
    abc1234567 a123456789 123456789a 123456789q 1234567890a 123qweasdzxc 123qwe123qwe summer2024! summer2025! summer2026!
    winter2024! winter2025! winter2026! spring2026! autumn2026! trustno1trustno1 whatever12 computer12 computer123
    liverpool1 manchester michelle12 starwars123 dragon12345 monkey12345 master12345 shadow12345 michael123 jennifer12
    secret1234 secret12345 testtest12 testtest123 test123456 test1234567 testing123 testing1234 support123 support1234
    customer123 helpdesk123 frontdesk1 frontdesk12 frontdesk123 frontdesk1234 frontdesk2026
    """.split()  # noqa: SIM905 - as a list it would be a hundred lines
)


def normalize(password: str) -> str:
    """The form that is hashed: the same text typed on another keyboard is the same password (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check(password: str, *names: str) -> str:
    """The normalized password. Raises WeakPassword if it is easy to guess, for example for who knows `names`."""
    password = normalize(password)
    if len(password) < SHORTEST:
        raise WeakPassword("TOO_SHORT", f"A password has at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise WeakPassword("TOO_LONG", f"A password has at most {LONGEST} characters.")
    plain = password.casefold()
    if len(set(plain)) < 5:
        raise WeakPassword("REPETITIVE", "This password repeats few characters; use more different ones.")
    if plain in _COMMON:
        raise WeakPassword("COMMON", "This password is among the first that others would try.")
    if any(_gives_away(plain, name.casefold()) for name in names):
        raise WeakPassword("CONTAINS_NAME", "A password must not be made of a name or an e-mail address.")
    return password


def _gives_away(password: str, name: str) -> bool:
    """Whether the password is little more than the name: what is left of it is shorter than 6 characters."""
    return len(name) >= 4 and name in password and len(password) - len(name) < 6
