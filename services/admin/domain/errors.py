"""Admin's errors; each `reason` is a value of the contract's `ErrorReason`."""

from datetime import timedelta
from math import ceil

from kit import errors
from kit.ids import OrganizationId


class InvalidCredentials(errors.Unauthenticated):
    reason = "INVALID_CREDENTIALS"

    def __init__(self) -> None:
        super().__init__("Organization, e-mail address or password is wrong. After too many attempts, wait some minutes.")


class TooManyAttempts(errors.ResourceExhausted):
    reason = "TOO_MANY_ATTEMPTS"

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, ceil(wait.total_seconds()))
        super().__init__(f"Too many failed attempts; try again in {seconds} s.", retry_seconds=seconds)


class InvalidRefreshToken(errors.Unauthenticated):
    reason = "INVALID_REFRESH_TOKEN"

    def __init__(self) -> None:
        super().__init__("The session has ended; sign in again.")


class RefreshTokenReused(errors.Unauthenticated):
    reason = "REFRESH_TOKEN_REUSED"

    def __init__(self) -> None:
        super().__init__("This refresh token was used before, so its session is ended for safety; sign in again.")


class InvalidApiKey(errors.Unauthenticated):
    reason = "INVALID_API_KEY"

    def __init__(self) -> None:
        super().__init__("The API key is unknown, expired or revoked; an administrator can make another.")


class OrganizationNotFound(errors.NotFound):
    reason = "ORGANIZATION_NOT_FOUND"

    def __init__(self, organization: OrganizationId) -> None:
        super().__init__(f"There is no organization {organization}.", organization=organization)


class OrganizationErasureNotFound(errors.NotFound):
    reason = "ORGANIZATION_ERASURE_NOT_FOUND"

    def __init__(self, organization: OrganizationId) -> None:
        super().__init__(f"The erasure of organization {organization} has not begun.", organization=organization)


class OrganizationExists(errors.AlreadyExists):
    reason = "ORGANIZATION_EXISTS"

    def __init__(self, organization: OrganizationId) -> None:
        super().__init__(
            f"There is, or was, an organization {organization} already; choose another id.", organization=organization
        )


class UserNotFound(errors.NotFound):
    reason = "USER_NOT_FOUND"

    def __init__(self, user: str) -> None:
        super().__init__(f"There is no user {user}.", user=user)


class UserExists(errors.AlreadyExists):
    reason = "USER_EXISTS"

    def __init__(self, user: str) -> None:
        super().__init__(f"There is a user {user} already; choose another id or leave it out.", user=user)


class EmailTaken(errors.AlreadyExists):
    reason = "EMAIL_TAKEN"

    def __init__(self) -> None:
        super().__init__("Another user of the organization has this e-mail address.")


class WeakPassword(errors.InvalidArgument):
    reason = "WEAK_PASSWORD"

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message, rule=rule)


class InvalidDisplayName(errors.InvalidArgument):
    reason = "INVALID_DISPLAY_NAME"

    def __init__(self) -> None:
        super().__init__("A display name has 1 to 100 characters, none of them a line break or another control character.")


class InvalidEmail(errors.InvalidArgument):
    reason = "INVALID_EMAIL"

    def __init__(self) -> None:
        super().__init__("An e-mail address is needed.")


class InvalidTimeZone(errors.InvalidArgument):
    reason = "INVALID_TIME_ZONE"

    def __init__(self, time_zone: str) -> None:
        super().__init__(f"{time_zone!r} is not a time zone of the IANA database, such as Europe/Madrid.", time_zone=time_zone)


class InvalidBusinessHours(errors.InvalidArgument):
    reason = "INVALID_BUSINESS_HOURS"

    def __init__(self, path: str, problem: str) -> None:
        field = f"businessHours.{path}"
        super().__init__(f"{field} can't be used: {problem}.", field=field)


class InvalidFilter(errors.InvalidArgument):
    reason = "INVALID_FILTER"

    def __init__(self, term: str) -> None:
        super().__init__(f"The filter term {term!r} is not known; use state:active, state:deactivated or role:…", term=term)


class PermissionNotHeld(errors.PermissionDenied):
    reason = "PERMISSION_NOT_HELD"

    def __init__(self, permission: str) -> None:
        super().__init__(f"This takes the permission {permission}, which you do not hold yourself.", permission=permission)


