"""The servers that are measured, each on the same core: the product as users start it, its floors, the baseline."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.data import Data
from benchmarks.load import SERVER_CORE, Server, post, serve

PRODUCT_PORT, FLOOR_PORT, NGINX_PORT, BASELINE_PORT, SECOND_PORT = 8701, 8702, 8703, 8704, 8705
UVICORN = (sys.executable, "-m", "uvicorn", "--log-level", "warning", "--port")
NGINX = """worker_processes 1;
daemon off;
user root;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 512; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  default_type application/json;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  open_file_cache max=100;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/answers;
    # A file answers no POST, unless that is an error that it answers.
    error_page 405 =200 $uri;
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Servers:
    """The product beside what returns the same bytes: Starlette and bare ASGI (`floor`), and nginx where it is."""

    product: Server
    floor: Server
    nginx: Server | None


@contextmanager
def serve_product(
    data: Data,
    settings: Mapping[str, str],
    workers: int = 1,
    port: int = PRODUCT_PORT,
    cores: str = SERVER_CORE,
) -> Iterator[Server]:
    """Run the product over a database, on these cores."""
    command = [sys.executable, "-m", "quiet_engine", "serve", "--port", str(port)]
    if workers > 1:
        command += ["--workers", str(workers)]
    # All load comes from one address, which would soon have spent what one may.
    given = {"QUIET_DATABASE": data.address, "QUIET_COST_PER_MINUTE": "0", **settings}
    with serve(command, port, given, cores) as server:
        yield server


@contextmanager
def serve_all(data: Data, settings: Mapping[str, str], folder: Path) -> Iterator[Servers]:
    """Run the product and its floors, which return what it has answered."""
    with ExitStack() as stack:
        product = stack.enter_context(serve_product(data, settings))
        write_bodies(product, data, folder)
        environment = {
            "QUIET_BENCH_BODIES": str(folder / "answers"),
            "QUIET_BENCH_DATABASE": data.address,
        }
        floors = [*UVICORN, str(FLOOR_PORT), "benchmarks.floors:app"]
        floor = stack.enter_context(serve(floors, FLOOR_PORT, environment))
        nginx = stack.enter_context(serve_nginx(folder)) if find_nginx() else None
        yield Servers(product, floor, nginx)


@contextmanager
def serve_nginx(folder: Path) -> Iterator[Server]:
    """Run nginx over the folder of answers."""
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, port=NGINX_PORT))
    with serve([find_nginx() or "nginx", "-c", str(configuration)], NGINX_PORT, {}) as server:
        yield server


def find_nginx() -> str | None:
    """Return the path of nginx, None where there is none."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def serve_baseline(data: Data) -> Iterator[Server]:
    """Run Strawberry with look-ahead over Tortoise."""
    command = [*UVICORN, str(BASELINE_PORT), "benchmarks.baseline:app"]
    with serve(command, BASELINE_PORT, {"QUIET_BENCH_DATABASE": data.address}) as server:
        yield server


def write_bodies(server: Server, data: Data, folder: Path) -> None:
    """Write the requests, and the answers to them, into the folder."""
    (folder / "answers").mkdir(exist_ok=True)
    for name, body in data.queries.items():
        (folder / f"{name}.json").write_bytes(body + b"\n")
        answer = post(server.url("/graphql"), body)
        assert "errors" not in orjson.loads(answer), answer[:500]
        (folder / "answers" / name).write_bytes(answer)
    write_lines(folder / "Q1 many.json", data.many(5_000))
    write_lines(folder / "Q5 many.json", data.many_searches(5_000))


def write_lines(path: Path, bodies: list[bytes]) -> None:
    """Write the bodies of requests, one a line."""
    path.write_bytes(b"\n".join(bodies) + b"\n")
