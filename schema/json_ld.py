"""Structured data of an article as schema.org names it, for search engines.

What is left out is what is not known: search engines count a wrong or relative value as an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import quote

import orjson

from models import moment
from models.addresses import SEGMENTS, site_url
from models.page import ArticlePage
from models.stored import StoredQuestion

CONTEXT = "https://schema.org"
Node = dict[str, Any]

FRAGMENT = f"{SEGMENTS}?"
"""What stands in a fragment as it is, besides letters, digits and `-._` (RFC 3986, section 3.5)."""

ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}
"""What could end a script element or a line of a script; inside of JSON it only stands in texts."""


def describe_page(page: ArticlePage, questions: Sequence[StoredQuestion]) -> Node:
    """Return the structured data of a page with these questions, as one graph."""
    nodes = [describe_article(page), describe_way(page), describe_questions(page, questions)]
    return {"@context": CONTEXT, "@graph": [node for node in nodes if node]}


def write_script(data: Node) -> str:
    """Return structured data as text that can stand between the tags of a script element."""
    return orjson.dumps(data).decode().translate(ESCAPES)


def describe_article(page: ArticlePage) -> Node:
    """Return the article."""
    edition, url = page.article.edition, page.canonical
    publisher = {"@type": "Organization", "name": page.site.name, "url": site_url(page.site)}
    return keep_known(
        {
            "@type": "Article",
            "@id": f"{url}#article" if url else None,
            "headline": edition.title,
            "description": page.description,
            "image": page.images,
            "datePublished": show(page.published_at),
            "dateModified": show(page.modified_at),
            "author": [{"@type": "Person", "name": name} for name in edition.authors],
            "publisher": keep_known(publisher),
            "inLanguage": page.article.locale,
            "keywords": [tag["name"] for tag in edition.tags],
            "wordCount": edition.word_count,
            "url": url,
            "mainEntityOfPage": {"@type": "WebPage", "@id": url} if url else None,
        }
    )


def describe_way(page: ArticlePage) -> Node | None:
    """Return the way from the site to the article; None without addresses, which each step but the last needs."""
    base, url = site_url(page.site), page.url
    if base is None or url is None:
        return None
    steps = [(page.site.name, f"{base}/"), (page.article.edition.title, url)]
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def describe_questions(page: ArticlePage, questions: Sequence[StoredQuestion]) -> Node | None:
    """Return the questions that have an answer in words, None where there are none."""
    answered = [describe_question(page, q) for q in questions if q.question.strip() and q.answer_text.strip()]
    if not answered:
        return None
    return {"@type": "FAQPage", "inLanguage": page.article.locale, "mainEntity": answered}


def describe_question(page: ArticlePage, question: StoredQuestion) -> Node:
    """Return a question with its answer, whose text search engines read as HTML."""
    answer = {"@type": "Answer", "text": escape(question.answer_text, quote=False)}
    url = locate(page.canonical, question.anchor) if page.canonical else None
    return keep_known({"@type": "Question", "name": question.question, "url": url, "acceptedAnswer": answer})


def locate(url: str, anchor: str) -> str:
    """Return the address of a place in a page as a URI."""
    return f"{url.partition('#')[0]}#{quote(anchor, safe=FRAGMENT)}"


def keep_known(node: Node) -> Node:
    """Return a node without the properties that have no value."""
    return {name: value for name, value in node.items() if value not in (None, [], "")}


def show(at: int | None) -> str | None:
    """Return a moment in the form of ISO 8601, with its zone."""
    return None if at is None else moment.to_text(at)
