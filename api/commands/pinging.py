"""`quiet ping`: whether the server answers, for those who start it and watch it without a client of their own."""

from __future__ import annotations

import http.client

import click

from api.commands.running import load_settings
from api.settings import Settings

OWN_ADDRESSES = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - it is looked up here, not listened at
"""Under which address a server is reached that listens at all of them."""


@click.command("ping")
@click.option(
    "--ready", is_flag=True, help="Ask /readyz, which looks at the database too, in place of /livez."
)
@click.option(
    "--seconds", type=click.FloatRange(0.1, 60), default=3.0, show_default=True, help="How long to wait."
)
def ping_command(ready: bool, seconds: float) -> None:
    """Ask the server of QUIET_HOST and QUIET_PORT whether it is well. Ends with status 1 where it is not."""
    path = "/readyz" if ready else "/livez"
    try:
        status, text = ask(load_settings(), path, seconds)
    except (OSError, http.client.HTTPException) as error:
        raise click.ClickException(f"No server answers: {error}") from None
    if status != 200:
        raise click.ClickException(f"{path} answers {status}: {text}")
    click.echo(text)


def ask(settings: Settings, path: str, seconds: float) -> tuple[int, str]:
    """Return the status and the text with which the server answers. Raises OSError or HTTPException."""
    host = OWN_ADDRESSES.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=seconds)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read(65_536).decode("utf-8", "replace")
    finally:
        connection.close()
