"""The use cases of one's own second factor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kit.clock import Clock
from kit.ids import OrganizationId
from kit.limits import Limits
from services.admin import ports
from services.admin.app.attempts import Attempt
from services.admin.app.settings import SettingApp
from services.admin.app.sign_in import Enrollment, enrollment_of
from services.admin.domain import errors, limits, passwords, second_factors
from services.admin.domain.roles import Actor
from services.admin.domain.second_factors import Decided, SecondFactor


@dataclass(frozen=True)
class SecondFactorApp:
    """Setting up a second factor and taking it down. Raises UserRequired for anybody but a user."""

    users: ports.Users
    second_factors: ports.SecondFactors
    settings: SettingApp
    attempts: Limits
    passwords: ports.Passwords
    now: Clock

    async def get(self, organization: OrganizationId, by: Actor) -> tuple[SecondFactor | None, bool]:
        """The caller's second factor, and whether the organization requires one."""
        found = await self.second_factors.get(organization, _user_id(by))
        return found, await self.settings.requires_second_factor(organization)

    async def start(self, organization: OrganizationId, password: str, by: Actor) -> Enrollment:
        """A new secret. Raises InvalidCredentials or SecondFactorOn."""
        id = _user_id(by)
        found = await self.users.credentials(organization, id)
        if found is None:
            raise errors.UserNotFound(id)
        async with Attempt(self.attempts, limits.password_change(organization, id)) as attempt:
            if not await self.passwords.verify(found.password_hash, passwords.normalize(password)):
                raise errors.InvalidCredentials
            attempt.was_good = True
        fresh = second_factors.start(organization, id, self.now())
        await self._change(organization, by, lambda factor: second_factors.begin(factor, fresh))
        return enrollment_of(fresh, found.user)

    async def confirm(self, organization: OrganizationId, code: str, by: Actor) -> Sequence[str]:
        """Turns it on; the recovery codes."""
        now = self.now()
        return (await self._try(organization, by, lambda factor: second_factors.confirm(factor, code, now))).codes

    async def regenerate(self, organization: OrganizationId, code: str, by: Actor) -> Sequence[str]:
        """New recovery codes."""
        now = self.now()
        return (await self._try(organization, by, lambda factor: second_factors.regenerate(factor, code, now))).codes

    async def disable(self, organization: OrganizationId, code: str, by: Actor) -> None:
        """Turns it off. Raises SecondFactorRequired."""
        now, required = self.now(), await self.settings.requires_second_factor(organization)
        await self._try(organization, by, lambda factor: second_factors.disable(factor, code, required, now))

    async def _try(self, organization: OrganizationId, by: Actor, rule: Callable[[SecondFactor | None], Decided]) -> Decided:
        """A change by a code, which is counted if it is wrong."""
        async with Attempt(self.attempts, limits.second_factor(organization, _user_id(by))) as attempt:
            decided = await self._change(organization, by, rule)
            attempt.was_good = True
            return decided

    async def _change(self, organization: OrganizationId, by: Actor, rule: Callable[[SecondFactor | None], Decided]) -> Decided:
        id = _user_id(by)
        decided = await self.second_factors.change(organization, id, by, rule)
        if decided is None:
            raise errors.UserNotFound(id)
        return decided


def _user_id(by: Actor) -> str:
    if by.kind != "users":
        raise errors.UserRequired
    return by.id
