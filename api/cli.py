"""The command `quiet`. Its verbs are in `api.commands`, each imported when it is asked for."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "serve": "serving:serve_command",
    "ping": "pinging:ping_command",
    "migrate": "maintaining:migrate_command",
    "import": "importing:import_command",
    "rerender": "maintaining:rerender_command",
    "reindex": "maintaining:reindex_command",
    "compact": "compacting:compact_command",
    "schema": "schema:schema_command",
    "token": "tokens:token_group",
    "webhook": "webhooks:webhook_group",
    "documents": "documents:documents_group",
    "redirects": "redirects:redirects_command",
    "backup": "backup:backup_command",
    "restore": "backup:restore_command",
    "verify": "verifying:verify_command",
    "doctor": "examining:doctor_command",
}
"""Each command by its name: the module of `api.commands` that has it, and what it is called there."""


class Commands(click.Group):
    """Imports the command that runs and no other: the server's parts alone take most of a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the help."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        # What is imported lives as long as the process; to look among it for what does not takes a sixth of the start.
        gc.disable()
        command: click.Command = getattr(import_module(f"api.commands.{module}"), name)
        gc.enable()
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="quiet-engine", prog_name="quiet")
def main() -> None:
    """Quiet Engine: a self-hosted GraphQL content API for articles made of sections and questions.

    \b
    To begin:
      quiet serve --sample        serve some sample articles at http://127.0.0.1:8000/graphql
      quiet import FOLDER --publish
                                  bring in your own Markdown
      quiet doctor                if something does not work

    Settings are environment variables that begin with QUIET_; the README lists them.
    """
