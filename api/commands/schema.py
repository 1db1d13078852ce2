"""`quiet schema`: the contract."""

from __future__ import annotations

from pathlib import Path

import click

from schema.build import print_contract


@click.command("schema")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def schema_command(output: Path | None) -> None:
    """Print the GraphQL schema in its definition language.

    Code generators and linters read this file; every element has a description.
    """
    text = print_contract()
    if output is None:
        click.echo(text, nl=False)
    else:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
        click.echo(f"Wrote {output}.")
