"""JAX is there for nobody before it is set up."""

from __future__ import annotations

import subprocess
import sys

RACE = """
import sys, threading, time
from foederis.solve import device, lazy
set_up, done = device.set_up, []

def slowly():
    set_up()
    time.sleep(0.5)
    done.append(True)

device.set_up = slowly
first = threading.Thread(target=lazy.load)
first.start()
while getattr(sys.modules.get("jax"), "devices", None) is None or lazy.jax.__dict__["_module"] is None:
    time.sleep(0.01)
lazy.jax.tree
print(done)
first.join()
"""


def test_other_threads_wait_until_it_is_set_up() -> None:
    found = subprocess.run([sys.executable, "-c", RACE], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout.split() == ["[True]"]
