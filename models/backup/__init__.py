"""Backups: one file with everything that a database holds at one revision, for this database or the other kind."""
