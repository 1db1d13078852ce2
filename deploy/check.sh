#!/bin/sh
# Starts an installed product (deploy/build.sh) as the image does, and asks it a query: as somebody without rights,
# on a file system that is read-only but for one folder, with nothing of the environment.
#
#     deploy/check.sh PREFIX
#
# As root on Linux the whole file system is made read-only, for this process alone. Elsewhere only PREFIX is.
set -eu

prefix=$(cd "${1:?"Say what to check: deploy/check.sh PREFIX"}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)

if [ "${2:-}" != --inside ]; then
  data=$(mktemp -d)
  trap 'rm -rf "$data"' EXIT
  if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null && command -v setpriv >/dev/null; then
    chown 65534:65534 "$data"
    # An interpreter below somebody's home can be read by nobody else; reading is all that is let through then.
    nobody="--reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all"
    if ! setpriv $nobody sh -c '"$0" -c ""' "$prefix/bin/python" 2>/dev/null; then
      nobody="--reuid=65534 --regid=65534 --clear-groups --no-new-privs"
      nobody="$nobody --inh-caps=-all,+dac_read_search --ambient-caps=-all,+dac_read_search"
    fi
    unshare --mount --propagation private sh -eu -c '
      mount --bind "$3" "$3"
      mount -o remount,bind,ro /
      cd /
      exec setpriv $4 env -i PATH="$PATH" "$1" "$2" --inside "$3"
    ' sh "$here/check.sh" "$prefix" "$data" "$nobody"
  else
    [ "$(id -u)" != 0 ] || { echo "Not root, or Linux with unshare and setpriv, is needed." >&2; exit 1; }
    chmod -R a-w "$prefix"
    (cd / && env -i PATH="$PATH" "$here/check.sh" "$prefix" --inside "$data")
    chmod -R u+w "$prefix"
  fi
  exit 0
fi

data=$3
[ "$(id -u)" != 0 ]
if touch "$prefix/written" 2>/dev/null; then
  echo "$prefix can be written to." >&2
  exit 1
fi
export PYTHONDONTWRITEBYTECODE=1 QUIET_DATABASE="sqlite://$data/quiet.sqlite3" QUIET_WORKER_FOLDER="$data"
QUIET_PORT=$("$prefix/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export QUIET_PORT
"$prefix/bin/quiet" serve --sample --workers 2 2>"$data/log" &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT

tries=0
until "$prefix/bin/quiet" ping --ready >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 60 ] || ! kill -0 "$server" 2>/dev/null; then
    cat "$data/log" >&2
    echo "The server did not become ready." >&2
    exit 1
  fi
  sleep 0.2
done
"$prefix/bin/python" - <<'PYTHON'
import json, os, urllib.request

query = json.dumps({"query": '{ article(by: {slug: "tides"}) { title } __schema { queryType { name } } }'}).encode()
address = f"http://127.0.0.1:{os.environ['QUIET_PORT']}/graphql"
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
request = urllib.request.Request(address, query, {"Content-Type": "application/json"})
answer = json.load(opener.open(request, timeout=10))
assert answer["data"]["article"]["title"] == "How tides work", answer
page = opener.open(urllib.request.Request(address, headers={"Accept": "text/html"}), timeout=10).read().decode()
assert "GraphiQL" in page
PYTHON
"$prefix/bin/quiet" backup --without-secrets "$data/backup.zip" >"$data/backup.log" 2>&1
kill -TERM "$server"
wait "$server" || { cat "$data/log" >&2; echo "The server did not end well." >&2; exit 1; }
if grep -E "WARNING|ERROR|Traceback" "$data/log" >&2; then exit 1; fi
echo "The installed product serves: uid $(id -u), read-only, two processes."
