#!/usr/bin/env bash
# Puts promtool on PATH, from Debian's or Ubuntu's prometheus package, where it is missing.
set -euo pipefail
command -v promtool >/dev/null && exit 0
sudo=$([ "$(id -u)" = 0 ] || echo sudo)
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends prometheus >/dev/null
promtool --version 2>&1 | head -1
