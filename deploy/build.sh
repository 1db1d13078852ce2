#!/bin/sh
# Installs the product into a folder: the locked packages by their hashes, then this checkout as a wheel.
#
#     deploy/build.sh PREFIX            PREFIX/bin/quiet runs; nothing of the checkout is needed any more
#     PYTHON=python3.13 deploy/build.sh PREFIX
#
# The image is made by it (Dockerfile), the continuous check runs it without one (deploy/check.sh), and so can you.
# Which index packages come from, or that there is none, is pip's own configuration (PIP_INDEX_URL, PIP_FIND_LINKS …).
set -eu

prefix=${1:?"Say where to: deploy/build.sh PREFIX"}
python=${PYTHON:-python3}
source=$(cd "$(dirname "$0")/.." && pwd)
if [ -e "$prefix" ]; then
  echo "$prefix is there already; name a folder that is not." >&2
  exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PYTHONDONTWRITEBYTECODE=1

# Only wheels, as building one runs what its authors wrote.
install() { # into which environment, from which lock
  "$1/bin/python" -m pip install --quiet --require-hashes --no-deps --only-binary :all: -r "$2"
}

"$python" -m venv "$work/build"
install "$work/build" "$source/deploy/requirements-build.lock"
(cd "$source" && "$work/build/bin/python" -m hatchling build -t wheel -d "$work/wheel" >/dev/null)

"$python" -m venv "$prefix"
install "$prefix" "$source/deploy/requirements.lock"
"$prefix/bin/python" -m pip install --quiet --no-deps --no-index "$work"/wheel/*.whl
# What runs needs no installer, and no compiling where nothing can be written.
"$prefix/bin/python" -m pip uninstall --quiet --yes pip setuptools 2>/dev/null || "$prefix/bin/python" -m pip uninstall --quiet --yes pip
"$prefix/bin/python" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$prefix/lib" || {
  echo "Some files could not be compiled; they are when they are first used." >&2
}
echo "Installed $("$prefix/bin/quiet" --version) in $prefix."
