"""One fixed content set under a fixed clock, so that whatever is asked of it has always the same answer.

Two sites, three locales, articles that name each other in circles, and one of each that a view must not show:
scheduled, unpublished, deleted, renamed. `write_content` stores it as nine revisions, one a day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from models import moment
from models.access import system_actor
from models.composition import compose
from models.database import Database
from models.draft import ArticleDraft, ImageDraft, LinkDraft, QuestionDraft, SectionDraft, SectionKind
from models.editing import Identity, SiteDraft, Submission, save_articles
from models.identity import derive_article_id, derive_site_id
from models.publishing import delete_articles, publish_articles, unpublish_articles

HARBOUR = SiteDraft(derive_site_id("harbour"), "harbour", "The Harbour", "en", "https://harbour.example")
KITCHEN = SiteDraft(derive_site_id("kitchen"), "kitchen", "Die Küche", "de")

FIRST_DAY = moment.from_text("2026-03-01T08:00:00Z")
NOW = moment.from_text("2026-06-01T12:00:00Z")
REGATTA_FROM = moment.from_text("2026-07-01T00:00:00Z")
REGATTA_UNTIL = moment.from_text("2026-08-01T00:00:00Z")
DAY = 86_400_000


class Clock:
    """Tells the moment that it was set to."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def set_clock(monkeypatch: pytest.MonkeyPatch, now: int = NOW) -> Clock:
    """Let the program's clock stand still; the clock that is returned can be set."""
    clock = Clock(now)
    monkeypatch.setattr(moment, "now", clock)
    return clock


TIDES = ArticleDraft(
    "en",
    "tides",
    "Why the tides come twice a day",
    summary="Two bulges of water and a planet that turns under them.",
    intro="The sea rises **twice** a day. Ask the [moon](/en/moon), or [NOAA](https://noaa.example/tides).\n\n"
    '![A pier at low water](/pier.jpg "Low water")',
    sections=[
        SectionDraft(
            "In brief", 2, SectionKind.KEY_INSIGHTS, "- The moon pulls.\n- The earth turns.\n", anchor="brief"
        ),
        SectionDraft(
            "What pulls the water",
            2,
            SectionKind.PROSE,
            "The moon pulls the near side more than the far side. See [sailing](/en/sailing).\n\n"
            "| Body | Pull |\n|---|---|\n| Moon | 2.2 |\n| Sun | 1 |\n",
        ),
        SectionDraft("Springs and neaps", 3, SectionKind.PROSE, "Sun and moon in line make *springs*."),
        SectionDraft(
            "Questions",
            2,
            SectionKind.FAQ,
            questions=[
                QuestionDraft("Why twice a day?", "Because there are **two** bulges; see [moon](/en/moon)."),
                QuestionDraft("How high is a spring tide?", "It depends on the coast.", anchor="how-high"),
            ],
        ),
        SectionDraft(
            "For and against tidal power",
            2,
            SectionKind.PROS_AND_CONS,
            pros=["Predictable", "Clean"],
            cons=["Costly"],
        ),
        SectionDraft("Pictures", 2, SectionKind.IMAGE_GALLERY, "![High water](/high.jpg)"),
        SectionDraft("Read on", 2, SectionKind.RELATED, "More about the sea."),
        SectionDraft(None, 2, SectionKind.FINAL_THOUGHTS, "Look up when you look at the sea."),
    ],
    questions=[QuestionDraft("Do lakes have tides?", "Small ones.")],
    related=[
        LinkDraft("The moon", "/en/moon"),
        LinkDraft("The lighthouse", "/en/lighthouse"),
        LinkDraft("Tide tables", "https://tables.example/"),
        LinkDraft("How to sail", article_id=derive_article_id("harbour", "sailing")),
    ],
    images=[ImageDraft("/cover.jpg", "Waves", "The cover")],
    tags=["Sea", "Moon & Sun"],
    authors=["Ada Ebb", "Finn Flood"],
    redirects=["/old/tides.html"],
)
GEZEITEN = ArticleDraft(
    "de",
    "gezeiten",
    "Ärmelkanal und Gezeiten",
    intro="Das Meer steigt zweimal am Tag.",
    sections=[
        SectionDraft(
            "Fragen", 2, SectionKind.FAQ, questions=[QuestionDraft("Warum zweimal?", "Zwei Berge.")]
        ),
    ],
    related=[LinkDraft("Der Mond", "/de/mond")],
    tags=["Sea", "Größe"],
)
MARES = ArticleDraft("pt-BR", "mares", "Por que há marés", tags=["Sea"])
OLD_MOON = ArticleDraft("en", "the-moon", "The moon", intro="It pulls.", tags=["Moon & Sun"])
MOON = ArticleDraft(
    "en",
    "moon",
    "The moon, our neighbour",
    intro="It pulls the [sea](/en/tides).",
    related=[LinkDraft("Tides", "/en/tides"), LinkDraft("Sailing", "/en/sailing")],
    tags=["Moon & Sun"],
)
MOND = ArticleDraft("de", "mond", "Der Mond", related=[LinkDraft("Gezeiten", "/de/gezeiten")])
SAILING = ArticleDraft(
    "en",
    "sailing",
    "Sailing with the stream",
    summary="Let the water do the work.",
    sections=[
        SectionDraft("When to leave", 2, SectionKind.PROSE, "An hour before [high water](/en/tides)."),
        SectionDraft(
            "Questions",
            2,
            SectionKind.FAQ,
            questions=[QuestionDraft("Why twice a day?", "Ask the [tides](/en/tides#questions).")],
        ),
    ],
    related=[LinkDraft("Tides", "/en/tides"), LinkDraft("The moon", "/en/moon")],
    tags=["Sea", "Boats"],
    authors=["Finn Flood"],
    seo={"title": "Sail with the tide", "canonical": "https://sails.example/stream", "noindex": True},
    published_at=moment.from_text("2024-12-24T18:00:00.5Z"),
)
LIGHTHOUSE = ArticleDraft("en", "lighthouse", "The lighthouse", intro="Closed for repair.")
WRECK = ArticleDraft("en", "wreck", "The wreck", intro="Raised and gone.")
NEBLINA = ArticleDraft("pt-BR", "neblina", "Neblina no porto", tags=["Sea"])
REGATTA = ArticleDraft("en", "regatta", "The summer regatta", intro="Come to the quay.", tags=["Boats"])
BROT = ArticleDraft(
    "de",
    "brot",
    "Brot backen",
    sections=[SectionDraft("Mehl", 2, SectionKind.PROSE, "Viel davon.")],
    questions=[QuestionDraft("Warum Salz?", "Geschmack.")],
    tags=["Backen"],
)
BREAD = ArticleDraft("en", "bread", "Baking bread", tags=["Backen"])
MOONCAKE = ArticleDraft("en", "moon", "Moon cake", intro="Sweet, and round.", tags=["Backen"])

