"""The GraphQL schema: its types over the models, and how documents are prepared, priced, planned and executed.

Modules that declare types have no `from __future__ import annotations` where they can do without it: Strawberry
evaluates annotations that are texts again and again, which would take a sixteenth of the time to start.
"""
