"""Compares what cron_peer printed (standard input) with Python's zoneinfo and with croniter, as TAP.

Runs in UTC are croniter's. Elsewhere each is the moment at which the clocks first show its time or,
where they leave it out, are put forward, by zoneinfo.
"""
import datetime
import sys
from collections import defaultdict
from zoneinfo import ZoneInfo

from croniter import croniter

UTC = datetime.timezone.utc
MINIMUM = {"zone": 5000, "UTC": 370, "daily": 4800}  # how many cases there must be


def moment(seconds, zone=UTC):
    return datetime.datetime.fromtimestamp(seconds, UTC).astimezone(zone)


def expect_utc(expression, after, count):
    runs = croniter(expression, moment(after), day_or=True)
    return [int(runs.get_next(float)) for _ in range(count)]


def first_showing(zone, local):
    """The first moment at which the clocks of the zone show `local`, or leave it out."""
    there = local.replace(tzinfo=zone, fold=0)
    at = int(there.timestamp())
    if moment(at, zone).replace(tzinfo=None) == local:
        return at
    before, after = at - 86400, at  # the clocks are put forward between the two
    offset = moment(after, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        if moment(middle, zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def expect_daily(zone, expression, after, count):
    minute, hour = (int(word) for word in expression.split()[:2])
    day = moment(after, zone).date() - datetime.timedelta(days=1)
    runs = []
    while len(runs) < count:
        run = first_showing(zone, datetime.datetime.combine(day, datetime.time(hour, minute)))
        if run > after and (not runs or run > runs[-1]):
            runs.append(run)
        day += datetime.timedelta(days=1)
    return runs


def main():
    seen, wrong = defaultdict(int), defaultdict(list)
    for line in sys.stdin:
        kind, name, *words = line.rstrip("\n").split("\t")
        zone = ZoneInfo(name)
        if kind == "zone":
            expected = int(moment(int(words[0]), zone).utcoffset().total_seconds())
            seen["zone"] += 1
            if expected != int(words[1]):
                wrong["zone"].append(f"{name} at {words[0]}: {words[1]}, not {expected}")
            continue
        expression, after, runs = words[0], int(words[1]), [int(word) for word in words[2:]]
        kind = "UTC" if name == "UTC" else "daily"
        expected = (expect_utc(expression, after, len(runs)) if kind == "UTC"
                    else expect_daily(zone, expression, after, len(runs)))
        seen[kind] += 1
        if runs != expected or not runs:
            first = next((i for i, run in enumerate(runs) if run != expected[i]), 0)
            wrong[kind].append(f"{expression} in {name} after {moment(after)}: "
                               f"{moment(runs[first])}, not {moment(expected[first])}")
    for kind, least in MINIMUM.items():
        for words in wrong[kind][:10]:
            print(f"# {words}")
        fine = not wrong[kind] and seen[kind] >= least
        print(f"{'ok' if fine else 'not ok'} - {kind}: {seen[kind]} cases as others have them")
    return any(wrong.values()) or any(seen[kind] < least for kind, least in MINIMUM.items())


sys.exit(main())
