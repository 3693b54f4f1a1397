"""Which conversations a list shows, as SQL. Only conditions that are given stand in it, so that each finds its index."""

from services.core.domain import Wanted

ORDER = "order by c.updated desc, c.id desc"


def condition(wanted: Wanted, first: int) -> tuple[str, list[object]]:
    """The condition on `conversation c`, and the values of its parameters, which are numbered from `first`."""
    parts, values = ["true"], list[object]()
    if wanted.states:  # as words of the statement: the database compares them with its statistics
        names = ", ".join(f"'{state.name}'" for state in sorted(wanted.states))
        parts.append(f"c.state in ({names})")
    if wanted.tags:
        parts.append("c.tags <> '{}'")
    if wanted.unanswered is not None:
        parts.append(f"c.last_customer_seq {'>' if wanted.unanswered else '<='} c.answered_seq")
    given: list[tuple[str, object]] = [
        ("c.customer = {}", wanted.customer),
        ("c.customer = any({}::text[])", None if wanted.customers is None else list(wanted.customers)),
        ("c.channel = {}", wanted.channel),
        ("c.agent = {}", wanted.agent),
        ("c.tags @> {}::text[]", list(wanted.tags) or None),
        ("c.rating = any({}::smallint[])", list(wanted.ratings) or None),
        ("c.updated >= {}", wanted.changed_since),
        ("c.updated < {}", wanted.changed_before),
        ("c.id = any({}::text[])", None if wanted.ids is None else list(wanted.ids)),
    ]
    for text, value in given:
        if value is not None:
            parts.append(text.format(f"${first + len(values)}"))
            values.append(value)
    return " and ".join(parts), values
