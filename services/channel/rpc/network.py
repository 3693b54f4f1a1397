"""The network address that a browser's call comes from."""

from kit.interceptors import Context


def metadata_of(context: Context) -> dict[str, str]:
    """A call's metadata, the binary ones left out."""
    return {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}


def address_of(context: Context) -> str:
    """The network address of a browser, as our own proxy saw it; what came before its entry was written by the client."""
    metadata = metadata_of(context)
    seen = metadata.get("x-envoy-external-address") or metadata.get("x-forwarded-for", "").rpartition(",")[2]
    return (seen.strip() or context.peer().rpartition(":")[0])[:64]
