"""Domain values to protobuf and back."""

from frontdesk.memory import v1 as pb
from frontdesk.memory.internal import v1 as internal

from kit import errors, names
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from kit.journal import by_fields
from services.memory.app import Draft, Mode
from services.memory.domain import problems
from services.memory.domain.documents import (
    Change,
    Document,
    DocumentId,
    MediaType,
    Passage,
    Source,
    SourceKind,
    State,
    media_type_of,
)
from services.memory.ports import Findings, Hit

fact_to_pb = by_fields(internal, {"document": "documents/{}"})
"""Facts as the journal keeps them."""

UPDATABLE = ("title", "uri", "text", "file", "web")
_STATES = {
    State.PENDING: pb.DOCUMENT_STATE_PENDING,
    State.INDEXING: pb.DOCUMENT_STATE_INDEXING,
    State.READY: pb.DOCUMENT_STATE_READY,
    State.FAILED: pb.DOCUMENT_STATE_FAILED,
}
_STATES_BACK = {number: state for state, number in _STATES.items()}
_MODES = {pb.SEARCH_MODE_DENSE: Mode.DENSE, pb.SEARCH_MODE_LEXICAL: Mode.LEXICAL}


def organization_from_pb(parent: str) -> OrganizationId:
    """The organization of `organizations/{organization}`."""
    return OrganizationId(names.parse("organizations/{organization}", parent)["organization"])


def document_name_from_pb(name: str) -> tuple[OrganizationId, DocumentId]:
    """The ids in a document's name."""
    parts = names.parse("organizations/{organization}/documents/{document}", name)
    return OrganizationId(parts["organization"]), DocumentId(parts["document"])


def passage_name_from_pb(name: str) -> tuple[OrganizationId, DocumentId, str]:
    """The ids in a passage's name."""
    parts = names.parse("organizations/{organization}/documents/{document}/passages/{passage}", name)
    return OrganizationId(parts["organization"]), DocumentId(parts["document"]), parts["passage"]


def state_from_pb(state: int) -> State | None:
    """None: any state."""
    return _STATES_BACK.get(state)  # type: ignore[call-overload,no-any-return]


def mode_from_pb(mode: int) -> Mode:
    """The rankings a search uses."""
    return _MODES.get(mode, Mode.HYBRID)  # type: ignore[call-overload,no-any-return]


def draft_from_pb(request: pb.CreateDocumentRequest) -> Draft:
    """A document as wanted. Raises SourceMissing or MediaTypeUnsupported."""
    document = request.document
    source, content = _source_from_pb(document)
    return Draft(request.document_id, document.title.strip(), document.uri, source, content)


def change_from_pb(request: pb.UpdateDocumentRequest) -> Change:
    """The changes of an update. Raises FieldNotUpdatable, SourceMissing or MediaTypeUnsupported."""
    document = request.document
    paths = list(request.update_mask.paths)
    for path in paths:
        if path not in UPDATABLE:
            raise problems.FieldNotUpdatable(path)
    if not paths:
        paths = [path for path in ("title", "uri") if getattr(document, path)]
        paths += [kind] if (kind := document.WhichOneof("source")) else []
    source: Source | None = None
    content: bytes | None = None
    if any(path in ("text", "file", "web") for path in paths):
        source, content = _source_from_pb(document)
        if source.kind.value not in paths:
            raise problems.SourceMissing
    return Change(
        title=document.title.strip() if "title" in paths else None,
        uri=document.uri if "uri" in paths else None,
        source=source,
        content=content,
    )


def _source_from_pb(document: pb.Document) -> tuple[Source, bytes]:
    match document.WhichOneof("source"):
        case "text":
            content = document.text.content.encode()
            if not content.strip():
                raise problems.SourceMissing
            return Source(SourceKind.TEXT, MediaType(document.text.media_type or MediaType.MARKDOWN)), content
        case "file":
            return _file_from_pb(document.file)
        case "web":
            return Source(SourceKind.WEB, uri=document.web.uri), b""
        case _:
            raise problems.SourceMissing


def _file_from_pb(file: pb.FileSource) -> tuple[Source, bytes]:
    if file.upload:
        raise errors.Unimplemented("Documents from uploads are part of the contract and not built yet; send file.content.")
    if not file.content:
        raise problems.SourceMissing
    media_type = media_type_of(file.content, file.file_name, file.media_type)
    if media_type is None:
        raise problems.MediaTypeUnsupported(file.media_type)
    return Source(SourceKind.FILE, media_type, file.file_name), file.content


def document_to_pb(document: Document) -> pb.Document:
    """A document without its content."""
    message = pb.Document(
        name=f"organizations/{document.organization}/documents/{document.id}",
        title=document.title,
        uri=document.link,
        state=_STATES[document.state],
        progress=pb.IndexingProgress(
            passages_total=document.passages_total, passages_embedded=document.passages_embedded, attempt=document.attempt
        ),
        revision=document.revision,
        indexed_revision=document.indexed_revision,
        passage_count=document.passage_count,
        size_bytes=document.size,
        embedding_model=document.embedding_model,
        create_time=time_to_pb(document.created),
        update_time=time_to_pb(document.updated),
        index_time=time_to_pb(document.indexed),
        etag=document.etag,
    )
    if document.failure is not None and document.failure.reason:
        failure = document.failure
        message.error.CopyFrom(
            pb.DocumentError(reason=failure.reason, message=failure.message, fail_time=time_to_pb(failure.at))
        )
    media_type = document.source.media_type.value if document.source.media_type else ""
    match document.source.kind:
        case SourceKind.TEXT:
            message.text.CopyFrom(pb.TextSource(media_type=media_type))
        case SourceKind.FILE:
            message.file.CopyFrom(pb.FileSource(media_type=media_type, file_name=document.source.file_name))
        case SourceKind.WEB:
            message.web.CopyFrom(pb.WebSource(uri=document.source.uri))
    return message


def passage_to_pb(passage: Passage) -> pb.Passage:
    """A passage."""
    document = f"organizations/{passage.organization}/documents/{passage.document}"
    return pb.Passage(
        name=f"{document}/passages/{passage.revision}-{passage.ordinal}",
        document=document,
        document_title=passage.title,
        heading=passage.heading,
        uri=passage.uri,
        text=passage.text,
        ordinal=passage.ordinal,
        page=passage.page,
    )


def findings_to_pb(findings: Findings, model: str) -> pb.SearchPassagesResponse:
    """The result of a search."""
    failed = []
    if findings.dense_failed:
        failed.append(pb.RANKING_DENSE)
    if findings.lexical_failed:
        failed.append(pb.RANKING_LEXICAL)
    return pb.SearchPassagesResponse(
        results=[_hit_to_pb(hit) for hit in findings.hits],
        degraded=bool(failed),
        failed=failed,
        embedding_model=model,
        knowledge_version=findings.version,
    )


def _hit_to_pb(hit: Hit) -> pb.SearchResult:
    return pb.SearchResult(
        passage=passage_to_pb(hit.passage),
        score=hit.score,
        dense_score=hit.dense_score,
        lexical_score=hit.lexical_score,
        dense_rank=hit.dense_rank,
        lexical_rank=hit.lexical_rank,
    )
