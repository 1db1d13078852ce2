"""The command `quiet`. Its verbs are in `api.commands`."""

from __future__ import annotations

import click

from api.commands.backup import backup_command, restore_command
from api.commands.compacting import compact_command
from api.commands.documents import documents_group
from api.commands.examining import doctor_command
from api.commands.importing import import_command
from api.commands.maintaining import migrate_command, reindex_command, rerender_command, schema_command
from api.commands.pinging import ping_command
from api.commands.redirects import redirects_command
from api.commands.serving import serve_command
from api.commands.tokens import token_group
from api.commands.verifying import verify_command
from api.commands.webhooks import webhook_group


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
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


for command in (
    serve_command,
    ping_command,
    migrate_command,
    import_command,
    rerender_command,
    reindex_command,
    compact_command,
    schema_command,
    token_group,
    webhook_group,
    documents_group,
    redirects_command,
    backup_command,
    restore_command,
    verify_command,
    doctor_command,
):
    main.add_command(command)
