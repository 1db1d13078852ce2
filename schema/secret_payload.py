"""What mutations of tokens and webhooks answer. They are no content: none becomes a revision or is repeated."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeVar, cast

import strawberry
from strawberry.types import Info

from models.errors import ContentError, Unavailable
from models.outcome import Failure, explain
from schema.failures import MutationError, show_failure
from schema.idempotent import refuse_key
from schema.operation import Operation


@strawberry.type
class SecretPayload:
    """Base of payloads that tell a secret once."""

    failures: strawberry.Private[tuple[Failure, ...]] = ()

    @strawberry.field(description="Why it was refused. Empty where it was done.")
    def errors(self) -> list[MutationError]:
        """Return the failures."""
        return [show_failure(failure) for failure in self.failures]


Mutate = TypeVar("Mutate", bound=Callable[..., Awaitable[SecretPayload]])


def refuse_under(path: str, payload: type[SecretPayload]) -> Callable[[Mutate], Mutate]:
    """Return what lets a mutation answer a payload with errors, under a path into its arguments, where it raises."""

    def guard(mutate: Mutate) -> Mutate:
        @wraps(mutate)
        async def answer(root: object, info: Info[Operation, None], **arguments: object) -> SecretPayload:
            try:
                refuse_key(info)
                return await mutate(root, info, **arguments)
            except Unavailable:
                raise
            except ContentError as error:
                return payload(failures=tuple(explain(error, path)))

        return cast("Mutate", answer)

    return guard
