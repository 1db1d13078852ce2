"""Headers that every response carries, so that browsers do nothing with it that we did not mean."""

from __future__ import annotations

DEFAULTS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
ENCODED = [(name.lower().encode(), value.encode()) for name, value in DEFAULTS.items()]
