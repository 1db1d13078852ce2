"""`python -m quiet_engine` is the command `quiet`."""

from __future__ import annotations

from quiet_engine.launcher import main

main()
