"""Random drafts with edits of two sides, and a naive definition of what a conflict is and what must survive."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields, is_dataclass
from itertools import combinations

from hypothesis import assume
from hypothesis import strategies as st

from models.draft import ArticleDraft, ImageDraft, LinkDraft, QuestionDraft, SectionDraft, SectionKind
from models.errors import Conflict
from models.merging import merge

Path = tuple[str, ...]
Facts = dict[Path, str]
History = tuple[ArticleDraft, ArticleDraft, ArticleDraft]
Merged = tuple[History, ArticleDraft]

VALUES: dict[str, list[object]] = {
    "slug": ["s", "t", "u"],
    "title": ["A", "B", "C"],
    "summary": [None, "", "a"],
    "intro": ["", "a", "b"],
    "related": [[], [LinkDraft("a", "/a")], [LinkDraft("a", "/b")]],
    "images": [[], [ImageDraft("/a.png")], [ImageDraft("/a.png", "a")]],
    "tags": [[], ["a", "b"], ["b", "a"]],
    "authors": [[], ["a"], ["a", "b"]],
    "redirects": [[], ["/a"], ["/b"]],
    "published_at": [None, 0, 1],
    "seo": [{}, {"a": True}, {"a": 1, "b": "x"}],
    "front_matter": [{"a": [1]}, {"a": [1.0]}, {"a": [True], "b": None}],
    "heading": [None, "a", "b"],
    "level": [2, 3, 4],
    "kind": [SectionKind.PROSE, SectionKind.FAQ, SectionKind.RELATED],
    "body": ["", "a", "b"],
    "anchor": [None, "a", "b"],
    "pros": [[], ["a"], ["b"]],
    "cons": [[], ["a"], ["b"]],
    "question": ["a", "b", "c"],
    "answer": ["", "a", "b"],
}
ARTICLE, SECTION, QUESTION = list(VALUES)[:12], list(VALUES)[12:19], [*list(VALUES)[19:], "anchor"]
OUTSIDE = ""


def fill(draw: st.DrawFn, part: object, names: list[str]) -> None:
    """Give all fields of a new part values of one kind; drawing each would be slow."""
    kind = draw(st.integers(0, 2))
    for name in names:
        setattr(part, name, deepcopy(VALUES[name][kind]))


def change(draw: st.DrawFn, part: object, names: list[str]) -> None:
    """Set a field to one of few values, so that the other side may well choose the same."""
    name = draw(st.sampled_from(names))
    setattr(part, name, deepcopy(draw(st.sampled_from(VALUES[name]))))


def parts_of(draft: ArticleDraft) -> Iterator[tuple[str, list[QuestionDraft]]]:
    """Yield each place of questions with its list."""
    yield OUTSIDE, draft.questions
    for section in draft.sections:
        yield section.key or "", section.questions


@st.composite
def drafts(draw: st.DrawFn) -> ArticleDraft:
    """Any draft of few parts with few values."""
    draft = ArticleDraft("en", "s", "A")
    fill(draw, draft, ARTICLE)
    for key in draw(st.permutations("ABCD"))[: draw(st.sampled_from([3, 0, 1, 2, 3, 4]))]:
        add_section(draw, draft, key)
    for key in draw(st.permutations("pqrstu"))[: draw(st.sampled_from([4, 0, 2, 4, 5, 6]))]:
        add_question(draw, draft, key)
    return draft


def add_section(draw: st.DrawFn, draft: ArticleDraft, key: str) -> None:
    """Add a section at any place."""
    section = SectionDraft(key=key)
    fill(draw, section, SECTION)
    draft.sections.insert(draw(st.integers(0, len(draft.sections))), section)


def add_question(draw: st.DrawFn, draft: ArticleDraft, key: str) -> None:
    """Add a question at any place."""
    question = QuestionDraft("a", key=key)
    fill(draw, question, QUESTION)
    put_question(draw, draft, question)


def put_question(draw: st.DrawFn, draft: ArticleDraft, question: QuestionDraft) -> None:
    """Put a question at any place."""
    questions = draw(st.sampled_from([questions for _, questions in parts_of(draft)]))
    questions.insert(draw(st.integers(0, len(questions))), question)


def edit(draw: st.DrawFn, draft: ArticleDraft, new_sections: str, new_questions: str) -> None:
    """Make a few changes, of whatever kind, to a draft."""
    for _ in range(draw(st.sampled_from([4, 1, 2, 3, 6, 8]))):
        edit_once(draw, draft, new_sections, new_questions)


def edit_once(draw: st.DrawFn, draft: ArticleDraft, new_sections: str, new_questions: str) -> None:
    """Make one change to a draft."""
    kind = draw(st.sampled_from(["article", "add", "add", "section", "section", "question", "question"]))
    sections = {section.key for section in draft.sections}
    questions = [(part, index) for _, part in parts_of(draft) for index in range(len(part))]
    if kind == "article":
        change(draw, draft, ARTICLE)
    elif kind == "add" and draw(st.booleans()):
        for key in [key for key in new_sections if key not in sections][:1]:
            add_section(draw, draft, key)
    elif kind == "add":
        taken = {part[index].key for part, index in questions}
        for key in [key for key in new_questions if key not in taken][:1]:
            add_question(draw, draft, key)
    elif kind == "section" and sections:
        edit_part(draw, draft, draft.sections, draw(st.integers(0, len(draft.sections) - 1)))
    elif kind == "question" and questions:
        edit_part(draw, draft, *draw(st.sampled_from(questions)))


def edit_part(
    draw: st.DrawFn, draft: ArticleDraft, parts: list[SectionDraft] | list[QuestionDraft], index: int
) -> None:
    """Change, move or remove a part."""
    part = parts[index]
    names = SECTION if isinstance(part, SectionDraft) else QUESTION
    verb = draw(st.sampled_from(["change", "shift", "shift", "move", "remove"]))
    if verb == "change":
        change(draw, part, names)
        return
    del parts[index]
    if verb == "shift" or (verb == "move" and isinstance(part, SectionDraft)):
        parts.insert(draw(st.integers(0, len(parts))), part)  # type: ignore[arg-type]
    elif verb == "move" and isinstance(part, QuestionDraft):
        put_question(draw, draft, part)


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A draft and two that came of it: by a few changes each, or quite different ones."""
    base = draw(drafts())
    if draw(st.integers(0, 9)) == 0:
        return base, draw(drafts()), draw(drafts())
    mine, theirs = deepcopy(base), deepcopy(base)
    edit(draw, mine, "MXE", "mxpqrstu")
    edit(draw, theirs, "NXE", "nxpqrstu")
    return base, mine, theirs


