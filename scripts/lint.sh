#!/usr/bin/env bash
# Checks the formatting of every Swift and C file, and that the plugin ABI keeps its promises.
set -euo pipefail
cd "$(dirname "$0")/.."
git ls-files --cached --others --exclude-standard '*.swift' | grep -v '/Generated/' |
    xargs swift format lint --strict --parallel --configuration .swift-format
git ls-files --cached --others --exclude-standard '*.c' '*.h' | xargs --no-run-if-empty clang-format --dry-run --Werror
scripts/check-abi.py
