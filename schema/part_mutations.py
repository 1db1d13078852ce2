"""The mutations of single sections and questions: each saves a new edition of the article they stand in."""

from collections.abc import Callable
from typing import Annotated, cast
from uuid import uuid4

import strawberry
from strawberry.types import Info

from models.access import Actor, Right
from models.database import Database
from models.draft import ArticleDraft, QuestionDraft, SectionDraft
from models.errors import InvalidContent, Problem
from models.idempotency import Receipt
from models.outcome import Done, Place
from models.parts import find_place
from models.revising import (
    QuestionFields,
    SectionFields,
    insert_question,
    insert_section,
    move_question,
    move_section,
    remove_question,
    remove_section,
    update_question,
    update_section,
)
from models.updating import Edit, update_article
from schema.inputs import known_parts, question_changes, read_id, read_question, read_section, section_changes
from schema.operation import Operation
from schema.part_inputs import (
    CreateQuestionInput,
    CreateSectionInput,
    DeleteQuestionInput,
    DeleteSectionInput,
    MoveQuestionInput,
    MoveSectionInput,
    PartInput,
    UpdateQuestionInput,
    UpdateSectionInput,
)
from schema.payloads import QuestionPayload, SectionPayload, Verb

Change = Callable[[ArticleDraft], ArticleDraft]


def edit_part(
    input: PartInput, verb_name: str, table: str, identifier: str | None, change: Change, *path: str
) -> Verb:
    """Return the call that changes the section or question (`table`) with this id."""

    async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
        actor.require(Right.EDIT)
        key = read_part_id(identifier, table, *path)
        place = await find_place(database, actor, table, key)
        return await save(
            database, Edit(place, input.if_revision, change, key), input, verb_name, actor, receipt
        )

    return verb


def add_part(input: CreateSectionInput | CreateQuestionInput, key: str, change: Change) -> Verb:
    """Return the call that adds a part with this key to the article that the input names."""

    async def verb(database: Database, actor: Actor, receipt: Receipt | None) -> Done:
        place = Place(read_id(input.article_id, "Article", "articleId"), input.locale)
        return await save(
            database, Edit(place, input.if_revision, change, key), input, "create", actor, receipt
        )

    return verb


async def save(
    database: Database, edit: Edit, input: PartInput, verb: str, actor: Actor, receipt: Receipt | None
) -> Done:
    """Call the verb that saves an edit."""
    return await update_article(
        database,
        edit,
        actor=actor,
        verb=verb,
        message=input.message,
        publish=input.publish,
        receipt=receipt,
    )


def read_part_id(identifier: str | None, table: str, *path: str) -> str:
    """Return the key that an id names. Raises InvalidContent where there is none."""
    if not isinstance(identifier, str):
        raise InvalidContent([Problem((*path, "id"), f"The id of the {table} is missing.")])
    return read_id(identifier, table.title(), *path, "id")


def refuse_id(identifier: str | None, table: str) -> None:
    """Raise InvalidContent where a new part brings an id."""
    if isinstance(identifier, str):
        raise InvalidContent([Problem((table, "id"), f"A new {table} gets its id from the server.")])


