"""The settings of a process, and the only reader of the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from api.setting_table import SETTINGS, Setting
from api.setting_values import LOOPBACK
from models.access import Role

PREFIX = "QUIET_"
IN_FILES = frozenset({"DATABASE", "REDIS", "PURGE_TOKEN", "OPERATOR_TOKEN"})
"""Settings that hold secrets. `QUIET_DATABASE_FILE` names a file with the value of `QUIET_DATABASE`, and so on."""

LARGEST_FILE = 65_536
FOREIGN = ("QUIET_TEST_", "QUIET_SCREENSHOTS")
"""Names that belong to the tests and are none of ours."""


class WrongSetting(Exception):
    """A setting that is unknown or cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a process."""

    database: str
    host: str
    port: int
    library_bytes: int
    response_cache_bytes: int
    body_bytes: int
    operation_cost: int
    page_size: int
    cost_per_minute: int
    operation_seconds: int
    mutation_seconds: int
    concurrent_operations: int
    queued_operations: int
    redis: str
    proxies: str
    document_tokens: int
    document_depth: int
    document_aliases: int
    document_directives: int
    projector: bool
    shared_cache_seconds: int
    purge: tuple[str, ...]
    purge_style: str
    purge_token: str
    webhook_private: bool
    streams: int
    streams_each: int
    socket_operations: int
    origins: frozenset[str]
    hosts: frozenset[str]
    introspection: str
    documents: Path | None
    documents_only: bool
    graphiql: bool
    edit_body_bytes: int
    public_read: bool
    oidc_issuer: str
    oidc_audience: str
    oidc_claim: str
    oidc_roles: tuple[tuple[str, Role], ...]
    oidc_keys: str
    log_format: str
    log_level: str
    access_log: bool
    slow_operation_seconds: float
    metrics: str
    operator_token: str
    worker_folder: Path | None
    traces: str


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that these environment variables give.

    Raises WrongSetting with a sentence for an unknown `QUIET_` name or a value that cannot be read.
    """
    environment = read_files(environment)
    known = {PREFIX + setting.name for setting in SETTINGS}
    for name in environment:
        if name.startswith(PREFIX) and name not in known and not name.startswith(FOREIGN):
            raise WrongSetting(f"There is no setting {name}." + suggest(name, known))
    settings = Settings(**{s.name.lower(): read_value(s, environment) for s in SETTINGS})
    check_issuer(settings)
    check_purge(settings)
    check_budget(settings)
    return settings


def read_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with the values of secrets that stand in files. Raises WrongSetting."""
    found = dict(environment)
    for name in sorted(IN_FILES):
        path = found.pop(f"{PREFIX}{name}_FILE", "")
        if not path:
            continue
        if found.get(PREFIX + name):
            raise WrongSetting(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set; one of them must go.")
        found[PREFIX + name] = read_secret(f"{PREFIX}{name}_FILE", Path(path))
    return found


def read_secret(name: str, path: Path) -> str:
    """Return the secret in a file, without the end of its line. Raises WrongSetting, which does not repeat it."""
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise WrongSetting(f"{name}: {path} cannot be read: {error.strerror}.") from None
    except UnicodeError:
        raise WrongSetting(f"{name}: {path} is not text in UTF-8.") from None
    text = text.strip("\r\n")
    if not text or len(text) > LARGEST_FILE or "\n" in text:
        raise WrongSetting(f"{name}: {path} must have one line, the secret.")
    return text


def check_issuer(settings: Settings) -> None:
    """Raise WrongSetting where an issuer is named without all that goes with it, or the other way round."""
    others = {"OIDC_AUDIENCE": settings.oidc_audience, "OIDC_ROLES": settings.oidc_roles}
    for name, value in others.items():
        if settings.oidc_issuer and not value:
            raise WrongSetting(f"{PREFIX}OIDC_ISSUER is set, so {PREFIX}{name} must be, too.")
        if value and not settings.oidc_issuer:
            raise WrongSetting(f"{PREFIX}{name} does nothing without {PREFIX}OIDC_ISSUER.")


def check_budget(settings: Settings) -> None:
    """Raise WrongSetting where an operation could cost more than anybody may spend, or nothing is to be counted."""
    if not settings.cost_per_minute:
        if settings.redis:
            raise WrongSetting(f"{PREFIX}REDIS does nothing where {PREFIX}COST_PER_MINUTE is 0.")
        return
    if settings.cost_per_minute < settings.operation_cost:
        raise WrongSetting(
            f"{PREFIX}COST_PER_MINUTE is less than {PREFIX}OPERATION_COST, which one operation may cost."
        )


def check_purge(settings: Settings) -> None:
    """Raise WrongSetting where purges would have no effect, or would tell their token to a network."""
    if not settings.purge:
        if settings.purge_token or settings.purge_style != "varnish":
            raise WrongSetting(
                f"{PREFIX}PURGE_STYLE and {PREFIX}PURGE_TOKEN do nothing without {PREFIX}PURGE."
            )
        return
    if not (settings.shared_cache_seconds and settings.response_cache_bytes):
        needed = f"{PREFIX}SHARED_CACHE_SECONDS and {PREFIX}RESPONSE_CACHE_BYTES"
        raise WrongSetting(f"{PREFIX}PURGE does nothing unless {needed} are more than 0.")
    if settings.purge_style == "varnish":
        return
    if not settings.purge_token:
        raise WrongSetting(f"{PREFIX}PURGE_STYLE={settings.purge_style} needs {PREFIX}PURGE_TOKEN.")
    for address in settings.purge:
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise WrongSetting(
                f"{PREFIX}PURGE begins with https://, as the token must not be read on its way."
            )


def suggest(name: str, known: set[str]) -> str:
    """Return a hint at the name that may have been meant."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.8)
    return f" Did you mean {close[0]}?" if close else f" The settings are {', '.join(sorted(known))}."


def read_value(setting: Setting, environment: Mapping[str, str]) -> Any:
    """Return the value of one setting."""
    text = environment.get(PREFIX + setting.name, setting.default)
    try:
        return setting.read(text)
    except ValueError as error:
        # An address may hold a password, so what was given is not repeated.
        raise WrongSetting(f"{PREFIX}{setting.name} cannot be read: {str(error).rstrip('.')}.") from None


def describe_settings() -> str:
    """Return the table as Markdown, for the README."""
    rows = [
        f"| `{PREFIX}{s.name}` | {s.kind} | {f'`{s.default}`' if s.default else 'none'} | {s.sentence} |"
        for s in SETTINGS
    ]
    return "\n".join(["| name | type | default | what it does |", "| --- | --- | --- | --- |", *rows])
