"""Load over a real socket: servers as users start them, and wrk on a core of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.error import URLError
from urllib.request import Request, urlopen

SERVER_CORE, LOAD_CORE = "0", "1"
POSTING = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local bodies, requests, number = {}, {}, 0
for line in io.lines("{bodies}") do bodies[#bodies + 1] = line end
wrk.body = bodies[1]
if #bodies > 1 then
  init = function() for i, body in ipairs(bodies) do requests[i] = wrk.format(nil, nil, nil, body) end end
  request = function() number = number % #requests + 1 return requests[number] end
end
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


def find_median(loads: Sequence[Load]) -> Load:
    """Return the median of each figure."""
    return Load(*(median(getattr(load, name) for load in loads) for name in ("rate", "p50", "p99", "cpu")))


@dataclass(slots=True)
class Server:
    """A process that serves on a port."""

    process: subprocess.Popen[bytes]
    port: int

    def url(self, path: str) -> str:
        """Return an address on this server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def cpu_seconds(self) -> float:
        """Return the processor time that all its processes have taken."""
        ticks = 0
        for process in self.processes():
            fields = read_stat(process)
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def cpu_milliseconds(self) -> float:
        """Return the processor time of the process that was started, more exactly than the system's clock ticks."""
        threads = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e6

    def memory(self, field: str = "VmHWM") -> float:
        """Return the most memory that its processes have had, in MiB; what they share is counted for each.

        Another field of proc_pid_status(5) is `VmRSS`: what they have now.
        """
        total = 0
        for process in self.processes():
            found = re.search(rf"{field}:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
            total += int(found[1]) if found else 0
        return total / 1024

    def processes(self) -> list[int]:
        """Return the numbers of the process and of all that it has started."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError, IndexError):
                    parents[int(entry.name)] = int(read_stat(int(entry.name))[1])
        found = [self.process.pid]
        for process in found:
            found += [child for child, parent in parents.items() if parent == process]
        return found


def read_stat(process: int) -> list[str]:
    """Return what the system counts of a process, from its state on (proc_pid_stat(5), field 3)."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


@contextmanager
def serve(
    command: list[str], port: int, environment: Mapping[str, str], cores: str = SERVER_CORE
) -> Iterator[Server]:
    """Run a server on its core, or on those named, until the context ends; waits until it answers."""
    pinned = ["taskset", "-c", cores, *command]
    # Settings of this process are not those of what is measured.
    others = {name: value for name, value in os.environ.items() if not name.startswith("QUIET_")}
    process = subprocess.Popen(pinned, env={**others, **environment}, stdout=subprocess.DEVNULL)
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
    server: Server,
    path: str,
    bodies: Path,
    connections: int,
    seconds: int,
    tag: str | None = None,
    *,
    may_refuse: bool = False,
) -> Load:
    """Send the bodies, one a line, again and again; return what came out.

    Raises RuntimeError where an answer was no success, unless the server `may_refuse`. With a `tag` it is a GET that
    names it as known.
    """
    script = bodies.with_suffix(".lua")
    begin = POSTING.replace("{bodies}", str(bodies)) if tag is None else GETTING.replace("{tag}", tag)
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
    if found is None or (found[5] != "0" and not may_refuse):
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
