"""Compares what json_peer printed (standard input) with orjson, as TAP.

Where Stoa refuses on purpose what orjson takes, JUSTIFIED says why. The other way round there is
one case: Stoa keeps numbers as they are written, orjson refuses those that are infinite as doubles.
"""
import json
import math
import sys

import orjson

JUSTIFIED = {
    "each name once in an object": "readers disagree on which of two counts",
    "levels may be nested": "the depth has a limit",
}
LEAST = {"T": 250, "M": 2000}
SHOWN_MAX = 10


def records(stream):
    while head := stream.readline():
        size = int(head[1:])
        yield head[:1].decode(), stream.read(size)
        stream.read(1)


def pairs(stream):
    every = records(stream)
    for (kind, text), (verdict, answer) in zip(every, every):
        yield kind, text, verdict == "A", answer


def read(text):
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def is_infinite(text):
    numbers = []
    json.loads(text, parse_float=lambda number: numbers.append(float(number)))
    return any(math.isinf(number) for number in numbers)


def exact(value):
    # repr tells 1 from 1.0 and True, and 0.0 from -0.0, which == does not.
    return repr(value)


def wrong(text, accepted, answer):
    theirs = read(text)
    null = text.strip(b" \t\r\n") == b"null"
    if accepted and theirs is None and not null:
        return None if is_infinite(text) else "orjson refuses it"
    if not accepted and (theirs is not None or null):
        words = answer.decode()
        if any(reason in words for reason in JUSTIFIED):
            return None
        return f"orjson takes it; Stoa says: {words}"
    if accepted and exact(theirs) != exact(read(answer)):
        return f"orjson reads {theirs!r}, but of what Stoa writes {read(answer)!r}"
    return None


def main():
    seen, taken, bad = {"T": 0, "M": 0}, {"T": 0, "M": 0}, {"T": [], "M": []}
    for kind, text, accepted, answer in pairs(sys.stdin.buffer):
        seen[kind] += 1
        taken[kind] += accepted
        if why := wrong(text, accepted, answer):
            bad[kind].append(f"{text[:200]!r}: {why}")
    for kind, name in (("T", "texts of the table"), ("M", "texts made by chance")):
        for line in bad[kind][:SHOWN_MAX]:
            print("#", line)
        fine = not bad[kind] and seen[kind] >= LEAST[kind] and 0 < taken[kind] < seen[kind]
        print(f"{'ok' if fine else 'not ok'} - orjson {orjson.__version__} agrees on "
              f"{seen[kind]} {name}, {taken[kind]} of them taken")


main()