# The naive definition: a draft as a set of plain statements, and orders as pairs of keys.


def exact(value: object) -> str:
    """Return a text that is the same for the same value only: 1, 1.0 and True differ."""
    return repr(value)


def facts(draft: ArticleDraft) -> Facts:
    """Return everything that a draft says, except for orders."""
    said: Facts = {(name,): exact(getattr(draft, name)) for name in ARTICLE if name != "seo"}
    said |= {("seo", name): exact(draft.seo.get(name, ...)) for name in ("a", "b")}
    for section in draft.sections:
        said |= {("sections", section.key or "", name): exact(getattr(section, name)) for name in SECTION}
    for place, questions in parts_of(draft):
        for question in questions:
            path = ("questions", question.key or "")
            said |= {(*path, name): exact(getattr(question, name)) for name in QUESTION}
            said[*path, "section"] = place
    return said


def about(said: Facts, path: Path) -> Facts:
    """Return what is said of one part."""
    return {where: what for where, what in said.items() if where[: len(path)] == path and len(where) == 3}


def orders(draft: ArticleDraft) -> dict[Path, list[str]]:
    """Return the order of the sections, and that of the questions of each place."""
    found: dict[Path, list[str]] = {("sections",): [section.key or "" for section in draft.sections]}
    return found | {
        ("questions", place): [question.key or "" for question in questions]
        for place, questions in parts_of(draft)
    }


def pairs(keys: list[str]) -> set[tuple[str, str]]:
    """Return each two keys, the earlier first."""
    return set(combinations(keys, 2))


def flips(before: list[str], after: list[str]) -> set[tuple[str, str]]:
    """Return the pairs of `after` that stood the other way round."""
    return {(first, second) for first, second in pairs(after) if (second, first) in pairs(before)}


def expected_conflicts(base: ArticleDraft, mine: ArticleDraft, theirs: ArticleDraft) -> set[Path]:
    """Return the paths of all that both sides changed, each in another way."""
    sides = [facts(mine), facts(theirs)]
    old = facts(base)
    found: set[Path] = set()
    for path in old.keys() | sides[0].keys() | sides[1].keys():
        before, *after = (said.get(path) for said in (old, *sides))
        if None not in after and len({before, *after}) == 3:
            found.add(path)
    found |= removed_and_changed(base, mine, theirs) | removed_and_changed(base, theirs, mine)
    return found | disordered(base, mine, theirs)