ADDRESSES = {
    "/en/tides": "tides",
    "/en/tides#questions": "tides",
    "/de/gezeiten": "tides",
    "/en/moon": "moon",
    "/de/mond": "moon",
    "/en/sailing": "sailing",
    "/en/lighthouse": "lighthouse",
}


def harbour_id(key: str) -> str:
    """Return the id of the harbour's article with this key."""
    return derive_article_id("harbour", key)


def resolve(address: str) -> str | None:
    """Return the id of the harbour's article at an address."""
    key = ADDRESSES.get(address)
    return harbour_id(key) if key else None


def submit(site: SiteDraft, *articles: tuple[str, ArticleDraft]) -> list[Submission]:
    """Return drafts with their keys as submissions."""
    return [
        Submission(Identity(derive_article_id(site.key, key), site.id, key), compose(draft, resolve))
        for key, draft in articles
    ]


async def write_content(database: Database, clock: Callable[[int], None]) -> None:
    """Store the content in a migrated, empty database; `clock` sets the day before each revision."""
    harbour = submit(
        HARBOUR,
        ("tides", TIDES),
        ("tides", GEZEITEN),
        ("tides", MARES),
        ("moon", OLD_MOON),
        ("moon", MOND),
        ("sailing", SAILING),
        ("lighthouse", LIGHTHOUSE),
        ("wreck", WRECK),
        ("neblina", NEBLINA),
    )
    kitchen = submit(KITCHEN, ("bread", BROT), ("bread", BREAD), ("mooncake", MOONCAKE))
    clock(0)
    await save(database, HARBOUR, harbour)
    clock(1)
    await save(database, KITCHEN, kitchen)
    clock(2)
    await save(database, HARBOUR, submit(HARBOUR, ("moon", MOON)))
    clock(3)
    await unpublish_articles(database, [harbour_id("lighthouse")], actor=system_actor("keeper"))
    clock(4)
    await delete_articles(database, [harbour_id("wreck")], actor=system_actor("keeper"))
    clock(5)
    await save(database, HARBOUR, submit(HARBOUR, ("regatta", REGATTA)), publish=False)
    clock(6)
    await publish_articles(
        database,
        [harbour_id("regatta")],
        actor=system_actor("keeper"),
        live_from=REGATTA_FROM,
        live_until=REGATTA_UNTIL,
    )


async def save(
    database: Database, site: SiteDraft, submissions: Sequence[Submission], *, publish: bool = True
) -> None:
    """Save and publish submissions as one revision."""
    identities = {s.identity.id: s.identity for s in submissions}
    saved = await save_articles(
        database,
        submissions,
        actor=system_actor("writer"),
        sites=[site],
        identities=identities,
        publish=publish,
    )
    refused = [outcome.error for outcome in saved.outcomes if outcome.error]
    assert not refused, refused
