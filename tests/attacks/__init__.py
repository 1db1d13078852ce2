"""Attacks by name: what OWASP's GraphQL cheat sheet lists, and what scanners of GraphQL servers try."""
