"""Codes of authenticator apps and recovery codes: which are right, and that none is right twice."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from kit.ids import OrganizationId
from services.admin.domain import second_factors
from services.admin.domain.errors import InvalidCode, SecondFactorOff, SecondFactorOn, SecondFactorRequired
from services.admin.domain.facts import RecoveryCodeUsed, SecondFactorDisabled, SecondFactorEnabled
from services.admin.domain.second_factors import SecondFactor

DEMO = OrganizationId("demo")
NOW = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)
RFC = SecondFactor(DEMO, "u1", b"12345678901234567890", NOW, confirmed=NOW)
"""The secret of RFC 6238's test vectors."""


def code(factor: SecondFactor, at: datetime) -> str:
    return TOTP(factor.secret, 6, SHA1(), 30).generate(int(at.timestamp())).decode()


def enabled() -> tuple[SecondFactor, list[str]]:
    fresh = second_factors.start(DEMO, "u1", NOW)
    decided = second_factors.confirm(fresh, code(fresh, NOW), NOW)
    assert decided.factor is not None
    return decided.factor, list(decided.codes)


def passes(factor: SecondFactor, text: str, now: datetime) -> bool:
    try:
        second_factors.use(factor, text, now)
    except InvalidCode:
        return False
    return True


@pytest.mark.parametrize(("seconds", "right"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924")])
def test_codes_are_those_of_rfc_6238(seconds: int, right: str) -> None:
    assert passes(RFC, right, datetime.fromtimestamp(seconds, UTC))


@pytest.mark.parametrize(("off", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_telephones_clock_may_be_off_by_a_step(off: int, right: bool) -> None:
    assert passes(RFC, code(RFC, NOW + timedelta(seconds=off)), NOW) is right


def test_a_code_works_once_and_so_does_an_older_one() -> None:
    used = second_factors.use(RFC, code(RFC, NOW), NOW).factor
    assert used is not None
    assert not passes(used, code(RFC, NOW), NOW)
    assert not passes(used, code(RFC, NOW - timedelta(seconds=30)), NOW)
    assert passes(used, code(RFC, NOW + timedelta(seconds=30)), NOW)


@pytest.mark.parametrize("text", ["", "12345", "1234567", "١٢٣٤٥٦", "'; drop table", "😀" * 6, "0" * 64])
def test_anything_else_is_wrong(text: str) -> None:
    assert not passes(RFC, text, NOW)


def test_blanks_dashes_and_case_do_not_count() -> None:
    factor, codes = enabled()
    later = NOW + timedelta(minutes=1)
    right = code(factor, later)
    assert passes(factor, f" {right[:3]} {right[3:]} ", later)
    assert passes(factor, codes[0].upper().replace("-", " "), later)


def test_it_is_off_until_a_code_of_it_was_given() -> None:
    fresh = second_factors.start(DEMO, "u1", NOW)
    with pytest.raises(SecondFactorOff):
        second_factors.use(fresh, code(fresh, NOW), NOW)
    with pytest.raises(InvalidCode):
        second_factors.confirm(fresh, "000000" if code(fresh, NOW) != "000000" else "111111", NOW)
    confirmed = second_factors.confirm(fresh, code(fresh, NOW), NOW)
    assert confirmed.facts == (SecondFactorEnabled("users/u1", "u1"),)
    with pytest.raises(SecondFactorOn):
        second_factors.confirm(confirmed.factor, code(fresh, NOW), NOW)
    with pytest.raises(SecondFactorOn):
        second_factors.begin(confirmed.factor, fresh)
    with pytest.raises(SecondFactorOff):
        second_factors.confirm(None, "123456", NOW)


def test_the_code_that_turned_it_on_signs_no_one_in() -> None:
    factor, _ = enabled()
    assert not passes(factor, code(factor, NOW), NOW)


def test_ten_recovery_codes_of_80_bits_work_once_each() -> None:
    factor, codes = enabled()
    assert len(set(codes)) == 10
    assert all(len(each) == 19 for each in codes)
    assert not any(each in repr(factor) for each in codes)
    for number, each in enumerate(codes):
        used = second_factors.use(factor, each, NOW)
        assert used.factor is not None
        assert used.facts == (RecoveryCodeUsed("users/u1", "u1", 9 - number),)
        assert not passes(used.factor, each, NOW)
        factor = used.factor


def test_new_recovery_codes_revoke_the_old_ones() -> None:
    factor, old = enabled()
    regenerated = second_factors.regenerate(factor, old[0], NOW)
    assert regenerated.factor is not None
    assert not any(passes(regenerated.factor, each, NOW) for each in old)
    assert all(passes(regenerated.factor, each, NOW) for each in regenerated.codes)


def test_turning_it_off_takes_a_code_and_is_refused_where_one_is_required() -> None:
    factor, codes = enabled()
    with pytest.raises(SecondFactorRequired):
        second_factors.disable(factor, codes[0], required=True, now=NOW)
    with pytest.raises(InvalidCode):
        second_factors.disable(factor, "nothing", required=False, now=NOW)
    off = second_factors.disable(factor, code(factor, NOW + timedelta(seconds=30)), required=False, now=NOW)
    assert off.factor is None
    assert off.facts == (SecondFactorDisabled("users/u1", "u1"),)
    with pytest.raises(SecondFactorOff):
        second_factors.disable(None, codes[0], required=False, now=NOW)


def test_the_uri_says_what_an_app_needs() -> None:
    uri = urlsplit(second_factors.uri(RFC, "a+b@demo.test"))
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/Frontdesk:a%2Bb%40demo.test")
    values = {key: value[0] for key, value in parse_qs(uri.query).items()}
    assert values == {
        "digits": "6",
        "secret": second_factors.text_of(RFC.secret),
        "algorithm": "SHA1",
        "period": "30",
        "issuer": "Frontdesk",
    }


def test_a_secret_has_160_random_bits() -> None:
    secrets = {second_factors.start(DEMO, "u1", NOW).secret for _ in range(10)}
    assert {len(secret) for secret in secrets} == {20}
    assert len(secrets) == 10
