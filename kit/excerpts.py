"""Beginnings of texts, as people read them."""


def excerpt(text: str, limit: int) -> str:
    """The beginning of `text` in at most `limit` characters: whole, or cut after a word, with `…`."""
    if len(text) <= limit:
        return text
    room = text[:limit]
    # A word so long that it fills half of the room is cut: texts without spaces, such as Japanese, or an address.
    space = max(room.rfind(" "), room.rfind("\n"))
    end = space if space >= limit // 2 else limit - 1
    return room[:end].rstrip() + "…"
