"""AWS Signature Version 4, computed from Amazon's description ("Create a signed AWS API request") and without their library."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>(?P<date>\d{8})/(?P<region>[^/]+)/s3/aws4_request), ?"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)
MUST_BE_SIGNED = {"host", "x-amz-date", "x-amz-content-sha256"}


class BadSignature(Exception):
    """A request that Amazon would refuse."""


def check(
    method: str, path: str, query: Sequence[tuple[str, str]], headers: Mapping[str, str], body: bytes, key: str, secret: str
) -> None:
    """Raises BadSignature unless the request was signed with the secret of `key`, its body included."""
    said = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if said is None or said["key"] != key:
        raise BadSignature("no authorization with this key")
    signed = said["headers"].split(";")
    if not set(signed) >= MUST_BE_SIGNED:
        raise BadSignature(f"not signed: {MUST_BE_SIGNED - set(signed)}")
    if headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
        raise BadSignature("the body is another one")
    canonical = "\n".join(
        [
            method,
            quote(path, safe="/-_.~"),
            "&".join(sorted(f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in query)),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed),
            "",
            said["headers"],
            headers["x-amz-content-sha256"],
        ]
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"AWS4-HMAC-SHA256\n{headers['x-amz-date']}\n{said['scope']}\n{digest}"
    signing = f"AWS4{secret}".encode()
    for part in (said["date"], said["region"], "s3", "aws4_request"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    if not hmac.compare_digest(hmac.digest(signing, to_sign.encode(), "sha256").hex(), said["signature"]):
        raise BadSignature("the signature is another one")
