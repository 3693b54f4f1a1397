import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Discovery(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DISCOVERY_UNSPECIFIED: _ClassVar[Discovery]
    DISCOVERY_SITEMAPS_AND_LINKS: _ClassVar[Discovery]
    DISCOVERY_LINKS: _ClassVar[Discovery]
    DISCOVERY_SITEMAPS: _ClassVar[Discovery]

class CrawlState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CRAWL_STATE_UNSPECIFIED: _ClassVar[CrawlState]
    CRAWL_STATE_PENDING: _ClassVar[CrawlState]
    CRAWL_STATE_RUNNING: _ClassVar[CrawlState]
    CRAWL_STATE_SUCCEEDED: _ClassVar[CrawlState]
    CRAWL_STATE_FAILED: _ClassVar[CrawlState]
    CRAWL_STATE_CANCELLED: _ClassVar[CrawlState]

class CrawlPageState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CRAWL_PAGE_STATE_UNSPECIFIED: _ClassVar[CrawlPageState]
    CRAWL_PAGE_STATE_WAITING: _ClassVar[CrawlPageState]
    CRAWL_PAGE_STATE_NEW: _ClassVar[CrawlPageState]
    CRAWL_PAGE_STATE_CHANGED: _ClassVar[CrawlPageState]
    CRAWL_PAGE_STATE_UNCHANGED: _ClassVar[CrawlPageState]
    CRAWL_PAGE_STATE_GONE: _ClassVar[CrawlPageState]
    CRAWL_PAGE_STATE_FAILED: _ClassVar[CrawlPageState]
    CRAWL_PAGE_STATE_SKIPPED: _ClassVar[CrawlPageState]
DISCOVERY_UNSPECIFIED: Discovery
DISCOVERY_SITEMAPS_AND_LINKS: Discovery
DISCOVERY_LINKS: Discovery
DISCOVERY_SITEMAPS: Discovery
CRAWL_STATE_UNSPECIFIED: CrawlState
CRAWL_STATE_PENDING: CrawlState
CRAWL_STATE_RUNNING: CrawlState
CRAWL_STATE_SUCCEEDED: CrawlState
CRAWL_STATE_FAILED: CrawlState
CRAWL_STATE_CANCELLED: CrawlState
CRAWL_PAGE_STATE_UNSPECIFIED: CrawlPageState
CRAWL_PAGE_STATE_WAITING: CrawlPageState
CRAWL_PAGE_STATE_NEW: CrawlPageState
CRAWL_PAGE_STATE_CHANGED: CrawlPageState
CRAWL_PAGE_STATE_UNCHANGED: CrawlPageState
CRAWL_PAGE_STATE_GONE: CrawlPageState
CRAWL_PAGE_STATE_FAILED: CrawlPageState
CRAWL_PAGE_STATE_SKIPPED: CrawlPageState

class Site(_message.Message):
    __slots__ = ("name", "display_name", "start_uri", "include_paths", "exclude_paths", "max_depth", "max_pages", "discovery", "crawl_interval", "latest_crawl", "crawling", "next_crawl_time", "document_count", "create_time", "update_time", "etag")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    START_URI_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_PATHS_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_PATHS_FIELD_NUMBER: _ClassVar[int]
    MAX_DEPTH_FIELD_NUMBER: _ClassVar[int]
    MAX_PAGES_FIELD_NUMBER: _ClassVar[int]
    DISCOVERY_FIELD_NUMBER: _ClassVar[int]
    CRAWL_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    LATEST_CRAWL_FIELD_NUMBER: _ClassVar[int]
    CRAWLING_FIELD_NUMBER: _ClassVar[int]
    NEXT_CRAWL_TIME_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    start_uri: str
    include_paths: _containers.RepeatedScalarFieldContainer[str]
    exclude_paths: _containers.RepeatedScalarFieldContainer[str]
    max_depth: int
    max_pages: int
    discovery: Discovery
    crawl_interval: _duration_pb2.Duration
    latest_crawl: str
    crawling: bool
    next_crawl_time: _timestamp_pb2.Timestamp
    document_count: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    etag: str
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., start_uri: _Optional[str] = ..., include_paths: _Optional[_Iterable[str]] = ..., exclude_paths: _Optional[_Iterable[str]] = ..., max_depth: _Optional[int] = ..., max_pages: _Optional[int] = ..., discovery: _Optional[_Union[Discovery, str]] = ..., crawl_interval: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., latest_crawl: _Optional[str] = ..., crawling: _Optional[bool] = ..., next_crawl_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., document_count: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ...) -> None: ...

class Crawl(_message.Message):
    __slots__ = ("name", "state", "problem", "notices", "found_count", "waiting_count", "new_count", "changed_count", "unchanged_count", "gone_count", "failed_count", "skipped_count", "skips", "create_time", "start_time", "end_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    NOTICES_FIELD_NUMBER: _ClassVar[int]
    FOUND_COUNT_FIELD_NUMBER: _ClassVar[int]
    WAITING_COUNT_FIELD_NUMBER: _ClassVar[int]
    NEW_COUNT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_COUNT_FIELD_NUMBER: _ClassVar[int]
    GONE_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_COUNT_FIELD_NUMBER: _ClassVar[int]
    SKIPS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    state: CrawlState
    problem: CrawlProblem
    notices: _containers.RepeatedScalarFieldContainer[str]
    found_count: int
    waiting_count: int
    new_count: int
    changed_count: int
    unchanged_count: int
    gone_count: int
    failed_count: int
    skipped_count: int
    skips: _containers.RepeatedCompositeFieldContainer[SkipCount]
    create_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., state: _Optional[_Union[CrawlState, str]] = ..., problem: _Optional[_Union[CrawlProblem, _Mapping]] = ..., notices: _Optional[_Iterable[str]] = ..., found_count: _Optional[int] = ..., waiting_count: _Optional[int] = ..., new_count: _Optional[int] = ..., changed_count: _Optional[int] = ..., unchanged_count: _Optional[int] = ..., gone_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., skipped_count: _Optional[int] = ..., skips: _Optional[_Iterable[_Union[SkipCount, _Mapping]]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class SkipCount(_message.Message):
    __slots__ = ("reason", "count")
    REASON_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    reason: str
    count: int
    def __init__(self, reason: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class CrawlPage(_message.Message):
    __slots__ = ("uri", "state", "problem", "document", "depth", "found_on", "read_time")
    URI_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    FOUND_ON_FIELD_NUMBER: _ClassVar[int]
    READ_TIME_FIELD_NUMBER: _ClassVar[int]
    uri: str
    state: CrawlPageState
    problem: CrawlProblem
    document: str
    depth: int
    found_on: str
    read_time: _timestamp_pb2.Timestamp
    def __init__(self, uri: _Optional[str] = ..., state: _Optional[_Union[CrawlPageState, str]] = ..., problem: _Optional[_Union[CrawlProblem, _Mapping]] = ..., document: _Optional[str] = ..., depth: _Optional[int] = ..., found_on: _Optional[str] = ..., read_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CrawlProblem(_message.Message):
    __slots__ = ("reason", "message")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...
