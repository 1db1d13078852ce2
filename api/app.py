"""The service put together: what is opened when it starts, and which address answers what."""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth import Authenticator
from api.budget import Budget, OwnBudget
from api.change_stream import ChangeStream
from api.connections import Departure
from api.disclosure import Disclosure, suggests_names
from api.errors import answer_http_error
from api.feeds.endpoint import DOCUMENTS, Feeds
from api.feeds.texts import Texts, is_asked
from api.following import Following
from api.frame import Frame
from api.graphiql.page import GraphiQL
from api.graphql import GraphQLEndpoint
from api.graphql_request import Limits
from api.graphql_socket import GraphQLSocket, Means
from api.graphql_stream import GraphQLStream
from api.health import PATHS, Health, Readiness
from api.hosts import Hosts
from api.live_feed import LiveFeed
from api.observing.exposition import Exposition, Watched
from api.observing.names import Names
from api.observing.observer import Observer
from api.observing.tracing import open_tracing
from api.operators import Operators
from api.origins import Origins
from api.pace import set_pace
from api.persisted import PersistedDocuments, read_manifest
from api.response_cache import ResponseCache
from api.rounds import Rounds
from api.seats import Seats
from api.settings import Settings
from api.shared_budget import SharedBudget
from api.webhooks import Webhooks
from models.database import open_database
from models.library import Library
from models.preparing import prepare_database
from schema.document_limits import DocumentLimits
from schema.service import Bounds, Service


class Framed(Starlette):
    """Starlette in our frame, which is the last resort as well: its own would be one more layer around each answer."""

    def __init__(self, frame: Callable[[ASGIApp], Frame], **options: Any) -> None:
        super().__init__(**options)
        self._frame = frame

    def build_middleware_stack(self) -> ASGIApp:
        """Return what answers (called by Starlette)."""
        return self._frame(ExceptionMiddleware(self.router, self.exception_handlers))


class Door:
    """The way to an ASGI application that is there once the service has started, under a name in the state."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on (ASGI), whatever its method."""
        await getattr(scope["app"].state, self._name)(scope, receive, send)


async def answer_root(_request: Request) -> Response:
    """Lead those who open the service's own address to GraphQL."""
    return RedirectResponse("/graphql")


