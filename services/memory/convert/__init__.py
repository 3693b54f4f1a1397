"""Domain values to protobuf and back."""

from collections.abc import Sequence

from frontdesk.memory import v1 as pb
from frontdesk.memory.internal import v1 as internal

from kit import names
from kit.convert import time_to_pb
from kit.ids import OrganizationId
from kit.journal import by_fields
from services.memory.app import Draft, Mode
from services.memory.domain import problems
from services.memory.domain.documents import (
    Change,
    ContentId,
    Document,
    DocumentId,
    MediaType,
    Passage,
    SiteId,
    Source,
    SourceKind,
    State,
    media_type_named,
)
from services.memory.domain.file_types import type_of_file
from services.memory.domain.models import EmbeddingModel, embedding_model
from services.memory.domain.selection import Fate
from services.memory.domain.uploads import Announced, Upload
from services.memory.ports import Findings, Hit, Seen

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
_REASONS = {Fate.DUPLICATE: internal.LEFT_OUT_REASON_DUPLICATE, Fate.OVER_BUDGET: internal.LEFT_OUT_REASON_OVER_BUDGET}
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


def site_from_pb(name: str) -> SiteId:
    """The id of a site by its name; empty: of none."""
    return SiteId(names.last(name))


def state_from_pb(state: int) -> State | None:
    """None: any state."""
    return _STATES_BACK.get(state)  # type: ignore[call-overload,no-any-return]


def mode_from_pb(mode: int) -> Mode:
    """The rankings a search uses."""
    return _MODES.get(mode, Mode.HYBRID)  # type: ignore[call-overload,no-any-return]


def draft_from_pb(request: pb.CreateDocumentRequest) -> Draft:
    """A document as wanted. Raises SourceMissing, MediaTypeUnsupported or MediaTypeMismatch."""
    document = request.document
    source, content = _source_from_pb(document)
    return Draft(request.document_id, document.title.strip(), document.uri, source, content, _upload_from_pb(document))


def change_from_pb(request: pb.UpdateDocumentRequest) -> Change:
    """The changes of an update. Raises FieldNotUpdatable, SourceMissing, MediaTypeUnsupported or MediaTypeMismatch."""
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
        upload=_upload_from_pb(document) if source is not None else None,
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
        return Source(SourceKind.FILE, media_type_named(file.media_type), file.file_name), b""
    if not file.content:
        raise problems.SourceMissing
    media_type = type_of_file(file.content, file.file_name, file.media_type)
    return Source(SourceKind.FILE, media_type, file.file_name), file.content


def _upload_from_pb(document: pb.Document) -> ContentId | None:
    """The upload that a document is made from."""
    if document.WhichOneof("source") != "file" or not document.file.upload:
        return None
    return ContentId(names.parse("organizations/{organization}/uploads/{upload}", document.file.upload)["upload"])


def announced_from_pb(request: pb.UploadContentRequest) -> Announced:
    """An upload as its first message describes it."""
    return Announced(request.file_name, request.content.content_type, request.size_bytes, request.sha256)


def upload_to_pb(upload: Upload) -> pb.UploadContentResponse:
    """An upload."""
    return pb.UploadContentResponse(
        upload=f"organizations/{upload.organization}/uploads/{upload.id}",
        media_type=upload.media_type.value,
        expire_time=time_to_pb(upload.expires),
        size_bytes=upload.size,
    )


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
        warnings=document.warnings,
        create_time=time_to_pb(document.created),
        update_time=time_to_pb(document.updated),
        index_time=time_to_pb(document.indexed),
        etag=document.etag,
        site=f"organizations/{document.organization}/sites/{document.site}" if document.site else "",
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


def seen_to_pb(organization: OrganizationId, seen: Seen) -> list[pb.WatchDocumentsResponse]:
    """Frames of a watch, without their resume tokens."""
    frames = [pb.WatchDocumentsResponse(document=document_to_pb(document)) for document in seen.documents]
    frames += [pb.WatchDocumentsResponse(deleted=f"organizations/{organization}/documents/{id}") for id in seen.deleted]
    return frames or [pb.WatchDocumentsResponse(heartbeat={})]


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
        results=[_hit_to_pb(hit, embedding_model(model)) for hit in findings.hits],
        degraded=bool(failed),
        failed=failed,
        embedding_model=model,
        knowledge_version=findings.version,
        unknown_words=findings.unknown_words,
    )


def context_to_pb(findings: Findings, fates: Sequence[Fate], model: str) -> internal.BuildContextResponse:
    """The passages to answer from, and those left out."""
    found = [(_hit_to_pb(hit, embedding_model(model)), fate) for hit, fate in zip(findings.hits, fates, strict=True)]
    return internal.BuildContextResponse(
        results=[hit for hit, fate in found if fate is Fate.USED],
        left_out=[internal.LeftOutPassage(result=hit, reason=_REASONS[fate]) for hit, fate in found if fate is not Fate.USED],
        degraded=findings.dense_failed or findings.lexical_failed,
        embedding_model=model,
        knowledge_version=findings.version,
        unknown_words=findings.unknown_words,
    )


def _hit_to_pb(hit: Hit, model: EmbeddingModel) -> pb.SearchResult:
    return pb.SearchResult(
        passage=passage_to_pb(hit.passage),
        score=hit.score,
        dense_score=model.relevance(hit.dense_score) if hit.dense_score is not None else None,
        lexical_score=hit.lexical_score,
        dense_rank=hit.dense_rank,
        lexical_rank=hit.lexical_rank,
        section_scores=map(model.relevance, hit.section_scores),
    )
