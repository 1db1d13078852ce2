"""Headers that every response carries, so that browsers do nothing with it that we did not mean."""

from __future__ import annotations

Header = tuple[bytes, bytes]
"""The name of a header, in small letters, and its value."""

DEFAULTS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
ENCODED = [(name.lower().encode(), value.encode()) for name, value in DEFAULTS.items()]
