"""Load over a real socket: servers as users start them, and wrk on a core of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

SERVER_CORE, LOAD_CORE = "0", "1"
POSTING = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local file = io.open("{body}", "rb")
wrk.body = file:read("*a")
"""
GETTING = """wrk.headers["If-None-Match"] = '{tag}'
"""
SCRIPT = """done = function(summary, latency, requests)
  io.write(string.format("RESULT %d %d %f %f %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of wrk measured: requests a second, milliseconds, and the server's CPU in ms for each request."""

    rate: float
    p50: float
    p99: float
    cpu: float


@dataclass(slots=True)
class Server:
    """A process that serves on a port."""

    process: subprocess.Popen[bytes]
    port: int

    def url(self, path: str) -> str:
        """Return an address on this server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def cpu_seconds(self) -> float:
        """Return the processor time that the process has taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Return the most memory that the process has had, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0


@contextmanager
def serve(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run a server on its core until the context ends; waits until it answers."""
    pinned = ["taskset", "-c", SERVER_CORE, *command]
    process = subprocess.Popen(pinned, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until anything at all answers at an address. Raises TimeoutError."""
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            urlopen(url, timeout=1).close()
        except URLError as error:
            if hasattr(error, "status"):
                return
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"Nothing answers at {url}.")


def post(url: str, body: bytes, **headers: str) -> bytes:
    """Send a body and return the answer's."""
    request = Request(url, body, {"Content-Type": "application/json", **headers})
    with urlopen(request, timeout=60) as response:
        answer: bytes = response.read()
        return answer


def run_wrk(
    server: Server, path: str, body: Path, connections: int, seconds: int, tag: str | None = None
) -> Load:
    """Ask the same again and again; return what came out. Raises RuntimeError where an answer was no success.

    The body is posted; with a `tag` it is a GET that names it as known.
    """
    script = body.with_suffix(".lua")
    begin = POSTING.replace("{body}", str(body)) if tag is None else GETTING.replace("{tag}", tag)
    script.write_text(begin + SCRIPT)
    command = [
        "taskset",
        "-c",
        LOAD_CORE,
        find_wrk(),
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "30s",
    ]
    before = server.cpu_seconds()
    done = subprocess.run(
        [*command, "-s", str(script), server.url(path)], capture_output=True, text=True, check=True
    )
    cpu = server.cpu_seconds() - before
    found = re.search(r"RESULT (\d+) (\d+) ([\d.]+) ([\d.]+) (\d+)", done.stdout)
    if found is None or found[5] != "0":
        raise RuntimeError(f"{path}: {done.stdout}{done.stderr}")
    requests = int(found[1])
    return Load(
        requests / (int(found[2]) / 1e6), float(found[3]) / 1e3, float(found[4]) / 1e3, cpu * 1e3 / requests
    )


def find_wrk() -> str:
    """Return the path of wrk; ends the program with a hint where there is none."""
    found = shutil.which("wrk")
    if found is None:
        sys.exit("wrk is missing: apt-get install wrk (or brew install wrk), then run `make bench` again.")
    return found
