"""How often customers may write, by organization."""

from kit.ids import OrganizationId
from services.channel.domain.limits import SESSIONS, CustomerRates, Rates

ACME, OTHER = OrganizationId("acme"), OrganizationId("other")


def test_an_organization_lowers_its_rates_and_never_raises_them() -> None:
    rates = Rates(CustomerRates.per_minute(30, 60))
    rates.change(ACME, 10, 20)
    assert rates.of(ACME).messages.calls == 10
    assert rates.of(ACME).of_customer is not None
    assert rates.of(ACME)._customer.calls == 20
    assert rates.of(OTHER) == rates.installation
    rates.change(ACME, 1000, 1000)
    assert rates.of(ACME).messages.calls == 30
    assert rates.of(ACME)._customer.calls == 30 * SESSIONS
    rates.change(ACME, 0, 0)
    assert rates.of(ACME) == rates.installation