async def answer_other(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request for an address that is none of ours (ASGI): an article may be there as Markdown."""
    app = scope["app"]
    await (app.state.texts if is_asked(scope) else app.router.not_found)(scope, receive, send)


def create_app(settings: Settings) -> Starlette:
    """Return the service. Its database is opened when it starts and closed when it stops."""
    graphiql = GraphiQL() if settings.graphiql else None
    documents = read_manifest(settings.documents) if settings.documents else {}
    persisted = PersistedDocuments(
        documents, only=settings.documents_only, disclosure=Disclosure(settings.introspection)
    )
    observer = make_observer(settings, persisted)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Any]]:
        async with observer.running(), open_database(settings.database) as database:
            await prepare_database(database)
            service = Service(
                database,
                Library(database, settings.library_bytes),
                projects=settings.projector,
                private_webhooks=settings.webhook_private,
                bounds=read_bounds(settings),
                suggests=suggests_names(settings),
            )
            app.state.database = database
            app.state.observer = observer
            authenticator = Authenticator(settings, database)
            pace, budget = set_pace(settings), open_budget(settings, observer)
            feed, departure = LiveFeed(service, pace.patience), Departure()
            app.state.feed = feed
            seats = Seats(settings.streams, settings.streams_each)
            limits = Limits(settings.body_bytes, max(settings.body_bytes, settings.edit_body_bytes))
            cache = ResponseCache(settings.response_cache_bytes)
            kept = (service, authenticator, cache, settings.shared_cache_seconds, pace, budget)
            app.state.feeds, app.state.texts = Feeds(*kept), Texts(*kept)
            app.state.endpoint = endpoint = GraphQLEndpoint(
                service,
                authenticator,
                cache,
                persisted,
                limits,
                GraphQLStream(feed, persisted, seats, departure),
                observer,
                page=graphiql,
                shared_seconds=settings.shared_cache_seconds,
                budget=budget,
                pace=pace,
            )
            following = Following(database)
            if settings.purge:
                start_purging(settings, feed, following)
            webhooks = Webhooks(feed, following, private=settings.webhook_private)
            app.state.socket = socket = GraphQLSocket(
                Means(
                    feed,
                    endpoint.answer_asked,
                    persisted,
                    authenticator,
                    seats,
                    limits,
                    settings.socket_operations,
                    settings.origins,
                )
            )
            watched = Watched(observer, service, cache, feed, seats, following, webhooks)
            exposition = Exposition(watched, settings.worker_folder)
            app.state.departure = departure
            app.state.health = Health(
                Readiness(database, following, departure),
                Operators(authenticator, settings.operator_token),
                exposition,
                settings.metrics,
            )
            app.state.changes = ChangeStream(feed, authenticator, seats, departure, budget)
            settle_interpreter()
            try:
                async with exposition.telling():
                    yield {"departure": departure, "rounds": Rounds()}
            finally:
                parts = (
                    socket.close,
                    pace.patience.close,
                    webhooks.close,
                    following.close,
                    feed.close,
                    authenticator.close,
                )
                for close in parts:
                    await close()
                if budget is not None:
                    await budget.close()

    routes: list[BaseRoute] = [
        Route("/graphql", Door("endpoint")),
        WebSocketRoute("/graphql", Door("socket")),
        Route("/changes", Door("changes")),
        *(Route(path, Door("feeds")) for path in DOCUMENTS),
        *(Route(path, Door("health")) for path in PATHS),
        Route("/", answer_root),
    ]
    if graphiql is not None:
        routes.append(graphiql.assets_route)
    app = Framed(
        partial(
            Frame,
            observer=observer,
            hosts=Hosts(settings.hosts) if settings.hosts else None,
            origins=Origins(settings.origins) if settings.origins else None,
        ),
        lifespan=lifespan,
        routes=routes,
        exception_handlers={404: answer_http_error, 405: answer_http_error},
    )
    # Its redirects repeat the Host that a client named, and a shared cache would keep them for others.
    app.router.redirect_slashes = False
    app.router.default = answer_other
    return app


def read_bounds(settings: Settings) -> Bounds:
    """Return how large documents may be, what operations may cost, and how many items pages may have."""
    document = DocumentLimits(
        settings.document_tokens,
        settings.document_depth,
        settings.document_aliases,
        settings.document_directives,
    )
    return Bounds(document, settings.operation_cost, settings.page_size)


def open_budget(settings: Settings, observer: Observer) -> Budget | None:
    """Return what counts what clients spend, None where that has no limit."""
    if not settings.cost_per_minute:
        return None
    each, redis = settings.cost_per_minute, settings.redis
    budget: Budget = SharedBudget(each, redis) if redis else OwnBudget(each)
    observer.counts["cost"] = ("What was taken from the budgets of clients", lambda: budget.paid)
    return budget


def start_purging(settings: Settings, feed: LiveFeed, following: Following) -> None:
    """Follow the change log for the caches in front."""
    # Here and not above: a service without such caches does not need the client, which takes a while to import.
    from api.purge import Purger, Target  # noqa: PLC0415

    for address in settings.purge:
        target = Target(address, settings.purge_style, settings.purge_token)
        following.start(target.name, Purger(feed, target))


def settle_interpreter() -> None:
    """Suit the interpreter to a service that answers from one thread, with others beside it that save and render.

    What is alive now lives as long as the process. An answer is made of thousands of objects that its end frees
    without the collector's help; looking for circles among them every 700 took a sixth of the time of a long list.
    Of those that stay, as new documents do, 15,000 are looked through in 10 ms; later, with the next, once more.
    The event loop lets go of the interpreter at every turn, and while a thread renders waits for it as long as the
    switch interval, by default 5 ms.
    """
    gc.freeze()
    gc.set_threshold(15_000, 2, 10)
    sys.setswitchinterval(0.0005)


def make_observer(settings: Settings, documents: PersistedDocuments) -> Observer:
    """Return who is told of everything. Raises TelemetryMissing where traces are wanted and cannot be made."""
    return Observer(
        Names(documents.is_trusted),
        logs_access=settings.access_log,
        slow_seconds=settings.slow_operation_seconds,
        tracing=open_tracing(settings.traces) if settings.traces else None,
    )
