"""What Schemathesis is told for `make fuzz`: values of our scalars, right and wrong, and what no answer may be.

Schemathesis counts each GraphQL error as a failure. Most of what it makes up is wrong, and is to be told so: what
counts here is that each error is meant.
"""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import strategies as st
from hypothesis_graphql import nodes

LONGEST_SECONDS = 10.0
"""As long as an operation may take by default, before it is given up."""

TEXTS = st.text(max_size=200)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "Locale": (st.sampled_from(["en", "de", "de-AT", "zh-Hant"]) | TEXTS).map(nodes.String),
    "DateTime": (st.datetimes().map(lambda at: f"{at.isoformat()}Z") | TEXTS).map(nodes.String),
    "Revision": (st.integers(-2, 10) | st.integers(-(2**53), 2**53)).map(nodes.Int),
    "JSON": TEXTS.map(nodes.String),
    **{
        name: (TEXTS | st.just("https://example.org/a")).map(nodes.String)
        for name in ("HTML", "Markdown", "URL")
    },
}

for name, values in SCALARS.items():
    schemathesis.graphql.scalar(name, values)


@schemathesis.check  # type: ignore[untyped-decorator] # it is only there for `make fuzz`
def every_error_is_meant(_context: Any, response: Any, _case: Any) -> None:
    """Whatever is sent, the answer is no fault of the server's, comes in time, and each error in it has a code."""
    assert response.status_code < 500, f"{response.status_code} is a fault of the server's"
    assert response.elapsed < LONGEST_SECONDS, f"it took {response.elapsed:.1f} s"
    for error in response.json().get("errors", ()):
        code = error.get("extensions", {}).get("code")
        assert code, f"an error without a code: {error}"
        assert code != "INTERNAL_ERROR", f"an error that nobody meant: {error}"
