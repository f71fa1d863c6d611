#!/usr/bin/env bash
# The recipe for one CUDA card, in one run of nine minutes: teachers, their sheets, the student (README.md, "With a card").
#   gpu.sh OUT [SECONDS]      reads runs/gpu/pack.npz and runs/labelnet.pt (gpu_pack.py, labelnet.py), writes files of less than 16 MiB into OUT
set -euo pipefail
cd "$(dirname "$0")"
PYTHONUNBUFFERED=1 python3 gpu.py --pack runs/gpu/pack.npz --label runs/labelnet.pt --out "$1" --seconds "${2:-540}" "${@:3}"
