"""What clients send of single sections and questions."""

import strawberry

from schema.editing import IF_REVISION, MESSAGE
from schema.inputs import QuestionInput, SectionInput
from schema.scalars import Locale, Revision

POSITION = "The place it is to stand at, from 1. Without it, behind the last."


@strawberry.input(description="What every change of a part says.")
class PartInput:
    """Fields of all inputs here."""

    if_revision: Revision = strawberry.field(description=IF_REVISION)
    publish: bool = strawberry.field(default=False, description="Publish the article in the same revision.")
    message: str | None = strawberry.field(default=None, description=MESSAGE)


@strawberry.input(description="A new section of an article.")
class CreateSectionInput(PartInput):
    """A new section."""

    article_id: strawberry.ID = strawberry.field(description="The article.")
    locale: Locale = strawberry.field(description="The locale.")
    section: SectionInput = strawberry.field(description="The section, without an id.")
    position: int | None = strawberry.field(default=None, description=POSITION)


@strawberry.input(description="Changes of a section. What is left out stays, null clears.")
class UpdateSectionInput(PartInput):
    """Changes of a section."""

    section: SectionInput = strawberry.field(description="The section's id and what to change of it.")


@strawberry.input(description="Where a section is to stand.")
class MoveSectionInput(PartInput):
    """A section's new place."""

    id: strawberry.ID = strawberry.field(description="The section.")
    position: int | None = strawberry.field(default=None, description=POSITION)


@strawberry.input(description="A section to delete, with the questions in it.")
class DeleteSectionInput(PartInput):
    """A section to delete."""

    id: strawberry.ID = strawberry.field(description="The section.")


@strawberry.input(description="A new question of an article.")
class CreateQuestionInput(PartInput):
    """A new question."""

    article_id: strawberry.ID = strawberry.field(description="The article.")
    locale: Locale = strawberry.field(description="The locale.")
    section_id: strawberry.ID | None = strawberry.field(
        default=None, description="The section that it stands in. Without it, outside of every section."
    )
    question: QuestionInput = strawberry.field(description="The question, without an id.")
    position: int | None = strawberry.field(default=None, description=POSITION)


@strawberry.input(description="Changes of a question. What is left out stays, null clears.")
class UpdateQuestionInput(PartInput):
    """Changes of a question."""

    question: QuestionInput = strawberry.field(description="The question's id and what to change of it.")


@strawberry.input(description="Where a question is to stand.")
class MoveQuestionInput(PartInput):
    """A question's new place."""

    id: strawberry.ID = strawberry.field(description="The question.")
    section_id: strawberry.ID | None = strawberry.field(
        default=None, description="The section that it is to stand in. Null is outside of every section."
    )
    position: int | None = strawberry.field(default=None, description=POSITION)


@strawberry.input(description="A question to delete.")
class DeleteQuestionInput(PartInput):
    """A question to delete."""

    id: strawberry.ID = strawberry.field(description="The question.")
