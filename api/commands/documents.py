"""The verbs about trusted documents."""

from __future__ import annotations

from pathlib import Path

import click

from api.commands.running import load_settings
from api.persisted import ManifestError, read_manifest
from schema.build import build_schema, core_schema
from schema.documents import Documents


@click.group("documents")
def documents_group() -> None:
    """Trusted documents: what clients may ask, by the manifest that QUIET_DOCUMENTS names."""


@documents_group.command("check")
@click.argument("manifest", type=click.Path(path_type=Path), required=False)
def check_command(manifest: Path | None) -> None:
    """Say which documents of a manifest this version of the schema cannot answer.

    Without MANIFEST, that of QUIET_DOCUMENTS. Ends with status 1 if there are any: run it before an upgrade.
    """
    path = manifest or load_settings().documents
    if path is None:
        raise click.ClickException("Name a manifest, or set QUIET_DOCUMENTS.")
    try:
        texts = read_manifest(path)
    except ManifestError as error:
        raise click.ClickException(str(error)) from error
    broken = find_broken(texts)
    for name, messages in broken.items():
        click.echo(f"{name}\n" + "\n".join(f"  {message}" for message in messages))
    if broken:
        raise click.ClickException(f"{len(broken)} of {len(texts)} documents cannot be answered.")
    click.echo(f"All {len(texts)} documents can be answered.")


def find_broken(texts: dict[str, str]) -> dict[str, list[str]]:
    """Return the errors of each document that the schema cannot answer, by its id."""
    documents = Documents(core_schema(build_schema()), None)
    prepared = {name: documents.prepare(text) for name, text in texts.items()}
    return {
        name: [str(error["message"]) for error in found.errors]
        for name, found in prepared.items()
        if found.errors
    }
