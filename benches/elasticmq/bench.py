"""Our queues beside ElasticMQ: messages of 1 KB sent, received and deleted a second, by tens, through the same client.

    bench.py BUILD-FOLDER ELASTICMQ-FOLDER [--tsv]

Ours are on the disk when a send is answered, and each request's signature is checked; ElasticMQ keeps its messages in
memory and looks at no signature. The two take turns, round after round. The last figure is the memory of each when all
was measured: the share of it that is its own (Pss), of all its processes.
"""
import os
import statistics
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/clients"))
from sqs_place import PATIENCE_S, Place, free_port  # noqa: E402

ROUNDS = 21
WARM_ROUNDS = 5  # for the compiler of the other side
ROUND_MS = 1000
CONNECTIONS = 64


class ElasticMQ:
    """The other side, as it is when nothing is said."""

    key = ("key", "secret")

    def __init__(self, folder):
        self.port = free_port()
        self.process = subprocess.Popen(
            ["java", f"-Drest-sqs.bind-port={self.port}", "-Drest-sqs.bind-hostname=127.0.0.1",
             "-Drest-stats.enabled=false", "-cp", folder + "/*", "org.elasticmq.server.Main"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(PATIENCE_S * 10):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("ElasticMQ does not serve")

    def close(self):
        self.process.terminate()
        self.process.wait(PATIENCE_S)


def rate(load, place, path):
    done = subprocess.run([load, str(place.port), path, *place.key, str(CONNECTIONS), str(ROUND_MS)], check=True,
                          stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def memory_mb(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
        own = next(int(line.split()[1]) for line in rollup if line.startswith("Pss:")) / 1024
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
        return own + sum(memory_mb(int(child)) for child in children.read().split())


def tell(tsv, name, ours, theirs, ratios, unit):
    ratios = sorted(ratios)
    middle, least, most = statistics.median(ratios), ratios[0], ratios[-1]
    if tsv:
        print(f"{name}\t{ours:.2f}\t{theirs:.2f}\t{middle:.2f}\t{least:.2f}-{most:.2f}\t{unit}")
    else:
        print(f"{name:<16} {ours:10.2f} {unit:<4} {middle:6.2f}x ElasticMQ's ({least:.2f}-{most:.2f})   "
              f"ElasticMQ {theirs:.2f}")


def measure(load, ours, theirs, tsv):
    rates = []
    for at in range(-WARM_ROUNDS, ROUNDS):
        pair = rate(load, ours, "/sqs"), rate(load, theirs, "/")
        if at >= 0 and not all(pair):
            raise SystemExit(f"nothing was done within {ROUND_MS} ms; the machine is too busy to be measured on: {pair}")
        if at >= 0:
            rates.append(pair)
    tell(tsv, "queue_vs_elasticmq", statistics.median(a for a, _ in rates), statistics.median(b for _, b in rates),
         [a / b for a, b in rates], "1/s")
    our_mb, their_mb = memory_mb(ours.process.pid), memory_mb(theirs.process.pid)
    tell(tsv, "queue_vs_elasticmq_memory", our_mb, their_mb, [our_mb / their_mb], "MB")


def main():
    build, folder = sys.argv[1:3]
    ours = Place(os.path.join(build, "stoa"), "/var/tmp")
    try:
        theirs = ElasticMQ(folder)
        try:
            measure(os.path.join(build, "benches/sqs_load"), ours, theirs, "--tsv" in sys.argv)
        finally:
            theirs.close()
    finally:
        ours.close()


main()
