"""The kinds of sections."""

from __future__ import annotations

from models.draft import SectionKind
from schema.enums import describe_enum

__all__ = ["SectionKind"]

KINDS = {
    SectionKind.PROSE: "Running text.",
    SectionKind.KEY_INSIGHTS: "What readers should take away, in brief.",
    SectionKind.IMAGE_GALLERY: "Pictures.",
    SectionKind.FAQ: "Questions with answers.",
    SectionKind.RELATED: "Where to read on.",
    SectionKind.PROS_AND_CONS: "What speaks for and against something.",
    SectionKind.FINAL_THOUGHTS: "A conclusion or summary.",
}

describe_enum(SectionKind, "SectionKind", "What part a section plays in its article.", KINDS)
