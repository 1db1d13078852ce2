"""Tokens as administrators see them: never their text."""

import strawberry

from models.access import Role
from models.token import StoredToken
from schema.enums import describe_enum
from schema.node import encode_id
from schema.scalars import DateTime, Locale, show_moment

ROLES = {
    Role.READER: "Reads what is published.",
    Role.PREVIEWER: "Reads drafts, schedules and history as well.",
    Role.EDITOR: "Writes drafts as well.",
    Role.PUBLISHER: "Publishes and unpublishes as well.",
    Role.ADMINISTRATOR: "Makes sites, tokens and webhooks as well.",
}
describe_enum(Role, "Role", "What a token may do; each role may do all that those before it may.", ROLES)


@strawberry.type(description="A token: a role that a program or person may use. Its text is not kept.")
class Token:
    """A token without its text."""

    stored: strawberry.Private[StoredToken]

    @strawberry.field(description="The id with which it is revoked.")
    def id(self) -> strawberry.ID:
        """Return the opaque id."""
        return encode_id("Token", self.stored.id)

    @strawberry.field(description="Who or what it is for.")
    def name(self) -> str:
        """Return the name."""
        return self.stored.name

    @strawberry.field(description="What it may do.")
    def role(self) -> Role:
        """Return the role."""
        return self.stored.role

    @strawberry.field(description="The keys of the sites in which it works. Null is all.")
    def sites(self) -> list[str] | None:
        """Return the sites."""
        return None if self.stored.sites is None else list(self.stored.sites)

    @strawberry.field(description="The locales in which it works. Null is all.")
    def locales(self) -> list[Locale] | None:
        """Return the locales."""
        return None if self.stored.locales is None else [Locale(locale) for locale in self.stored.locales]

    @strawberry.field(description="When it was made.")
    def created_at(self) -> DateTime:
        """Return when it was made."""
        return DateTime(self.stored.created_at)

    @strawberry.field(description="Who made it.")
    def created_by(self) -> str:
        """Return who made it."""
        return self.stored.created_by

    @strawberry.field(description="When it stops working. Null is never.")
    def expires_at(self) -> DateTime | None:
        """Return the expiry."""
        return show_moment(self.stored.expires_at)

    @strawberry.field(description="When it was revoked. Null where it was not.")
    def revoked_at(self) -> DateTime | None:
        """Return when it was revoked."""
        return show_moment(self.stored.revoked_at)

    @strawberry.field(description="When it was last used, to the minute. Null where it never was.")
    def last_used_at(self) -> DateTime | None:
        """Return the last use."""
        return show_moment(self.stored.last_used_at)
