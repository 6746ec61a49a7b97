"""Code in a new interpreter: what a process pays first, and what it keeps in memory.

The code is told its sizes as keywords, and prints numbers by name as JSON.
"""

import json
import os
import subprocess
import sys
from typing import Any

_RESIDENT = """
import ctypes, json, time

def resident(name):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name)) / 1024

def forget_peak():
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
"""


def measured(code: str, *, cache: str | None = None, limit: float | None = None, **given: Any) -> dict[str, float]:
    """Return what the code prints; kernels are kept in the folder `cache`, where that is given.

    Code that takes longer than `limit` seconds is ended: a `subprocess.TimeoutExpired`.

    The code may ask `resident("VmRSS")` and `resident("VmHWM")` for memory held, now and at most, in MiB, and
    `forget_peak()`, which also gives back what is free; Linux tells.
    """
    words = "\n".join(f"{name} = {value!r}" for name, value in given.items())
    environment = os.environ | ({"NUMBA_CACHE_DIR": cache} if cache else {})
    ran = subprocess.run(
        [sys.executable, "-c", f"{_RESIDENT}\n{words}\n{code}"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
        timeout=limit,
    )
    return {name: float(value) for name, value in json.loads(ran.stdout).items()}
