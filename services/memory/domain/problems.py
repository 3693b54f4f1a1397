"""The errors of documents and searches; the reasons are those of the contract.

DocumentProblem     the document's own fault: it becomes FAILED with this reason, and trying again does not help
EmbedderUnavailable, and the kit's StoreUnavailable     not its fault: tried again
"""

from kit import errors


class DocumentNotFound(errors.NotFound):
    reason = "DOCUMENT_NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no document {name}.", document=name)


class DocumentExists(errors.AlreadyExists):
    reason = "DOCUMENT_EXISTS"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} exists already; choose another id, or update it.", document=name)


class DocumentChanged(errors.Aborted):
    reason = "DOCUMENT_CHANGED"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} was changed since you read it; read it again and repeat.", document=name)


class SourceMissing(errors.InvalidArgument):
    reason = "DOCUMENT_SOURCE_MISSING"

    def __init__(self) -> None:
        super().__init__("Give the document's content: set one of text, file and web, and not empty.")


class FieldNotUpdatable(errors.InvalidArgument):
    reason = "FIELD_NOT_UPDATABLE"

    def __init__(self, name: str, updatable: str = "title, uri, text, file and web") -> None:
        super().__init__(f"{errors.json_name(name)} can't be changed; {updatable} can.", field=name)


class TooManyDocuments(errors.ResourceExhausted):
    reason = "TOO_MANY_DOCUMENTS"

    def __init__(self, limit: int) -> None:
        super().__init__(f"An organization may have {limit} documents; delete some first.", limit=limit)


class PassageNotFound(errors.NotFound):
    reason = "PASSAGE_NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no passage {name}; its document may have changed since.", passage=name)


class DocumentProblem(errors.InvalidArgument):
    """The document can't be indexed as it is."""

    is_temporary = False
    """Whether the same document may be indexed later: its server said so."""


class MediaTypeUnsupported(DocumentProblem):
    reason = "MEDIA_TYPE_UNSUPPORTED"

    def __init__(self, media_type: str) -> None:
        super().__init__(
            f"{media_type or 'This kind of file'} can't be read; use plain text, Markdown, HTML, CSV, PDF or DOCX.",
            media_type=media_type,
        )


class MediaTypeMismatch(DocumentProblem):
    reason = "MEDIA_TYPE_MISMATCH"

    def __init__(self, media_type: str) -> None:
        super().__init__(
            f"The file is not {media_type}, as it is said to be, or it is protected: save it again without a password, "
            "or name its type.",
            media_type=media_type,
        )


class DocumentUnreadable(DocumentProblem):
    reason = "DOCUMENT_UNREADABLE"

    def __init__(self, media_type: str, why: str) -> None:
        super().__init__(f"The document can't be read as {media_type}: {why}", media_type=media_type)


class IndexingCancelled(DocumentProblem):
    reason = "INDEXING_CANCELLED"

    def __init__(self) -> None:
        super().__init__("Its indexing was cancelled; reindex or change it to begin again.")


class DocumentEmpty(DocumentProblem):
    reason = "DOCUMENT_EMPTY"

    def __init__(self) -> None:
        super().__init__("There is no text in the document. A scanned PDF needs text recognition first.")


class DocumentTooLarge(DocumentProblem):
    reason = "DOCUMENT_TOO_LARGE"

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"The document has more than {limit:,} {what}; split it.", limit=limit)


class AddressNotAllowed(DocumentProblem):
    reason = "ADDRESS_NOT_ALLOWED"

    def __init__(self, uri: str, why: str) -> None:
        uri = without_user(uri)
        super().__init__(f"{uri} is not fetched: {why}", uri=uri)


class FetchFailed(DocumentProblem):
    reason = "FETCH_FAILED"

    def __init__(self, uri: str, why: str, status: int = 0) -> None:
        uri = without_user(uri)
        super().__init__(f"{uri} could not be fetched: {why}", uri=uri, status=status or "")
        self.is_temporary = status in (429, 502, 503, 504)


class EmbedderUnavailable(errors.Unavailable):
    reason = "EMBEDDER_UNAVAILABLE"

    def __init__(self, model: str, why: str, detail: str = "") -> None:
        super().__init__(f"The embedding model {model} can't be used now: {why}.", detail=detail or why, model=model)


class IndexingOvertaken(Exception):
    """Another worker indexes the document by now, or it was changed or deleted: what this one makes is not published."""


def without_user(uri: str) -> str:
    """An address as it may be shown: without the user name and the password that it may hold."""
    scheme, slashes, rest = uri.partition("//")
    authority, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{authority.rpartition('@')[2]}{slash}{path}"
