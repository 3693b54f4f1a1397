"""Admin: who belongs to an organization, how they sign in, and what they may do.

Its nouns are Organization, User, Role, Session (of a signed-in user), ApiKey; later Setting, AuditEvent and Report.
Read in this order: `domain/roles`, `domain/users`, `domain/sessions`, `ports`, `app`, `rpc`, `main`.
"""
