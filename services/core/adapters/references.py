"""The things that facts refer to, read in batches."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.core.adapters import rows
from services.core.domain import ConversationReference, MessageReference

_MESSAGES = """
select m.*, c.address_kind, c.address_scope, c.address_value, c.address_verified
from unnest($1::text[], $2::text[]) as wanted (organization, id)
join message m on m.organization = wanted.organization and m.id = wanted.id
join conversation c on c.organization = m.organization and c.id = m.conversation
"""
_CONVERSATIONS = """
select c.*, null as turn_id, o.display_name, coalesce((
    select left(m.text, 200) from message m
    where m.organization = c.organization and m.conversation = c.id and m.role = 'CUSTOMER' order by m.seq desc limit 1
), '') as last_text
from unnest($1::text[], $2::text[]) as wanted (organization, id)
join conversation c on c.organization = wanted.organization and c.id = wanted.id
join customer o on o.organization = c.organization and o.id = c.customer
"""


class PostgresReferences:
    """The port References."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def messages(self, wanted: Sequence[MessageReference]) -> list[MessageReference]:
        found = await self._pool.fetch(_MESSAGES, *_keys(wanted))
        known = {(row["organization"], row["id"]): row for row in found}
        return [_message(item, known.get((item.organization, item.id))) for item in wanted]

    async def conversations(self, wanted: Sequence[ConversationReference]) -> list[ConversationReference]:
        found = await self._pool.fetch(_CONVERSATIONS, *_keys(wanted))
        known = {(row["organization"], row["id"]): row for row in found}
        return [_conversation(item, known.get((item.organization, item.id))) for item in wanted]


def _keys(wanted: Sequence[MessageReference | ConversationReference]) -> tuple[list[str], list[str]]:
    return [item.organization for item in wanted], [item.id for item in wanted]


def _message(item: MessageReference, row: Any) -> MessageReference:
    if row is None:
        return item
    return replace(item, message=rows.message(row), address=rows.address(row))


def _conversation(item: ConversationReference, row: Any) -> ConversationReference:
    if row is None:
        return item
    conversation = rows.conversation(row)
    return replace(item, conversation=conversation, customer_display_name=row["display_name"], last_text=row["last_text"])
