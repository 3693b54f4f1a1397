"""The port Customers."""

from __future__ import annotations

import pytest

from kit.ids import OrganizationId
from services.core.domain import Customer, CustomerId, CustomerNotFound, IdentityKind
from tests.contract.core.conftest import Kept

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_customer_comes_with_the_first_conversation(kept: Kept) -> None:
    opened = await kept.open("b1", "Sam")
    customer = await kept.customers.get(kept.organization, opened.customer)
    assert (customer.display_name, customer.language) == ("Sam", "en")
    assert [identity.key for identity in customer.identities] == [(IdentityKind.BROWSER, "", "b1")]


async def test_a_customer_of_another_organization_is_not_found(kept: Kept) -> None:
    opened = await kept.open()
    for organization, id in ((OrganizationId("another"), opened.customer), (kept.organization, CustomerId("nobody"))):
        with pytest.raises(CustomerNotFound):
            await kept.customers.get(organization, id)


async def test_customers_are_found_by_name_and_address(kept: Kept) -> None:
    for address, name in (("one@mail", "Robin"), ("two@mail", "Kim"), ("three_%", "100% Kim")):
        await kept.open(address, name)

    async def names(query: str) -> list[str]:
        return [customer.display_name for customer in await kept.customers.page(kept.organization, query, None, 10)]

    assert await names("") == ["100% Kim", "Kim", "Robin"]
    assert await names("kim") == ["100% Kim", "Kim"]
    assert await names("ONE@") == ["Robin"]
    assert await names("%") == ["100% Kim"]
    assert await names("nobody") == []


@pytest.mark.parametrize(
    ("name", "query"),
    [
        *(("Işık", query) for query in ("isik", "ışık", "IŞIK", "İşik")),
        *(("Søren", "soren"), ("Łukasz", "lukasz"), ("Đorđe", "dorde"), ("Æthel", "aethel"), ("Œuvre", "oeuvre")),
        *(("Þór", "THOR"), ("Weiß", "WEISS"), ("WEIẞ", "weiß"), ("ΝΊΚΟΣ", "νίκος"), ("محمد", "مُحَمَّد"), ("مُحَمَّد", "محمد")),
        *(("Acme™ №5", "no5"), ("ﬁn", "FIN"), ("हिन्दी", "हिन्दी"), ("한국", "한국"), ("Zoe\u0308", "zoë")),
        *(("Zoë Ångström", query) for query in ("  zoe ang", "zoe ang  ", "ZOE   Å", "zoe\u00a0\u2003ang")),
    ],
)
async def test_a_customer_is_found_without_accents(kept: Kept, name: str, query: str) -> None:
    await kept.open("one@mail", name)
    await kept.open("two@mail", "Another Person")
    assert [each.display_name for each in await kept.customers.page(kept.organization, query, None, 10)] == [name]


@pytest.mark.parametrize(
    ("name", "query"),
    [("किला", "कल"), ("ดู", "ดี"), ("한국", "하"), *(("A B", query) for query in (" ", "\u0301", "´", "\u064b \u0308"))],
)
async def test_no_customer_is_found_by_another_word_or_by_nothing(kept: Kept, name: str, query: str) -> None:
    await kept.open("one@mail", name)
    assert await kept.customers.page(kept.organization, query, None, 10) == []
    assert await kept.customers.page(kept.organization, "", None, 10) != []


async def test_customers_are_listed_page_by_page(kept: Kept) -> None:
    for n in range(5):
        await kept.open(f"b{n}", f"Customer {n}")
    seen: list[Customer] = []
    while page := await kept.customers.page(kept.organization, "", (seen[-1].updated, seen[-1].id) if seen else None, 2):
        seen += page
    assert [customer.display_name for customer in seen] == [f"Customer {n}" for n in range(4, -1, -1)]
