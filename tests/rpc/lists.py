"""Reading lists by their contracts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

MAX_PAGE = 100
Call = Callable[[Any], Awaitable[Any]]


async def in_pages(call: Call, request: Any, size: int = 1) -> list[Any]:
    """A list that isn't empty, page by page; no page is empty, and one that holds all that there is leads to none after it."""
    request.page_size, request.page_token = size, ""
    found, more = await _page(call, request)
    while more:
        request.page_token = more
        page, more = await _page(call, request)
        found += page
    if len(found) <= MAX_PAGE:  # others may have filled a list that all tests share
        request.page_size, request.page_token = len(found), ""
        assert [len(found), ""] == [len((whole := await _page(call, request))[0]), whole[1]]
    return found


async def _page(call: Call, request: Any) -> tuple[list[Any], str]:
    response = await call(request)
    (items,) = (
        getattr(response, field.name)
        for field in response.DESCRIPTOR.fields
        if field.is_repeated and field.message_type and field.name != "columns"  # of a report
    )
    assert 0 < len(items) <= request.page_size
    return list(items), response.next_page_token
