"""What mutations answer, and the one way in which they call a verb."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Self

import strawberry
from strawberry.types import Info

from models.access import Actor
from models.database import Database
from models.errors import ContentError, Unavailable
from models.idempotency import Receipt, Repeated
from models.outcome import Done, Failure, explain
from schema.article import Article
from schema.drafts import show_draft
from schema.failures import MutationError, show_failure
from schema.idempotent import read_receipt
from schema.node import encode_id
from schema.operation import Operation
from schema.question import Question
from schema.scalars import Revision
from schema.section import Section
from schema.site import Site

Verb = Callable[[Database, Actor, Receipt | None], Awaitable[Done]]
"""Calls one verb of models; the receipt goes with it."""


@strawberry.interface(description="What a mutation answers.")
class Payload:
    """Base of all payloads: what the verb did, or why it did nothing."""

    done: strawberry.Private[Done]
    failures: strawberry.Private[tuple[Failure, ...]]

    @classmethod
    async def perform(cls, info: Info[Operation, None], verb: Verb) -> Self:
        """Call a verb once, or answer as the call with the same idempotency key was answered."""
        reader = info.context.reader
        try:
            receipt = read_receipt(info._raw_info, reader.actor)
            done = await verb(reader.database, reader.actor, receipt)
        except Repeated as repeated:
            done = repeated.done
        except Unavailable:
            raise
        except ContentError as error:
            return cls(done=Done(None), failures=tuple(explain(error, "input")))
        return cls(done=done, failures=tuple(map(move_under_input, done.failures)))

    @strawberry.field(description="The revision that this became. Null where nothing changed.")
    def revision(self) -> Revision | None:
        """Return the revision."""
        return None if self.done.revision is None else Revision(self.done.revision)

    @strawberry.field(description="Why it was refused, or what of it. Empty where all was done.")
    def errors(self) -> list[MutationError]:
        """Return the failures."""
        return [show_failure(failure) for failure in self.failures]


def move_under_input(failure: Failure) -> Failure:
    """Return a failure with its path under the argument `input`."""
    return replace(failure, path=("input", *failure.path))


@strawberry.type(description="What a mutation of one article answers.")
class ArticlePayload(Payload):
    """One article."""

    @strawberry.field(
        description="The article's newest edition after the mutation. Null where it was refused."
    )
    async def article(self, info: Info[Operation, None]) -> Article | None:
        """Return the article."""
        return await show_first(info, self.done)


@strawberry.type(description="What a mutation of several articles answers.")
class ArticlesPayload(Payload):
    """Several articles."""

    @strawberry.field(
        description="What was touched, in the order of the input: an article for each of its locales."
    )
    async def articles(self, info: Info[Operation, None]) -> list[Article]:
        """Return the articles."""
        found = [await show_draft(info.context, place, self.done.revision) for place in self.done.places]
        return [article for article in found if article is not None]


@strawberry.type(description="What deleting answers.")
class DeletePayload(Payload):
    """Articles that are in the trash."""

    @strawberry.field(description="The ids of the articles that are in the trash now.")
    def ids(self) -> list[strawberry.ID]:
        """Return the ids."""
        return [encode_id("Article", i) for i in dict.fromkeys(p.article_id for p in self.done.places)]


@strawberry.type(description="What a mutation of a section answers.")
class SectionPayload(Payload):
    """One section."""

    @strawberry.field(description="The section after the mutation. Null where it was deleted or refused.")
    async def section(self, info: Info[Operation, None]) -> Section | None:
        """Return the section."""
        article = await show_first(info, self.done)
        sections = await article.stored_sections() if article else []
        return next((article.section(s) for s in sections if article and s.key == self.done.part), None)

    @strawberry.field(description="The article after the mutation. Null where it was refused.")
    async def article(self, info: Info[Operation, None]) -> Article | None:
        """Return the article."""
        return await show_first(info, self.done)


@strawberry.type(description="What a mutation of a question answers.")
class QuestionPayload(Payload):
    """One question."""

    @strawberry.field(description="The question after the mutation. Null where it was deleted or refused.")
    async def question(self, info: Info[Operation, None]) -> Question | None:
        """Return the question."""
        article = await show_first(info, self.done)
        questions = await article.stored_questions() if article else []
        return next((article.question(q) for q in questions if article and q.key == self.done.part), None)

    @strawberry.field(description="The article after the mutation. Null where it was refused.")
    async def article(self, info: Info[Operation, None]) -> Article | None:
        """Return the article."""
        return await show_first(info, self.done)


@strawberry.type(description="What a mutation of a site answers.")
class SitePayload(Payload):
    """One site."""

    @strawberry.field(description="The site after the mutation. Null where it was refused.")
    async def site(self, info: Info[Operation, None]) -> Site | None:
        """Return the site."""
        if self.done.site is None:
            return None
        reader = info.context.reader.forked()
        return Site(stored=await reader.site_named(self.done.site))


async def show_first(info: Info[Operation, None], done: Done) -> Article | None:
    """Return the first article that was touched, as it was then."""
    if not done.places:
        return None
    return await show_draft(info.context, done.places[0], done.revision)
