"""Customers by their name, address or phone number, as SQL. Each part reads at most a few rows of an index."""

import re

from kit.text import sought

MAX_CUSTOMERS = 100
MIN_DIGITS = 5
"""Of a phone number's end: fewer say little."""

_NAME = """(
select id from customer where organization = $1 and {name} >= folded($5) and {name} < folded($5) || chr(1114111)
    and erased is null and merged_into is null
limit $4
)"""
# The indexes of migrations 0019 and 0021 have the same expressions; kit/0007_plain_letters.sql has the function.
FOUND = " union ".join(
    (
        _NAME.format(name='folded(display_name) collate "C"'),
        _NAME.format(name="folded(substring(display_name from '\\S+$')) collate \"C\""),
        """(
select customer from identity where organization = $1 and lower(value) collate "C" >= $2
    and lower(value) collate "C" < $2 || chr(1114111) and kind <> 'BROWSER'
limit $4
)""",
        """(
select customer from identity where organization = $1 and reverse(value) collate "C" >= $3
    and reverse(value) collate "C" < $3 || chr(1114111) and $3 <> '' and kind in ('PHONE', 'WHATSAPP_USER')
limit $4
)""",
    )
)


def values(query: str) -> tuple[str, str, int, str] | None:
    """The values of the statement's parameters from the second on; None where a query means no customer."""
    meant, name = " ".join(query.lower().split()), sought(query)
    if len(name) < 2:
        return None
    digits = re.sub(r"\D", "", meant).lstrip("0") if re.fullmatch(r"[\d\s+()./-]+", meant) else ""
    return meant, digits[::-1] if len(digits) >= MIN_DIGITS else "", MAX_CUSTOMERS, name