@strawberry.type
class SectionMutations:
    """Mutations of sections."""

    @strawberry.mutation(description="Add a section to an article.")
    async def create_section(
        self,
        info: Info[Operation, None],
        input: Annotated[CreateSectionInput, strawberry.argument(description="The section.")],
    ) -> SectionPayload:
        """Add a section."""
        key = str(uuid4())

        def change(draft: ArticleDraft) -> ArticleDraft:
            refuse_id(input.section.id, "section")
            section: SectionDraft = read_section(input.section, known_parts(draft), ("section",))
            section.key = key
            return insert_section(draft, section, input.position)

        return await SectionPayload.perform(info, add_part(input, key, change))

    @strawberry.mutation(description="Change a section.")
    async def update_section(
        self,
        info: Info[Operation, None],
        input: Annotated[UpdateSectionInput, strawberry.argument(description="The changes.")],
    ) -> SectionPayload:
        """Change a section."""

        def change(draft: ArticleDraft) -> ArticleDraft:
            changes = section_changes(input.section, known_parts(draft), ("section",))
            key = read_part_id(input.section.id, "section", "section")
            return update_section(draft, key, cast("SectionFields", changes))

        verb = edit_part(input, "update", "section", input.section.id, change, "section")
        return await SectionPayload.perform(info, verb)

    @strawberry.mutation(description="Move a section to another place in its article.")
    async def move_section(
        self,
        info: Info[Operation, None],
        input: Annotated[MoveSectionInput, strawberry.argument(description="The new place.")],
    ) -> SectionPayload:
        """Move a section."""

        def change(draft: ArticleDraft) -> ArticleDraft:
            return move_section(draft, read_part_id(input.id, "section"), input.position)

        return await SectionPayload.perform(info, edit_part(input, "move", "section", input.id, change))

    @strawberry.mutation(description="Delete a section with the questions in it.")
    async def delete_section(
        self,
        info: Info[Operation, None],
        input: Annotated[DeleteSectionInput, strawberry.argument(description="The section.")],
    ) -> SectionPayload:
        """Delete a section."""

        def change(draft: ArticleDraft) -> ArticleDraft:
            return remove_section(draft, read_part_id(input.id, "section"))

        return await SectionPayload.perform(info, edit_part(input, "delete", "section", input.id, change))


@strawberry.type
class QuestionMutations:
    """Mutations of questions."""

    @strawberry.mutation(description="Add a question to an article.")
    async def create_question(
        self,
        info: Info[Operation, None],
        input: Annotated[CreateQuestionInput, strawberry.argument(description="The question.")],
    ) -> QuestionPayload:
        """Add a question."""
        key = str(uuid4())

        def change(draft: ArticleDraft) -> ArticleDraft:
            refuse_id(input.question.id, "question")
            question: QuestionDraft = read_question(input.question, known_parts(draft), ("question",))
            question.key = key
            return insert_question(draft, question, read_section_id(input.section_id), input.position)

        return await QuestionPayload.perform(info, add_part(input, key, change))

    @strawberry.mutation(description="Change a question or its answer.")
    async def update_question(
        self,
        info: Info[Operation, None],
        input: Annotated[UpdateQuestionInput, strawberry.argument(description="The changes.")],
    ) -> QuestionPayload:
        """Change a question."""

        def change(draft: ArticleDraft) -> ArticleDraft:
            key = read_part_id(input.question.id, "question", "question")
            return update_question(draft, key, cast("QuestionFields", question_changes(input.question)))

        verb = edit_part(input, "update", "question", input.question.id, change, "question")
        return await QuestionPayload.perform(info, verb)

    @strawberry.mutation(
        description="Move a question to another place, or into another section of its article."
    )
    async def move_question(
        self,
        info: Info[Operation, None],
        input: Annotated[MoveQuestionInput, strawberry.argument(description="The new place.")],
    ) -> QuestionPayload:
        """Move a question."""

        def change(draft: ArticleDraft) -> ArticleDraft:
            key = read_part_id(input.id, "question")
            return move_question(draft, key, read_section_id(input.section_id), input.position)

        return await QuestionPayload.perform(info, edit_part(input, "move", "question", input.id, change))

    @strawberry.mutation(description="Delete a question.")
    async def delete_question(
        self,
        info: Info[Operation, None],
        input: Annotated[DeleteQuestionInput, strawberry.argument(description="The question.")],
    ) -> QuestionPayload:
        """Delete a question."""

        def change(draft: ArticleDraft) -> ArticleDraft:
            return remove_question(draft, read_part_id(input.id, "question"))

        return await QuestionPayload.perform(info, edit_part(input, "delete", "question", input.id, change))


def read_section_id(identifier: str | None) -> str | None:
    """Return the key of the section that an id names, None without one."""
    return None if identifier is None else read_id(identifier, "Section", "sectionId")
