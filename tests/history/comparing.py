"""Asks the product for all that a view shows, by every way there is, and compares it with the naive model."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

from strawberry import ID

from models import moment
from schema.node import encode_id
from tests.client import Reply
from tests.history.content import Question, Section
from tests.history.programs import ELSEWHERE, QUESTIONS, SLUGS, SUMMARIES, TAGS
from tests.history.running import Runner
from tests.history.states import LOCALES, SITES, Place
from tests.history.views import Look, Shown, View
from tests.naive_facets import OF_ARTICLES, OF_FEW, count_sites, count_tags, count_values, count_years
from tests.naive_recommendations import RECOMMENDED, Linked, check_recommendations
from tests.naive_recommendations import Look as Recommending
from tests.naive_suggestions import SUGGESTED, Text, suggest

HEAD = (
    "query($drafts: Perspective!, $locales: [Locale!], $revision: Revision, $at: DateTime, "
    "$fallback: Boolean!%s) @view(perspective: $drafts, locales: $locales, fallback: $fallback, "
    "revision: $revision, at: $at) "
)
FOUND = "nodes { part { __typename } article { ...Named } } " + OF_FEW
SEARCHES = "".join(
    f'n{number}: search(query: "\\"{note}\\"", first: 100) {{ {FOUND} }} '
    for number, note in enumerate(SUMMARIES)
    if note
)
TYPED = ["q", "se", "how ", "by nig", "ol", "quay s"]
SUGGESTIONS = "".join(
    f'y{number}: suggest(prefix: "{typed}", first: 50) {SUGGESTED} ' for number, typed in enumerate(TYPED)
)
CONTENT = (
    HEAD % ""
    + """{
  articles(first: 100) { totalCount nodes { ...Shown } """
    + OF_ARTICLES.replace("500", "9")
    + """ }
  questions(first: 100) { totalCount """
    + OF_FEW
    + """ nodes { ...Asked article { ...Named } } }
  night: questions(where: {question: {contains: "night"}}) { totalCount }
  tags { slug name }
  oneTags: tags(site: "one") { slug name }
  tagged: articles(where: {tags: {some: {eq: "sea"}}}, orderBy: [{field: SLUG, direction: ASC}]) { nodes { ...Named } }
  titled: articles(where: {title: {eq: "Quay"}, site: {eq: "two"}}) { totalCount }
  """
    + SEARCHES
    + SUGGESTIONS
    + """
}
fragment Named on Article { id locale slug summary }
fragment Asked on Question { id question answer { markdown } section { id } }
fragment Shown on Article {
  ...Named path title locales site { key } publishedAt createdAt updatedAt revision
  state visibleFrom visibleUntil tags { slug name }
  related { label url article { ...Named } }
  linkedFrom(first: 100) { totalCount nodes { ...Named } """
    + OF_FEW
    + """ }
  sections { id heading body { markdown } questions { id } article { ...Named } }
  questions { ...Asked article { ...Named } }
}"""
)
NAMED = ("id", "locale", "slug", "summary")
SITE_KEYS = [None, *SITES]
SLUG_NAMES = list(product(SLUGS, SITE_KEYS))
PATH_NAMES = list(product(LOCALES, SLUGS, SITE_KEYS))


def address_query() -> str:
    """Return the query that looks up every slug and every path, in each site and in any."""
    sites = [f', site: "{site}"' if site else "" for site in SITE_KEYS]
    slugs = [f's{i}: article(by: {{slug: "{slug}"}}' for i, (slug, _) in enumerate(SLUG_NAMES)]
    paths = [f'p{i}: article(by: {{path: "/{lo}/{slug}"}}' for i, (lo, slug, _) in enumerate(PATH_NAMES)]
    routes = [f'r{i}: route(path: "{lo.upper()}/{slug}/"' for i, (lo, slug, _) in enumerate(PATH_NAMES)]
    named = " ".join(NAMED)
    shown = {"s": named, "p": named, "r": f"path kind isMoved article {{ {named} }}"}
    looks = [
        f"{text}{sites[i % len(sites)]}) {{ {shown[text[0]]} }}"
        for texts in (slugs, paths, routes)
        for i, text in enumerate(texts)
    ]
    return HEAD % "" + "{ " + "\n".join(looks) + " }"


PARTS = HEAD % "" + (
    "{ articles(first: 100) { nodes { id locale slug summary sections { id } questions { id } } } }"
)
ADDRESSES = address_query()
RECOMMENDATIONS = HEAD % "" + "{ articles(first: 100) { nodes { id " + RECOMMENDED + " } } }"
REDIRECTS = HEAD % "" + (
    "{ "
    + " ".join(
        f'{key}: redirects(site: "{key}", first: 100) {{ totalCount nodes {{ from to }} }}' for key in SITES
    )
    + " }"
)
NODES = HEAD % ", $ids: [ID!]!" + (
    "{ nodes(ids: $ids) { __typename id ... on Article { ...Named } "
    "... on Section { heading article { ...Named } } ... on Question { question article { ...Named } } } } "
    "fragment Named on Article { id locale slug summary }"
)


class Comparison:
    """One look at both."""

    def __init__(self, runner: Runner, look: Look) -> None:
        self.runner = runner
        self.look = look
        self.view = View(runner.history, runner.clock.now, look)

    async def ask(self, query: str, **variables: Any) -> Reply:
        """Ask the product in this view, without credentials where they are not needed.

        Whatever is asked, no text may come from an edition that the view does not show.
        """
        look, view = self.look, self.view
        secret = look.drafts or view.moment > view.present
        reply = await (self.runner.client if secret else self.runner.public).ask(
            query,
            drafts="DRAFT" if look.drafts else "PUBLISHED",
            locales=list(look.locales) or None,
            fallback=look.fallback,
            revision=look.revision,
            at=None if look.at is None else moment.to_text(look.at),
            **variables,
        )
        summaries = {row.version.content.summary for row in view.rows.values()}
        assert set(re.findall(r"Note \d+", reply.content.decode())) <= summaries
        return reply

    async def compare(self) -> None:
        """Compare everything."""
        await self.compare_content()
        await self.compare_addresses()
        await self.compare_recommendations()
        await self.compare_redirects()
        await self.compare_nodes()

    async def learn(self) -> None:
        """Learn the ids of the parts of all articles that the view shows."""
        shown = self.view.all_shown(self.runner.ids.articles)
        nodes = (await self.ask(PARTS)).data["articles"]["nodes"]
        names = [self.show_name(article.place) for article in shown]
        assert names == [{key: node[key] for key in NAMED} for node in nodes]
        for article, node in zip(shown, nodes, strict=True):
            self.learn_parts(article, node)

    async def compare_content(self) -> None:
        """Compare lists with all that hangs from them."""
        shown = self.view.all_shown(self.runner.ids.articles)
        data = (await self.ask(CONTENT)).data
        nodes = [{**self.show(one), "linkedFrom": self.show_backlinks(one, shown)} for one in shown]
        facets = {**self.count(shown), "sectionKinds": self.count_kinds(shown)}
        assert data["articles"] == {"totalCount": len(shown), "nodes": nodes, "facets": facets}
        asked = [
            {**self.show_question(home, question), "article": self.show_name(one.place)}
            for one in shown
            for home, question in one.version.content.all_questions
        ]
        of_questions = self.count([one for one in shown for _ in one.version.content.all_questions])
        assert data["questions"] == {"totalCount": len(asked), "nodes": asked, "facets": of_questions}
        assert data["night"]["totalCount"] == len([q for q in asked if q["question"] == QUESTIONS[2]])
        self.compare_filters(shown, data)

    def compare_filters(self, shown: list[Shown], data: Any) -> None:
        """Compare tags, and lists with conditions."""
        assert data["tags"] == show_tags(shown)
        sites = self.runner.history.sites
        assert data["oneTags"] == show_tags([one for one in shown if sites[one.place[0]] == "one"])
        tagged = [one for one in shown if {"Sea", "sea"} & set(one.version.content.tags)]
        tagged.sort(key=lambda one: (one.version.content.slug, self.runner.ids.articles[one.place[0]]))
        assert data["tagged"]["nodes"] == [self.show_name(one.place) for one in tagged]
        titled = [
            one for one in shown if one.version.content.title == "Quay" and sites[one.place[0]] == "two"
        ]
        assert data["titled"]["totalCount"] == len(titled)
        self.compare_searches(shown, data)
        self.compare_suggestions(shown, data)

    def compare_searches(self, shown: list[Shown], data: Any) -> None:
        """Compare what is found of the articles' summaries."""
        for number, note in enumerate(SUMMARIES):
            if note is None:
                continue
            noted = [one for one in shown if one.version.content.summary == note]
            expected = [{"part": None, "article": self.show_name(one.place)} for one in noted]
            assert data[f"n{number}"]["facets"] == self.count(noted)
            found = data[f"n{number}"]["nodes"]
            assert sorted(found, key=str) == sorted(expected, key=str)

    def compare_suggestions(self, shown: list[Shown], data: Any) -> None:
        """Compare what is suggested to who is typing."""
        ids = self.runner.ids
        texts = [Text("TAG", tag["name"], tag["slug"]) for tag in show_tags(shown)]
        parts: dict[tuple[str, int], str] = {}
        for one in shown:
            article_id, content = ids.articles[one.place[0]], one.version.content
            texts.append(Text("ARTICLE", content.title, article_id))
            for place, (_, question) in enumerate(content.all_questions, start=1):
                texts.append(Text("QUESTION", question.question, article_id, place))
                parts[article_id, place] = ids.parts[question.token]
        for number, typed in enumerate(TYPED):
            expected = []
            for text in suggest(typed, texts):
                target = {"id": parts.get((text.owner, text.place), encode_id("Article", text.owner))}
                target = {"slug": text.owner} if text.kind == "TAG" else target
                expected.append({"kind": text.kind, "text": text.text, "target": target})
            assert data[f"y{number}"] == expected

    def learn_parts(self, one: Shown, found: Any) -> None:
        """Learn the ids of an article's parts."""
        content = one.version.content
        for section, seen in zip(content.sections, found["sections"], strict=True):
            self.runner.ids.learn(section.token, seen["id"])
        for (_, question), seen in zip(content.all_questions, found["questions"], strict=True):
            self.runner.ids.learn(question.token, seen["id"])

    def show(self, one: Shown) -> dict[str, Any]:
        """Return an article as the contract shows it."""
        article, locale = one.place
        content, history = one.version.content, self.runner.history
        state, start, end = self.view.standing(one.place) if self.look.drafts else ("PUBLISHED", None, None)
        return {
            **self.show_name(one.place),
            "path": f"/{locale}/{content.slug}",
            "title": content.title,
            "locales": self.view.locales(article),
            "site": {"key": history.sites[article]},
            "publishedAt": show_moment(one.published_at),
            "createdAt": show_moment(history.last.known[article]),
            "updatedAt": show_moment(one.version.saved_at),
            "revision": one.version.revision,
            "state": state,
            "visibleFrom": show_moment(start),
            "visibleUntil": show_moment(end),
            "tags": [{"slug": tag.lower(), "name": tag} for tag in content.tags],
            "related": [self.show_link(target) for target in content.related],
            "sections": [self.show_section(one, section) for section in content.sections],
            "questions": [
                {**self.show_question(home, question), "article": self.show_name(one.place)}
                for home, question in content.all_questions
            ],
        }

    def show_name(self, place: Place) -> dict[str, Any]:
        """Return what names an article in a locale that the view shows."""
        article, locale = place
        content = self.view.rows[place].version.content
        article_id = encode_id("Article", self.runner.ids.articles[article])
        return {"id": article_id, "locale": locale, "slug": content.slug, "summary": content.summary}

    def show_link(self, target: str) -> dict[str, Any]:
        """Return a related link; the view may not show where it leads."""
        found = self.view.shown(target) if target != ELSEWHERE else None
        return {
            "label": f"Read {target}",
            "url": ELSEWHERE if target == ELSEWHERE else None,
            "article": found and self.show_name(found.place),
        }

    def show_backlinks(self, one: Shown, shown: list[Shown]) -> dict[str, Any]:
        """Return which of all articles that are shown link to another one."""
        article = one.place[0]
        links = [s for s in shown if article in s.version.content.related and s.place[0] != article]
        names = [self.show_name(link.place) for link in links]
        return {"totalCount": len(links), "nodes": names, "facets": self.count(links)}

    def count(self, shown: list[Shown]) -> dict[str, Any]:
        """Return the facets of articles, each as often as it is among them."""
        sites = self.runner.history.sites
        return {
            "tags": count_tags([[(tag.lower(), tag) for tag in one.version.content.tags] for one in shown]),
            "authors": [],
            "years": count_years(one.published_at for one in shown),
            "sites": count_sites(sites[one.place[0]] for one in shown),
            "locales": count_values("locale", ({one.place[1]} for one in shown)),
        }

    def count_kinds(self, shown: list[Shown]) -> list[dict[str, Any]]:
        """Return the facet of the only kind that there is."""
        count = sum(bool(one.version.content.sections) for one in shown)
        return [{"kind": "PROSE", "count": count}] if count else []

    def show_section(self, one: Shown, section: Section) -> dict[str, Any]:
        """Return a section."""
        parts = self.runner.ids.parts
        return {
            "id": parts[section.token],
            "heading": section.heading,
            "body": {"markdown": section.body},
            "questions": [{"id": parts[question.token]} for question in section.questions],
            "article": self.show_name(one.place),
        }

    def show_question(self, home: Section | None, question: Question) -> dict[str, Any]:
        """Return a question with its section."""
        parts = self.runner.ids.parts
        return {
            "id": parts[question.token],
            "question": question.question,
            "answer": {"markdown": question.answer},
            "section": home and {"id": parts[home.token]},
        }

    async def compare_addresses(self) -> None:
        """Compare look-ups by slug and by path, present and former."""
        reply = await self.ask(ADDRESSES)
        codes = {error["path"][0]: error["extensions"]["code"] for error in reply.body.get("errors", [])}
        looks = [(f"s{i}", self.view.by_slug(*names)) for i, names in enumerate(SLUG_NAMES)]
        looks += [(f"p{i}", self.view.by_path(*names)) for i, names in enumerate(PATH_NAMES)]
        for alias, expected in looks:
            found = codes.get(alias) or reply.body["data"][alias]
            allowed = [self.show_name(e) if isinstance(e, tuple) else e for e in expected]
            assert found in allowed, (alias, SLUG_NAMES, PATH_NAMES)
        for i, names in enumerate(PATH_NAMES):
            found = codes.get(f"r{i}") or reply.body["data"][f"r{i}"]
            places = self.view.by_path(*names)
            routes = [self.show_route(e, *names) if isinstance(e, tuple) else e for e in places]
            assert found in routes, (names, routes)
            assert found is None or isinstance(found, str) or found["article"] == reply.body["data"][f"p{i}"]
            if isinstance(found, dict):
                self.check_arrival(found, reply.body["data"], codes)

    def check_arrival(self, route: Any, data: Any, codes: dict[str, str]) -> None:
        """Check that who follows a route to an article arrives there, of those that the same answer has."""
        locale, slug = route["path"].lstrip("/").split("/")
        (article,) = (a for a in self.runner.history.sites if self.name_id(a) == route["article"]["id"])
        there = f"r{PATH_NAMES.index((locale, slug, self.runner.history.sites[article]))}"
        if there in codes:
            # Several drafts may want one address.
            assert self.look.drafts
            return
        assert (data[there]["kind"], data[there]["path"]) == ("PRESENT", route["path"])
        assert self.look.drafts or data[there]["article"] == route["article"]

    def show_route(self, place: Place, locale: str, slug: str, site: str | None) -> dict[str, Any]:
        """Return the route from an address to an article that it leads to."""
        path = self.show_path(place)
        is_used = any(
            name[1] == locale and self.view.is_named(row.version, slug, site) and name[0] == place[0]
            for name, row in self.view.rows.items()
        )
        kind = "FORMER" if not is_used else "PRESENT" if path == f"/{locale}/{slug}" else "OTHER_LOCALE"
        return {
            "path": path,
            "kind": kind,
            "isMoved": kind == "FORMER" and place[1] == locale,
            "article": self.show_name(place),
        }

    def name_id(self, article: str) -> str:
        """Return the id of an article."""
        return encode_id("Article", self.runner.ids.articles[article])

    async def compare_recommendations(self) -> None:
        """Compare what is recommended beside each article that the view shows."""
        ids, sites = self.runner.ids.articles, self.runner.history.sites
        linked = []
        for one in self.view.all_shown(ids):
            content, name = one.version.content, one.place[0]
            related = tuple(encode_id("Article", ids[other]) for other in content.related if other in ids)
            tags = tuple(tag.lower() for tag in content.tags)
            linked.append(Linked(encode_id("Article", ids[name]), sites[name], tags, related))
        nodes = (await self.ask(RECOMMENDATIONS)).data["articles"]["nodes"]
        assert [node["id"] for node in nodes] == [one.id for one in linked]
        # Of the few editions of a history all count, so it does not matter which were saved last.
        look = Recommending(linked, linked)
        for article, node in zip(linked, nodes, strict=True):
            check_recommendations(article, look, node["recommendations"])

    async def compare_redirects(self) -> None:
        """Compare where all paths lead that are not in use."""
        data = (await self.ask(REDIRECTS)).data
        rows, sites = self.view.rows, self.runner.history.sites
        for site in SITES:
            used = {(p[1], row.version.content.slug) for p, row in rows.items() if sites[p[0]] == site}
            found = {redirect["from"]: redirect["to"] for redirect in data[site]["nodes"]}
            assert list(found) == sorted(found)
            assert data[site]["totalCount"] == len(data[site]["nodes"]) == len(found)
            for locale, slug in product(LOCALES, SLUGS):
                leads = self.view.formerly(slug, locale, site)
                expected = {
                    self.show_path(e) if isinstance(e, tuple) and e[1] == locale else None for e in leads
                }
                assert found.pop(f"/{locale}/{slug}", None) in (
                    {None} if (locale, slug) in used else expected
                )
            assert not found

    def show_path(self, place: Place) -> str:
        """Return the path of an article that the view shows in a locale."""
        return f"/{place[1]}/{self.view.rows[place].version.content.slug}"

    async def compare_nodes(self) -> None:
        """Compare look-ups by the ids of all articles, sections and questions that ever were."""
        ids = self.runner.ids
        known = [a for a in ids.articles if a in self.runner.history.sites]
        wanted = {
            encode_id("Article", ids.articles[article]): self.view.spoken(article)[:1] for article in known
        }
        wanted |= {ID(part_id): self.view.holding(token) for token, part_id in ids.parts.items()}
        found = []
        for start in range(0, len(wanted), 100):
            reply = await self.ask(NODES, ids=list(wanted)[start : start + 100])
            found += reply.data["nodes"]
        for (node_id, places), node in zip(wanted.items(), found, strict=True):
            if not places:
                assert node is None
                continue
            assert node["id"] == node_id
            assert node.get("article", node)["id"]
            name = {key: node.get("article", node)[key] for key in NAMED}
            assert name in [self.show_name(place) for place in places]


def show_moment(value: int | None) -> str | None:
    """Return a moment as the contract shows it."""
    return None if value is None else moment.to_text(value)


def show_tags(shown: list[Shown]) -> list[dict[str, str]]:
    """Return the tags of articles, sorted; of several names of one tag the first."""
    names = sorted({tag for one in shown for tag in one.version.content.tags}, reverse=True)
    first = {tag.lower(): tag for tag in names}
    return [{"slug": slug, "name": first[slug]} for slug in sorted(first)]


__all__ = ["TAGS", "Comparison"]
