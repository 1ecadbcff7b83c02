"""Types are read by many threads at once without one of them meeting a type that is half built."""

import subprocess
import sys

import msgspec
import pytest

from scanner.model.decoding import convert, decode

DEPTH, THREADS = 60, 8
MEET = f"""
import sys, threading
sys.setswitchinterval(1e-6)
import msgspec
from scanner.model.decoding import convert
kinds = []
for depth in range({DEPTH}):
    fields = [("number", int, 0)]
    if kinds:
        fields += [("items", tuple[kinds[-1], ...], ()), ("one", kinds[-1] | None, None)]
    kinds.append(msgspec.defstruct(f"Kind{{depth}}", fields, frozen=True, forbid_unknown_fields=True))

def value(depth):
    return {{"number": depth, "items": [value(depth - 1)]}} if depth else {{"number": 0}}

together = threading.Barrier({THREADS})

def read(first):
    together.wait()
    for depth in range(first, {DEPTH}):
        assert convert(value(depth), kinds[depth]).number == depth

threads = [threading.Thread(target=read, args=(number * 7,)) for number in range({THREADS})]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_threads_that_read_a_type_for_the_first_time_at_once_do_not_end_the_interpreter():
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", MEET], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


class Pair(msgspec.Struct, frozen=True):
    left: int
    right: str | None = None


def test_json_and_plain_values_become_the_type():
    assert decode(b'{"left": 1, "right": "a"}', Pair) == convert({"left": 1, "right": "a"}, Pair) == Pair(1, "a")


def test_what_does_not_fit_is_refused():
    with pytest.raises(msgspec.ValidationError):
        convert({"left": "one"}, Pair)
    with pytest.raises(msgspec.DecodeError):
        decode(b"{", Pair)
