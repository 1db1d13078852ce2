"""Who may ask for the schema, which is that of a public program: whoever hides it hides little.

Where it is hidden from some, messages suggest no names either (`schema.suggestions`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from api.graphql_request import Refusal
from api.setting_values import EVERYBODY
from api.settings import Settings
from models.access import ANONYMOUS, Actor

INTROSPECTION = re.compile(r"__(?:schema|type)\b")
"""What a document that asks for the schema names. Names have no other way of writing."""

CLOSED = Refusal(
    403,
    "INTROSPECTION_REFUSED",
    "Documents that name __schema or __type are not answered to whoever sent this one.",
)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Decides who learns the schema: `everybody`, those who are `authenticated`, or `nobody`."""

    audience: str = EVERYBODY

    def check(self, text: str, actor: Actor) -> None:
        """Raise Refusal where a document asks for what its sender is not to learn."""
        if self.audience == EVERYBODY or not INTROSPECTION.search(text):
            return
        if self.audience == "nobody" or actor.name == ANONYMOUS:
            raise CLOSED


OPEN = Disclosure()


def suggests_names(settings: Settings) -> bool:
    """Tell whether messages may suggest names of the schema: where anybody may ask for all of them."""
    return settings.introspection == EVERYBODY and not settings.documents_only
