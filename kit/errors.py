"""Errors for callers, as exceptions that carry a canonical code, a reason and metadata.

    FrontdeskError
    ├── InvalidArgument       the request is wrong whatever the state
    ├── Unauthenticated       no token, or not a good one
    ├── PermissionDenied      a good token that may not do this
    ├── NotFound              no such thing here, or not the caller's
    ├── AlreadyExists         the thing is there already
    ├── FailedPrecondition    right request, wrong state
    ├── Aborted               someone was faster, or the stream ended: read again and repeat
    ├── OutOfRange            past the valid range, such as a token that is too old
    ├── ResourceExhausted     a limit or a quota
    ├── DeadlineExceeded      no time left
    ├── Unavailable           something needed is unavailable; repeat later
    ├── Unimplemented         in the contract, not built yet
    └── Internal              a bug

A service derives its own from these and names a `reason`, which is a value of its contract's `ErrorReason` enum without the
prefix. One interceptor turns them into a status with `google.rpc.ErrorInfo`; nothing else builds a status.
"""

import re


def json_name(path: str) -> str:
    """A field's path as JSON writes it: `user.display_name` is `user.displayName`. Errors name fields so."""
    return re.sub("_([a-z0-9])", lambda match: match[1].upper(), path)


class FrontdeskError(Exception):
    """An error for the caller, in words that say what to do.

    `detail` is for the log of those who run this: what a driver or a transport said, which may name addresses. Its first 300
    characters are kept.
    """

    code: str = "INTERNAL"
    reason: str = ""

    def __init__(
        self, message: str, *, reason: str | None = None, domain: str = "", detail: str = "", **metadata: object
    ) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail[:300]
        self.reason = reason or self.reason or self.code
        self.domain = domain
        self.metadata = {key: str(value) for key, value in metadata.items()}


class InvalidArgument(FrontdeskError):
    code = "INVALID_ARGUMENT"


class Unauthenticated(FrontdeskError):
    code = "UNAUTHENTICATED"


class PermissionDenied(FrontdeskError):
    code = "PERMISSION_DENIED"


class NotFound(FrontdeskError):
    code = "NOT_FOUND"


class AlreadyExists(FrontdeskError):
    code = "ALREADY_EXISTS"


class FailedPrecondition(FrontdeskError):
    code = "FAILED_PRECONDITION"


class Aborted(FrontdeskError):
    code = "ABORTED"


class OutOfRange(FrontdeskError):
    code = "OUT_OF_RANGE"


class ResourceExhausted(FrontdeskError):
    code = "RESOURCE_EXHAUSTED"


class DeadlineExceeded(FrontdeskError):
    code = "DEADLINE_EXCEEDED"


class Unavailable(FrontdeskError):
    code = "UNAVAILABLE"


class Unimplemented(FrontdeskError):
    code = "UNIMPLEMENTED"


class Internal(FrontdeskError):
    code = "INTERNAL"


class TokenRevoked(Unauthenticated):
    reason = "TOKEN_REVOKED"

    def __init__(self) -> None:
        super().__init__("This token was revoked, because its owner's access has changed. Refresh it, or sign in again.")


class OrganizationSuspended(FailedPrecondition):
    reason = "ORGANIZATION_SUSPENDED"

    def __init__(self, organization: str) -> None:
        super().__init__(
            "This organization is suspended: nothing can be written or changed in it now. Its owners can sign in and read.",
            organization=organization,
        )


class OrganizationDeleting(FailedPrecondition):
    reason = "ORGANIZATION_DELETING"

    def __init__(self, organization: str) -> None:
        super().__init__(
            "This organization is being deleted: nothing can be written or changed in it. Until its data is erased, its owners "
            "can sign in and read, and the operator can restore it.",
            organization=organization,
        )


class OrganizationErased(NotFound):
    reason = "ORGANIZATION_ERASED"

    def __init__(self, organization: str) -> None:
        super().__init__("This organization was deleted, and its data is erased.", organization=organization)


class StoreUnavailable(Unavailable):
    reason = "STORE_UNAVAILABLE"

    def __init__(self, store: str, detail: str) -> None:
        known = {"store": store} if store else {}
        super().__init__("A store that this needs is unavailable; repeat in a moment.", detail=detail, **known)

    @classmethod
    def of(cls, error: BaseException) -> "StoreUnavailable":
        """The meaning of a driver's error; the driver's package names the store."""
        driver = type(error).__module__.partition(".")[0]
        return cls("" if driver == "builtins" else driver, repr(error))


class RequestIdReused(AlreadyExists):
    reason = "REQUEST_ID_REUSED"

    def __init__(self, request_id: str) -> None:
        super().__init__("This requestId came before with other content; use a new one.", request_id=request_id)


class EtagMismatch(Aborted):
    reason = "ETAG_MISMATCH"

    def __init__(self, etag: str) -> None:
        super().__init__("Someone else changed this since it was read; read it again and repeat.", etag=etag)


class SettingVersionNotFound(NotFound):
    reason = "SETTING_VERSION_NOT_FOUND"

    def __init__(self, setting: str, version: str) -> None:
        super().__init__(
            f"Setting {setting} has no version {version} that this call can use; ListSettingVersions names them.",
            setting=setting,
            version=version,
        )


class UnknownField(InvalidArgument):
    reason = "UNKNOWN_FIELD"

    def __init__(self, path: str, allowed: frozenset[str]) -> None:
        names = ", ".join(sorted(map(json_name, allowed)))
        super().__init__(f"{json_name(path)} can't be changed by this call; it changes {names}.", path=path, allowed=names)


class TextEmpty(InvalidArgument):
    reason = "TEXT_EMPTY"

    def __init__(self) -> None:
        super().__init__("The text shows nothing; write something.", field="text")


class TextTooLong(InvalidArgument):
    reason = "TEXT_TOO_LONG"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A message has at most {limit} characters in all its parts; split it.", limit=limit)


class PartNotAllowed(InvalidArgument):
    reason = "PART_NOT_ALLOWED"

    def __init__(self, part: str) -> None:
        super().__init__(f"This sender can't send a part of kind {part}; leave it out.", part=part)


BY_CODE: dict[str, type[FrontdeskError]] = {
    kind.code: kind
    for kind in (
        InvalidArgument,
        Unauthenticated,
        PermissionDenied,
        NotFound,
        AlreadyExists,
        FailedPrecondition,
        Aborted,
        OutOfRange,
        ResourceExhausted,
        DeadlineExceeded,
        Unavailable,
        Unimplemented,
        Internal,
    )
}
