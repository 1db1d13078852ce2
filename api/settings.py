"""The settings: one table, and the only reader of the environment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from models.access import Role
from models.database import Address
from models.errors import ContentError


class WrongSetting(Exception):
    """A setting that is unknown or cannot be read; the message says what to do."""


def read_host(text: str) -> str:
    """Return the address to listen at; an empty one would mean every network that the machine is in."""
    if not text:
        raise ValueError("it is empty; 127.0.0.1 is this machine only, 0.0.0.0 every network it is in")
    return text


def read_text(text: str) -> str:
    """Return a text as it is."""
    return text


def read_bytes(text: str) -> int:
    """Return a number of bytes: `1048576`, `64k`, `64M` or `1G`."""
    units = {"k": 1024, "m": 1024**2, "g": 1024**3}
    factor = units.get(text[-1:].lower(), 1)
    number = text[:-1] if factor > 1 else text
    if not (number.isascii() and number.isdigit()):
        raise ValueError("a number of bytes is needed, such as 64M")
    return int(number) * factor


def read_limit(text: str) -> int:
    """Return a number of bytes that leaves room for a request."""
    if (limit := read_bytes(text)) < SMALLEST_LIMIT:
        raise ValueError(f"at least {SMALLEST_LIMIT} bytes are needed, or nothing could be asked")
    return limit


def read_port(text: str) -> int:
    """Return a port number."""
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise ValueError("a port is a number from 0 to 65535")
    return int(text)


def read_seconds(text: str) -> int:
    """Return a number of seconds, at most a year."""
    if not (text.isascii() and text.isdigit() and int(text[:10]) <= 31_536_000):
        raise ValueError("a whole number of seconds is needed, such as 60")
    return int(text)


def read_count(text: str) -> int:
    """Return a number from 0 to a million."""
    if not (text.isascii() and text.isdigit() and int(text[:10]) <= 1_000_000):
        raise ValueError("a number from 0 to 1000000 is needed")
    return int(text)


def read_amount(text: str) -> int:
    """Return a number from 0 to a thousand millions."""
    if not (text.isascii() and text.isdigit() and int(text[:11]) <= 1_000_000_000):
        raise ValueError("a number from 0 to 1000000000 is needed")
    return int(text)


def read_redis(text: str) -> str:
    """Return the address of a Redis server, or none at all."""
    parts = urlsplit(text)
    if text and not (parts.scheme in {"redis", "rediss", "unix"} and (parts.hostname or parts.path)):
        raise ValueError("an address is like redis://localhost:6379/0")
    return text


def read_path(text: str) -> Path | None:
    """Return the path of a file, None where none is given."""
    return Path(text) if text else None


def read_switch(text: str) -> bool:
    """Return whether something is on."""
    if text not in {"on", "off"}:
        raise ValueError("it is on or off")
    return text == "on"


def read_duration(text: str) -> float:
    """Return a number of seconds that need not be whole, at most a day."""
    if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,6})?", text) or float(text) > 86_400:
        raise ValueError("a number of seconds is needed, such as 0.5")
    return float(text)


def read_log_format(text: str) -> str:
    """Return how logs are written."""
    if text not in {"console", "json"}:
        raise ValueError("it is console or json")
    return text


def read_log_level(text: str) -> str:
    """Return from which level on something is logged."""
    if text not in {"debug", "info", "warning", "error"}:
        raise ValueError("it is debug, info, warning or error")
    return text


def read_audience(text: str) -> str:
    """Return who may see something."""
    if text not in {"off", "operators", "everybody"}:
        raise ValueError("it is off, operators or everybody")
    return text


def read_disclosure(text: str) -> str:
    """Return who may ask for the schema."""
    if text not in {EVERYBODY, "authenticated", "nobody"}:
        raise ValueError("it is everybody, authenticated or nobody")
    return text


def read_hosts(text: str) -> frozenset[str]:
    """Return names of hosts in lower case, without ports; `*.example.org` stands for all below that."""
    hosts = [host.strip().lower() for host in text.split(",") if host.strip()]
    for host in hosts:
        if not re.fullmatch(r"(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\]", host):
            raise ValueError("a host is like www.example.org or *.example.org, without a port")
    return frozenset(hosts)


def read_operator_token(text: str) -> str:
    """Return a token that nobody guesses, or none."""
    if text and not re.fullmatch(r"[A-Za-z0-9._~+/=-]{24,256}", text):
        raise ValueError(
            "it has 24 to 256 letters, digits or any of ._~+/=-; `openssl rand -hex 24` prints one"
        )
    return text


def read_database(text: str) -> str:
    """Return a database address that can be understood."""
    try:
        Address(text)
    except (ContentError, ValueError) as error:
        raise ValueError(str(error)) from error
    return text


SMALLEST_LIMIT = 1024
EVERYBODY = "everybody"
PURGE_STYLES = ("varnish", "fastly", "cloudflare")
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def read_web_address(text: str) -> str:
    """Return an address of the web, or none at all; without encryption only on this machine."""
    parts = urlsplit(text)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    plain = text.isascii() and text.isprintable() and not set(text) & set(" @?#")
    if text and not (secure and plain and parts.hostname and parts.port != 0):
        raise ValueError("an address begins with https://, or with http://localhost")
    return text


def read_addresses(text: str) -> tuple[str, ...]:
    """Return addresses of the web, separated by commas."""
    addresses = tuple(address.strip() for address in text.split(",") if address.strip())
    for address in addresses:
        parts = urlsplit(address)
        plain = address.isascii() and address.isprintable() and not set(address) & set(" @#")
        if not (parts.scheme in {"http", "https"} and plain and parts.hostname and parts.port != 0):
            raise ValueError("an address begins with http:// or https://; commas separate several")
    return addresses


def read_collector(text: str) -> str:
    """Return one address of the web, or none at all."""
    addresses = read_addresses(text)
    if len(addresses) > 1:
        raise ValueError("it is one address")
    return addresses[0] if addresses else ""


def read_style(text: str) -> str:
    """Return the name of a way to purge."""
    if text not in PURGE_STYLES:
        raise ValueError(f"it is one of {', '.join(PURGE_STYLES)}")
    return text


def read_roles(text: str) -> tuple[tuple[str, Role], ...]:
    """Return pairs of a value and its role: `editors=editor,chiefs=publisher`."""
    pairs = [pair.rpartition("=") for pair in text.split(",") if pair.strip()]
    if not all(value.strip() and role.strip() in list(Role) for value, _, role in pairs):
        raise ValueError(f"it is like editors=editor,chiefs=publisher; the roles are {', '.join(Role)}")
    return tuple((value.strip(), Role(role.strip())) for value, _, role in pairs)


def read_origins(text: str) -> frozenset[str]:
    """Return origins as browsers write them, or `*`."""
    origins = [origin.strip() for origin in text.split(",") if origin.strip()]
    for origin in origins:
        parts = urlsplit(origin)
        if origin != "*" and origin.lower() != f"{parts.scheme}://{parts.netloc}".lower():
            raise ValueError("an origin is like https://www.example.org, without a path")
    return frozenset(origin.lower() for origin in origins)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: the name after QUIET_, what it is without one, how it is read, what it does."""

    name: str
    default: str
    kind: str
    read: Callable[[str], Any]
    sentence: str