def removed_and_changed(base: ArticleDraft, remover: ArticleDraft, keeper: ArticleDraft) -> set[Path]:
    """Return the parts that one side removed and the other changed, or changed questions in."""
    old, gone, kept = facts(base), facts(remover), facts(keeper)
    removed = {path[:2] for path in old if len(path) == 3} - {path[:2] for path in gone}
    removed &= {path[:2] for path in kept}
    found: set[Path] = {path for path in removed if about(old, path) != about(kept, path)}
    for path in removed:
        place = ("questions", path[1])
        if path[0] == "sections":
            before, after = orders(base)[place], orders(keeper)[place]
            answers = any(about(old, ("questions", key)) != about(kept, ("questions", key)) for key in after)
            if answers or flips(before, after):
                found.add(path)
    return found


def disordered(base: ArticleDraft, mine: ArticleDraft, theirs: ArticleDraft) -> set[Path]:
    """Return the lists whose order both sides changed, each in another way."""
    found = set()
    for path, my_keys in orders(mine).items():
        their_keys, old_keys = orders(theirs).get(path, []), orders(base).get(path, [])
        shared = set(my_keys) & set(their_keys)
        mine_only = {pair for pair in flips(old_keys, my_keys) if set(pair) <= shared}
        theirs_only = {pair for pair in flips(old_keys, their_keys) if set(pair) <= shared}
        if flips(my_keys, their_keys) and bool(mine_only) == bool(theirs_only):
            found.add(path)
    return found


def try_merge(base: ArticleDraft, mine: ArticleDraft, theirs: ArticleDraft) -> ArticleDraft | None:
    """Merge, or return None where there is a conflict."""
    try:
        return merge(base, mine, theirs)
    except Conflict:
        return None


def keys_of(draft: ArticleDraft) -> list[tuple[str, str]]:
    """Return concept and key of every part, as often as it stands there."""
    sections = [("sections", section.key or "") for section in draft.sections]
    return sections + [("questions", q.key or "") for _, questions in parts_of(draft) for q in questions]


@st.composite
def merged_histories(draw: st.DrawFn) -> Merged:
    """Histories without conflict, with what their merge returns."""
    history = draw(histories())
    result = try_merge(*history)
    assume(result)
    assert result
    return history, result


def mutables(value: object) -> set[int]:
    """Return the identities of all that can be changed inside a value."""
    if isinstance(value, list):
        return {id(value)}.union(*map(mutables, value))
    if isinstance(value, dict):
        return {id(value)}.union(*map(mutables, value.values()))
    if is_dataclass(value):
        return {id(value)}.union(*(mutables(getattr(value, field.name)) for field in fields(value)))
    return set()


@st.composite
def disjoint_edits(draw: st.DrawFn) -> tuple[History, Facts]:
    """A draft, two that each changed other fields of it, and all that either changed."""
    base = draw(drafts())
    mine, theirs = deepcopy(base), deepcopy(base)
    written: Facts = {}
    plain = sorted(p for p in facts(base) if p[-1] != "section" and p[0] != "seo")
    for path in draw(st.permutations(plain))[:8]:
        side, value = draw(st.sampled_from([mine, theirs])), draw(st.sampled_from(VALUES[path[-1]]))
        setattr(find(side, path), path[-1], deepcopy(value))
        written[path] = exact(value)
    return (base, mine, theirs), written


def find(draft: ArticleDraft, path: Path) -> object:
    """Return the part with this path, or the article."""
    parts = [*draft.sections] if path[0] == "sections" else [q for _, part in parts_of(draft) for q in part]
    return next(part for part in parts if part.key == path[1]) if len(path) == 3 else draft


def build(texts: list[str]) -> ArticleDraft:
    """Return a draft from texts: `Apq` is the section A with the questions p and q, `p` a question outside."""
    draft = ArticleDraft("en", "s", "A")
    for text in texts:
        questions = [QuestionDraft(key, key=key) for key in text if key.islower()]
        if text[0].isupper():
            draft.sections.append(SectionDraft(key=text[0], questions=questions))
        else:
            draft.questions += questions
    return draft


def shape(draft: ArticleDraft) -> list[str]:
    """Return the sections as `build` takes them."""
    places = [(section.key or "", section.questions) for section in draft.sections]
    texts = [place + "".join(q.key or "" for q in part) for place, part in [*places, ("", draft.questions)]]
    return texts if texts[-1] else texts[:-1]
