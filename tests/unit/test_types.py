"""msgspec shows a type to other threads while it still makes up its mind about it, and the process dies."""

from __future__ import annotations

import subprocess
import sys

# Each round: a type made of other types, met by three threads at once. Seen to kill the embedded stack's gateway at its
# first calls (msgspec 0.22.0).
RACE = """
import sys, threading, types
import msgspec
sys.setswitchinterval(1e-6)
source = "".join(f"class B{i}(msgspec.Struct):\\n    x: int = 0\\n" for i in range(8))
source += "class A(msgspec.Struct):\\n" + "".join(f"    f{i}: B{i} | None = None\\n" for i in range(8))
for n in range(300):
    name = f"chalicelib.made_{n}"
    sys.modules[name] = made = types.ModuleType(name)
    made.msgspec = msgspec
    exec(source, made.__dict__)
    if sys.argv[1:] == ["settled"]:
        from chalicelib.types import resolve
        resolve()
    together = threading.Barrier(3)
    def read():
        together.wait()
        msgspec.json.decode(b'{"f1": {"x": 1}, "f7": {"x": 2}}', type=made.A)
    threads = [threading.Thread(target=read) for _ in range(3)]
    [each.start() for each in threads]
    [each.join() for each in threads]
"""


def test_types_that_are_settled_first_can_be_read_by_many_threads_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", RACE, "settled"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


# In a process of its own: whatever another test has imported would be taken for the application's.
LATE = """
import importlib, pkgutil
import app, chalicelib
from chalicelib import types
settled = types.resolve()
for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
    importlib.import_module(module.name)
print(*sorted(types.resolve() - settled), sep="\\n")
"""


def test_every_type_is_there_to_be_settled_once_the_application_is_imported() -> None:
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # No request reads them: answers are described by them in the OpenAPI document, bootstrap reads one, once, the checker is a
    # process of its own.
    late = (".handlers.answers.", ".sms_http.HttpSmsSettings", ".domain.whole.")
    assert [each for each in done.stdout.split() if not any(name in each for name in late)] == []
