"""Whether a database keeps what the design promises of it: each check reads one snapshot and tells what is wrong."""