class LastOwner(errors.FailedPrecondition):
    reason = "LAST_OWNER"

    def __init__(self, user: str) -> None:
        super().__init__(f"User {user} is the last active owner; make another one first.", user=user)


class UserRequired(errors.PermissionDenied):
    reason = "USER_REQUIRED"

    def __init__(self) -> None:
        super().__init__("Only a user who is signed in may do this, not an API key or a service.")


class RoleNotFound(errors.NotFound):
    reason = "ROLE_NOT_FOUND"

    def __init__(self, role: str) -> None:
        super().__init__(f"There is no role {role}.", role=role)


class UnknownPermission(errors.InvalidArgument):
    reason = "UNKNOWN_PERMISSION"

    def __init__(self, permission: str) -> None:
        super().__init__(f"There is no permission {permission}.", permission=permission)


class ApiKeyNotFound(errors.NotFound):
    reason = "API_KEY_NOT_FOUND"

    def __init__(self, api_key: str) -> None:
        super().__init__(f"There is no API key {api_key}.", api_key=api_key)


class InvalidExpiry(errors.InvalidArgument):
    reason = "INVALID_EXPIRY"

    def __init__(self, max_days: int) -> None:
        super().__init__(f"An API key must expire in the future and within {max_days} days.", max_days=max_days)


class ScopesRequired(errors.InvalidArgument):
    reason = "SCOPES_REQUIRED"

    def __init__(self) -> None:
        super().__init__("An API key needs at least one scope.")


class RoleExists(errors.AlreadyExists):
    reason = "ROLE_EXISTS"

    def __init__(self, role: str) -> None:
        super().__init__(f"There is a role {role} already; choose another id.", role=role)


class BuiltInRole(errors.FailedPrecondition):
    reason = "BUILT_IN_ROLE"

    def __init__(self, role: str) -> None:
        super().__init__(f"The role {role} is built in and can't be changed; create a role of your own.", role=role)


class SettingNotFound(errors.NotFound):
    reason = "SETTING_NOT_FOUND"

    def __init__(self, setting: str) -> None:
        super().__init__(f"There is no setting {setting}; ListSettings names those there are.", setting=setting)


class WrongSetting(errors.InvalidArgument):
    reason = "WRONG_SETTING"

    def __init__(self, setting: str, member: str) -> None:
        super().__init__(f"The draft of setting {setting} must be given as draft.{member}.", setting=setting)


class SettingNotUsed(errors.Unimplemented):
    reason = "SETTING_NOT_USED"

    def __init__(self, field: str) -> None:
        super().__init__(f"No service follows {field} yet; leave it out.", field=field)


class CredentialNotFound(errors.NotFound):
    reason = "CREDENTIAL_NOT_FOUND"

    def __init__(self, credential: str) -> None:
        super().__init__(f"There is no credential {credential} in this organization; create it first.", credential=credential)


class CredentialExists(errors.AlreadyExists):
    reason = "CREDENTIAL_EXISTS"

    def __init__(self, credential: str) -> None:
        super().__init__(f"There is a credential {credential} already; choose another id.", credential=credential)


class SecretRequired(errors.InvalidArgument):
    reason = "SECRET_REQUIRED"

    def __init__(self, field: str) -> None:
        super().__init__(
            f"{field} is required: a new credential, and one that is sent to another place, needs its secret.", field=field
        )


class UrlNotAllowed(errors.InvalidArgument):
    reason = "URL_NOT_ALLOWED"

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field} is not allowed: {why}", field=field)


class TooManyCredentials(errors.ResourceExhausted):
    reason = "TOO_MANY_CREDENTIALS"

    def __init__(self, limit: int) -> None:
        super().__init__(f"An organization has at most {limit} credentials; delete one first.", limit=limit)


class TooManyRoles(errors.ResourceExhausted):
    reason = "TOO_MANY_ROLES"

    def __init__(self, limit: int) -> None:
        super().__init__(f"An organization has at most {limit} roles of its own; delete one first.", limit=limit)


class UnknownDimension(errors.InvalidArgument):
    reason = "UNKNOWN_DIMENSION"

    def __init__(self, dimension: str) -> None:
        super().__init__(
            f"{dimension!r} can't be used here: split by dimensions of GetReportCatalog, filter by those that aren't times, "
            "and sort by a column of the query.",
            dimension=dimension,
        )


