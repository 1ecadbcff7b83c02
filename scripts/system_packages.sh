#!/bin/sh
# Installs what pip cannot: the venv module on a bare Debian, and Pango for the PDF. Says how when it may not.
set -eu
python="${1:-python3}"
wanted=""
"$python" -c 'import ensurepip' 2>/dev/null || wanted="$wanted python3-venv"
"$python" - <<'PY' || wanted="$wanted libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
import ctypes.util, sys
names = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
sys.exit(any(ctypes.util.find_library(name) is None for name in names))
PY
[ -z "$wanted" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends $wanted >/dev/null && exit 0
fi
case "$wanted" in
    *venv*) echo "keymuster: this Python has no venv module; install it first: sudo apt-get install$wanted" >&2; exit 2 ;;
esac
echo "keymuster: report.pdf needs Pango; everything else works without it: sudo apt-get install$wanted (macOS: brew install pango)" >&2