SETTINGS = (
    Setting(
        "DATABASE",
        "sqlite://quiet.sqlite3",
        "address",
        read_database,
        "Where the content is: `sqlite://PATH`, or `postgres://USER:PASSWORD@HOST:PORT/NAME`.",
    ),
    Setting("HOST", "127.0.0.1", "address", read_host, "The address that `quiet serve` listens at."),
    Setting("PORT", "8000", "port", read_port, "The port that `quiet serve` listens at."),
    Setting(
        "LIBRARY_BYTES",
        "128M",
        "bytes",
        read_bytes,
        "How much memory loaded editions, and the index of what is live, may take in each process.",
    ),
    Setting(
        "RESPONSE_CACHE_BYTES",
        "32M",
        "bytes",
        read_bytes,
        "How much memory finished answers may take in each process; `0` keeps none.",
    ),
    Setting(
        "BODY_BYTES",
        "256k",
        "bytes",
        read_limit,
        "The largest body of a GraphQL request; a larger one is answered with 413.",
    ),
    Setting(
        "EDIT_BODY_BYTES",
        "8M",
        "bytes",
        read_limit,
        "The largest body of a GraphQL request of somebody who may edit.",
    ),
    Setting(
        "OPERATION_COST",
        "10000",
        "number",
        read_count,
        "What one operation may cost (docs/limits.md); `0` is no limit.",
    ),
    Setting(
        "COST_PER_MINUTE",
        "2000000",
        "number",
        read_amount,
        "What a credential, or an address without one, may spend on operations in a minute; `0` is no limit.",
    ),
    Setting(
        "OPERATION_SECONDS",
        "10",
        "seconds",
        read_seconds,
        "How long an operation may take that reads, and its statements; `0` is no limit.",
    ),
    Setting(
        "MUTATION_SECONDS",
        "60",
        "seconds",
        read_seconds,
        "How long a mutation may take, its turn among other writers included; `0` is no limit.",
    ),
    Setting(
        "CONCURRENT_OPERATIONS",
        "16",
        "number",
        read_count,
        "How many queries each process executes at a time, and how many mutations; `0` is no limit.",
    ),
    Setting(
        "QUEUED_OPERATIONS",
        "64",
        "number",
        read_count,
        "How many more may wait, two seconds at the most; the rest is answered with 503 at once.",
    ),
    Setting(
        "REDIS",
        "",
        "address",
        read_redis,
        "A Redis or Valkey server in which processes count together what clients spend: `redis://HOST:6379/0`.",
    ),
    Setting(
        "PROXIES",
        "127.0.0.1,::1",
        "addresses",
        read_text,
        "The proxies in front, whose X-Forwarded-For tells where clients come from: addresses, networks, or `*`.",
    ),
    Setting(
        "DOCUMENT_TOKENS",
        "3000",
        "number",
        read_count,
        "How many tokens, that is names, values and punctuators, a document may have.",
    ),
    Setting("DOCUMENT_DEPTH", "20", "number", read_count, "How deep fields may stand in each other."),
    Setting("DOCUMENT_ALIASES", "200", "number", read_count, "How many aliases a document may have."),
    Setting("DOCUMENT_DIRECTIVES", "200", "number", read_count, "How many directives a document may have."),
    Setting(
        "PUBLIC_READ",
        "on",
        "on/off",
        read_switch,
        "Whether anybody may read what is published; `off` asks for a token.",
    ),
    Setting(
        "OIDC_ISSUER",
        "",
        "address",
        read_web_address,
        "The OpenID Connect issuer whose JSON Web Tokens are taken, exactly as their `iss` says it.",
    ),
    Setting("OIDC_AUDIENCE", "", "text", read_text, "What these tokens must have as their audience, `aud`."),
    Setting(
        "OIDC_CLAIM",
        "roles",
        "text",
        read_text,
        "The claim that decides about roles; dots lead into nested ones, as in `realm_access.roles`.",
    ),
    Setting(
        "OIDC_ROLES",
        "",
        "pairs",
        read_roles,
        "Which value of the claim gives which role: `editors=editor,chiefs=publisher`. The highest counts.",
    ),
    Setting(
        "OIDC_KEYS",
        "",
        "address",
        read_web_address,
        "Where the issuer's keys are (JWKS), if its `/.well-known/openid-configuration` does not say it.",
    ),
    Setting(
        "SHARED_CACHE_SECONDS",
        "0",
        "seconds",
        read_seconds,
        "How long caches of others may give a public answer to GET again without asking; `0` lets them ask each time.",
    ),
    Setting(
        "PURGE",
        "",
        "addresses",
        read_addresses,
        "Where to send what caches of others must drop after each change (docs/caching.md); commas separate several.",
    ),
    Setting(
        "PURGE_STYLE",
        "varnish",
        "name",
        read_style,
        "How: `varnish`, `fastly` or `cloudflare`.",
    ),
    Setting("PURGE_TOKEN", "", "text", read_text, "What allows it: the cache's API token."),
    Setting(
        "WEBHOOK_PRIVATE",
        "off",
        "on/off",
        read_switch,
        "Whether webhooks may lead to this machine and to private networks, also without encryption.",
    ),
    Setting(
        "STREAMS",
        "2000",
        "number",
        read_count,
        "How many clients may follow, by WebSocket or event stream, at a time in each process; `0` lets nobody.",
    ),
    Setting(
        "STREAMS_EACH",
        "500",
        "number",
        read_count,
        "How many of them may show the same token, or come without one from the same address.",
    ),
    Setting(
        "SOCKET_OPERATIONS",
        "100",
        "number",
        read_count,
        "How many operations one WebSocket may have at a time.",
    ),
    Setting(
        "ORIGINS",
        "",
        "origins",
        read_origins,
        "Of which other origins pages may ask and follow: `https://www.example.org,https://example.org`, or `*`.",
    ),
    Setting(
        "HOSTS",
        "",
        "hosts",
        read_hosts,
        "The names under which the server answers: `api.example.org,*.example.net`, without ports; by default any.",
    ),
    Setting(
        "INTROSPECTION",
        EVERYBODY,
        "name",
        read_disclosure,
        "Who may ask for the schema: `everybody`, `authenticated`, who shows a credential, or `nobody`.",
    ),
    Setting(
        "DOCUMENTS",
        "",
        "path",
        read_path,
        "A manifest of trusted documents, which clients name by their ids (docs/caching.md).",
    ),
    Setting(
        "DOCUMENTS_ONLY",
        "off",
        "on/off",
        read_switch,
        "Whether nothing but the documents of `QUIET_DOCUMENTS` is answered.",
    ),
    Setting(
        "PROJECTOR",
        "on",
        "on/off",
        read_switch,
        "Whether selections are compiled. Off gives the same answers, slower: for comparison.",
    ),
    Setting(
        "GRAPHIQL",
        "on",
        "on/off",
        read_switch,
        "Whether browsers that open /graphql get GraphiQL, the page to explore the API with.",
    ),
    Setting("LOG_FORMAT", "console", "name", read_log_format, "How logs are written: `console` or `json`."),
    Setting(
        "LOG_LEVEL",
        "info",
        "name",
        read_log_level,
        "From which level on events are logged: `debug`, `info`, `warning` or `error`.",
    ),
    Setting(
        "ACCESS_LOG",
        "off",
        "on/off",
        read_switch,
        "Whether each request is logged when it is done, at the level `info`.",
    ),
    Setting(
        "SLOW_OPERATION_SECONDS",
        "1",
        "seconds",
        read_duration,
        "From how many seconds on an operation is logged as slow, as in `0.25`; `0` logs none.",
    ),
    Setting(
        "METRICS",
        "operators",
        "name",
        read_audience,
        "Who may read /metrics: `operators`, `everybody` who reaches the server, or nobody: `off`.",
    ),
    Setting(
        "OPERATOR_TOKEN",
        "",
        "text",
        read_operator_token,
        "A token of your choice, by which programs that watch the server read /metrics and /version.",
    ),
    Setting(
        "WORKER_FOLDER",
        "",
        "path",
        read_path,
        "Where the processes of `quiet serve --workers` find each other for /metrics; by default a temporary folder.",
    ),
    Setting(
        "TRACES",
        "",
        "address",
        read_collector,
        "Where traces are sent, by OTLP over HTTP: `http://collector:4318/v1/traces` (docs/operating.md).",
    ),
)
PREFIX = "QUIET_"
IN_FILES = frozenset({"DATABASE", "REDIS", "PURGE_TOKEN", "OPERATOR_TOKEN"})
"""Settings that hold secrets. `QUIET_DATABASE_FILE` names a file with the value of `QUIET_DATABASE`, and so on."""

LARGEST_FILE = 65_536
FOREIGN = ("QUIET_TEST_", "QUIET_SCREENSHOTS")
"""Names that belong to the tests and are none of ours."""


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
