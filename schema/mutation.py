"""The root of all changes."""

import strawberry

from schema.administration import AdministrationMutations
from schema.editing import EditingMutations
from schema.importing import ImportMutations
from schema.part_mutations import QuestionMutations, SectionMutations
from schema.publishing import PublishingMutations
from schema.translating import TranslationMutations
from schema.webhook_mutations import WebhookMutations


@strawberry.type(
    description="Everything that can be changed. Each field is one transaction and becomes one revision."
)
class Mutation(
    EditingMutations,
    SectionMutations,
    QuestionMutations,
    PublishingMutations,
    TranslationMutations,
    ImportMutations,
    AdministrationMutations,
    WebhookMutations,
):
    """The root of all changes."""