class UnknownMetric(errors.InvalidArgument):
    reason = "UNKNOWN_METRIC"

    def __init__(self, metric: str) -> None:
        super().__init__(f"{metric!r} is not a metric of reports; GetReportCatalog lists them.", metric=metric)


class InvalidInterval(errors.InvalidArgument):
    reason = "INVALID_INTERVAL"

    def __init__(self, why: str, max_steps: int) -> None:
        super().__init__(f"The interval can't be used: {why}. Choose another one.", max_steps=max_steps)


class InvalidLink(errors.Unauthenticated):
    reason = "INVALID_LINK"

    def __init__(self) -> None:
        super().__init__("This link is not valid, or a newer one replaces it; ask for another.")


class LinkExpired(errors.FailedPrecondition):
    reason = "LINK_EXPIRED"

    def __init__(self) -> None:
        super().__init__("This link has expired; ask for another.")


class LinkUsed(errors.FailedPrecondition):
    reason = "LINK_USED"

    def __init__(self) -> None:
        super().__init__("This link was used before; sign in, or ask for another.")


class LinkRevoked(errors.FailedPrecondition):
    reason = "LINK_REVOKED"

    def __init__(self) -> None:
        super().__init__("This link was taken back; ask for another.")


class SetupComplete(errors.FailedPrecondition):
    reason = "SETUP_COMPLETE"

    def __init__(self) -> None:
        super().__init__("This installation has an organization already; sign in to it.")


class InvitationNotFound(errors.NotFound):
    reason = "INVITATION_NOT_FOUND"

    def __init__(self, invitation: str) -> None:
        super().__init__(f"There is no invitation {invitation}.", invitation=invitation)


class InvitationExists(errors.AlreadyExists):
    reason = "INVITATION_EXISTS"

    def __init__(self, invitation: str) -> None:
        super().__init__(
            f"Invitation {invitation} for this e-mail address is pending; renew or revoke it.", invitation=invitation
        )


class InvitationEnded(errors.FailedPrecondition):
    reason = "INVITATION_ENDED"

    def __init__(self, invitation: str) -> None:
        super().__init__(f"Invitation {invitation} was accepted or revoked; create another one.", invitation=invitation)


class TooManyInvitations(errors.ResourceExhausted):
    reason = "TOO_MANY_INVITATIONS"

    def __init__(self, limit: int) -> None:
        super().__init__(f"An organization has at most {limit} pending invitations; revoke some first.", limit=limit)


class InvalidCode(errors.Unauthenticated):
    reason = "INVALID_CODE"

    def __init__(self) -> None:
        super().__init__("The code is wrong or was used before; wait for the next one of your authenticator app.")


class InvalidChallenge(errors.Unauthenticated):
    reason = "INVALID_CHALLENGE"

    def __init__(self) -> None:
        super().__init__("This sign-in took too long, or the password has changed; sign in again.")


class SecondFactorOn(errors.FailedPrecondition):
    reason = "SECOND_FACTOR_ON"

    def __init__(self) -> None:
        super().__init__("You have a second factor already; disable it first.")


class SecondFactorOff(errors.FailedPrecondition):
    reason = "SECOND_FACTOR_OFF"

    def __init__(self) -> None:
        super().__init__("There is no second factor; start to set one up first.")


class SecondFactorRequired(errors.FailedPrecondition):
    reason = "SECOND_FACTOR_REQUIRED"

    def __init__(self) -> None:
        super().__init__("Your organization requires a second factor, so it can't be turned off.")


class SessionNotFound(errors.NotFound):
    reason = "SESSION_NOT_FOUND"

    def __init__(self, session: str) -> None:
        super().__init__(f"You have no session {session}.", session=session)


class UserDeactivated(errors.FailedPrecondition):
    reason = "USER_DEACTIVATED"

    def __init__(self, user: str) -> None:
        super().__init__(f"User {user} is deactivated; activate the user first.", user=user)


class ApiKeyEnded(errors.FailedPrecondition):
    reason = "API_KEY_ENDED"

    def __init__(self, api_key: str) -> None:
        super().__init__(f"API key {api_key} is revoked or expired; make another one.", api_key=api_key)


class TooManySecrets(errors.ResourceExhausted):
    reason = "TOO_MANY_SECRETS"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} older secrets of this API key are still good; wait, or rotate without overlap.", limit=limit)
