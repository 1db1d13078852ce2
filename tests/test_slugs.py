"""What a slug may be: it stands in addresses as it is."""

from __future__ import annotations

import pytest

from models.checking import check_slug


@pytest.mark.parametrize(
    "slug", ["tides", "über-öl", "日本", "guides/tides", "a.b", "a_b-c~d", "c++", "2026/03/x"]
)
def test_good_slugs(slug: str) -> None:
    """Letters of any language, digits, slashes between parts, and marks that mean nothing in an address."""
    assert list(check_slug(slug)) == []


UNFIT = ["", " ", "a b", "a\tb", "a\nb", "a?b", "a#b", "50%", "%2e%2e", "a\\b", "<script>", 'a"b']
HIDDEN = ["..", "../etc/passwd", "a/../b", "a//b", "./a", "a\u202eb", "a\u200bb", "a\0", "x" * 501]


@pytest.mark.parametrize("slug", [*UNFIT, *HIDDEN])
def test_bad_slugs(slug: str) -> None:
    """What means something else in an address or in HTML, leads out of the site, or cannot be seen, is refused."""
    assert {problem.path for problem in check_slug(slug)} == {("slug",)}
