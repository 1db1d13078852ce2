"""Who asks, and what they may see and do: the one gate. Verbs and views ask it; resolvers never do.

A right says what kind of thing may be done, a scope where. What lies outside of an actor's scope does not
exist for them: it is not found rather than forbidden, so that nobody learns what they may not see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from models.errors import Forbidden, NotFound
from models.identity import derive_site_id


class Right(StrEnum):
    """A kind of thing that may be done."""

    READ = "read"
    PREVIEW = "preview"
    EDIT = "edit"
    PUBLISH = "publish"
    ADMINISTER = "administer"


class Role(StrEnum):
    """A set of rights that a token carries; each role has all rights of the one before."""

    READER = "reader"
    PREVIEWER = "previewer"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"

    @property
    def rights(self) -> frozenset[Right]:
        """Return the rights of this role."""
        return frozenset(list(Right)[: list(Role).index(self) + 1])


NEEDED = {
    Right.READ: "to read",
    Right.PREVIEW: "to preview drafts, schedules and history",
    Right.EDIT: "to edit",
    Right.PUBLISH: "to publish",
    Right.ADMINISTER: "to administer",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where rights hold: site ids, locales, and one article; None is no limit."""

    sites: frozenset[str] | None = None
    locales: frozenset[str] | None = None
    article: str | None = None

    def holds_site(self, site_id: str) -> bool:
        """Tell whether a site is in the scope."""
        return self.sites is None or site_id in self.sites

    def holds_locale(self, locale: str) -> bool:
        """Tell whether a locale is in the scope."""
        return self.locales is None or locale in self.locales

    def holds_article(self, article_id: str, site_id: str) -> bool:
        """Tell whether an article is in the scope, in whatever locale."""
        return self.holds_site(site_id) and self.article in {None, article_id}


EVERYWHERE = Scope()


def make_scope(
    site_keys: Iterable[str] | None, locales: Iterable[str] | None, article: str | None = None
) -> Scope:
    """Return the scope of these site keys, locales and article; None is no limit."""
    return Scope(
        None if site_keys is None else frozenset(map(derive_site_id, site_keys)),
        None if locales is None else frozenset(locales),
        article,
    )


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a name for the record, rights, and where they hold."""

    name: str
    rights: frozenset[Right] = field(default_factory=frozenset)
    scope: Scope = EVERYWHERE

    def may(self, right: Right) -> bool:
        """Tell whether the actor has a right, wherever it holds."""
        return right in self.rights

    def require(self, right: Right) -> None:
        """Raise Forbidden unless the actor has a right."""
        if right not in self.rights:
            raise Forbidden(
                f"This needs the right {NEEDED[right]}, which this request does not have.", right.value
            )

    def require_everywhere(self, right: Right) -> None:
        """Raise Forbidden unless the actor has a right without any limit of sites, locales or articles."""
        self.require(right)
        if self.scope != EVERYWHERE:
            message = f"This needs the right {NEEDED[right]} without a limit of sites or locales."
            raise Forbidden(message, right.value)

    def require_site(self, right: Right, site_id: str, key: str) -> None:
        """Raise Forbidden without the right, NotFound where the site is outside of its scope."""
        self.require(right)
        if right is Right.ADMINISTER and self.scope.locales is not None:
            # A site is the same in all its locales: its name, its default, the list of them.
            message = f"This needs the right {NEEDED[right]} without a limit of locales."
            raise Forbidden(message, right.value)
        if not self.scope.holds_site(site_id) or self.scope.article is not None:
            raise NotFound(f"There is no site {key!r}.")

    def require_article(self, right: Right, article_id: str, site_id: str, locale: str) -> None:
        """Raise Forbidden without the right, NotFound where article or locale are outside of its scope."""
        self.require(right)
        scope = self.scope
        if not (scope.holds_article(article_id, site_id) and scope.holds_locale(locale)):
            raise no_article(article_id)


def no_article(article_id: str) -> NotFound:
    """Return the one error for what does not exist and for what an actor must not know of."""
    return NotFound(f"There is no article {article_id}, or not in this locale.")


def system_actor(name: str) -> Actor:
    """Return the actor of a command on the machine itself, who may do everything."""
    return Actor(name, frozenset(Right))


ANONYMOUS = "anonymous"


def anonymous_actor(*, may_read: bool) -> Actor:
    """Return who sends no credentials; `may_read` says whether published content is public."""
    return Actor(ANONYMOUS, frozenset({Right.READ}) if may_read else frozenset())
