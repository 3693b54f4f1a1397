"""Links to the bytes of files, as notes that this service signs for itself."""

from datetime import timedelta

from kit.caller import Caller, Kind, Signer
from kit.clock import Clock
from kit.ids import OrganizationId
from kit.revocations import Revocations
from services.channel.domain.media import (
    DELIVERY_LINK,
    DOWNLOAD_LINK,
    UPLOAD_LINK,
    FileKey,
    LinkInvalid,
    MediaId,
    Party,
    Purpose,
)
from services.channel.ports.media import Link, Linked

_LIVES: dict[Purpose, timedelta] = {
    Purpose.UPLOAD: UPLOAD_LINK,
    Purpose.DOWNLOAD: DOWNLOAD_LINK,
    Purpose.DELIVERY: DELIVERY_LINK,
}


class SignedLinks:
    """`Links` signed with channel's key, for one purpose and file each; no access token, since its audience is the purpose.

    A link names the token that it was given for, and is revoked with it: access that ends takes its links along. A closed
    organization's links don't work, a provider's included.
    """

    def __init__(self, signer: Signer, revocations: Revocations, now: Clock) -> None:
        self._signer = signer
        self._revocations = revocations
        self._now = now

    def issue(self, purpose: Purpose, party: Party, key: FileKey, media_type: str = "") -> Link:
        token = self._signer.sign_note(
            f"media-{purpose}",
            _LIVES[purpose],
            org=key.organization,
            media=key.id,
            sub=party.subject,
            session=party.session,
            issued=str(party.issued),
            type=media_type,
        )
        return Link(purpose, token, self._now() + _LIVES[purpose])

    def read(self, purpose: Purpose, token: str) -> Linked:
        claims = self._signer.read_note(f"media-{purpose}", token)
        if not claims:
            raise LinkInvalid
        kind, _, id = claims["sub"].partition("/")
        issued, session = float(claims["issued"]), claims["session"]
        self._revocations.check_organization(claims["org"])
        self._revocations.check(Caller(claims["org"], Kind(kind), id, frozenset(), 0.0, session=session, issued=issued))
        key = FileKey(OrganizationId(claims["org"]), MediaId(claims["media"]))
        holder = token if purpose is Purpose.DELIVERY else f"{claims['org']}/{claims['sub']}/{session}"
        return Linked(key, holder, claims.get("type", ""))
