"""JSON that another program wrote: an answer of a server, a webhook, a page token."""

import msgspec

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""The errors of msgspec for it, with Python's own ones that bytes that aren't UTF-8 and deep nesting raise."""
