"""A flash sale over HTTP: many buyers want the same few pieces, while the server is killed again and again.

    flash.py BUILD-FOLDER [--tsv]

10,000 buyers on 64 connections fill a cart with the one hot item, go to the checkout and order; who loses the connection asks
again. Every order is on the disk before it is answered. The server (one process on SQLite, two on PostgreSQL) is killed on the way
and started again, soonest while the pieces are being sold. All the while another program looks into the database: at every look
the stock is what its ledger says, and as many pieces as there were. At the end every order that a buyer was told is there, as many
pieces are sold as there were, and nobody paid without an order.
"""
import glob
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/clients"))
from sqs_place import free_port  # noqa: E402

BUYERS = 10000
THREADS = 64
PIECES = 100
KILLS = 20
KILL_AFTER_S = (0.03, 0.3)  # of a start: the first ones while the pieces are sold
SETTLE_S = 3  # what was paid and not yet heard of is looked at
PATIENCE_S = 30
FAR_MS = 600000


def named(kind, number):
    return f"{kind}_{number:026d}"


HOT = named("var", 0)


class Sqlite:
    """The database, looked at from beside."""

    name = "sqlite"
    processes = 1

    def __init__(self, folder):
        self.path = os.path.join(folder, "stoa.db")
        self.url = "sqlite:stoa.db"

    def rows(self, sql):
        db = sqlite3.connect(self.path)
        try:
            found = db.execute(sql).fetchall()
            db.commit()
            return found
        finally:
            db.close()

    def close(self):
        pass


class Postgres:
    """A server of its own, as its packages preset it."""

    name = "postgres"
    processes = 2

    def __init__(self, folder):
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.data = os.path.join(folder, "pg")
        self.port = free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        os.mkdir(self.data, 0o700)
        if os.geteuid() == 0:
            os.chmod(folder, 0o755)
            shutil.chown(self.data, "postgres")
        self.run("initdb", "-D", self.data, "-A", "trust", "-E", "UTF8", "--no-locale", "-U", "postgres")
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.data + "/log", "-o",
                 f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=", "start")

    def run(self, program, *words):
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        subprocess.run([*user, os.path.join(self.bin, program), *words], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def rows(self, sql):
        out = subprocess.run([os.path.join(self.bin, "psql"), "-qAtX", "-F", "|", "-v", "ON_ERROR_STOP=1", "-c", sql,
                              self.url], check=True, capture_output=True, text=True).stdout
        return [tuple(int(word) for word in line.split("|")) for line in out.splitlines()]

    def close(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")


def fill(books, variants, pieces):
    """A shop of some variants; of the first there are only so many pieces."""
    now = int(time.time() * 1e6)
    said = []

    def add(table, **row):
        words = ("NULL" if value is None else "'" + value + "'" if isinstance(value, str) else str(value).upper()
                 for value in row.values())
        said.append(f"INSERT INTO {table} ({','.join(row)}) VALUES ({','.join(words)})")

    add("shop_category", id=named("cat", 1), parent=None, slug="bread", name="Bread", words="", position=1,
        picture="drawn:loaf:1")
    add("shop_location", id=named("loc", 1), name="Bakery", position=1, country="DE", postcode="10115", city="Berlin",
        street="")
    add("shop_method", id=named("shp", 1), name="Parcel", position=1, countries="",
        bands='[{"weight":0,"goods":0,"quantity":0,"price":490}]', free_from=0, pickup=None, days_min=1, days_max=3,
        active=True)
    add("shop_tax_rate", id=named("tax", 1), name="VAT", country="DE", state="", postcode="", tax_class="", step=0,
        rate=190000, compound=False)
    for at in range(variants):
        free = pieces if at == 0 else 10**9
        add("shop_product", id=named("prd", at), category=named("cat", 1), slug=f"loaf-{at}", name=f"Loaf {at}",
            words="", brand="", kind="goods", tax_class="", state="listed", picture=f"drawn:loaf:{at}",
            price=500 + at, made=now, changed=now)
        add("shop_variant", id=named("var", at), product=named("prd", at), position=1, sku=f"L{at}", barcode="",
            first="", second="", third="", price=500 + at, before=None, weight=500, shipped=True, beyond="never",
            due=None)
        add("shop_stock", variant=named("var", at), location=named("loc", 1), free=free, held=0, sold=0, damaged=0,
            changed=now)
        add("shop_movement", variant=named("var", at), location=named("loc", 1), id=named("mov", at), kind="receive",
            free=free, held=0, sold=0, damaged=0, cause="", made=now)
    for statement in said:
        books.rows(statement)


class Server:
    """A process of ours, which may be killed and started again at the same place."""

    def __init__(self, stoa, folder, books, number):
        self.stoa = stoa
        self.port = free_port()
        data = os.path.join(folder, "" if books.processes == 1 else f"data{number}")
        os.makedirs(data, exist_ok=True)
        self.environment = dict(os.environ, STOA_DATA=data, PORT=str(self.port), DATABASE_URL=books.url)
        self.log = open(os.path.join(folder, "log"), "ab")
        self.process = None

    def migrate(self):
        subprocess.run([self.stoa, "migrate"], env=self.environment, check=True, capture_output=True)

    def start(self):
        self.process = subprocess.Popen([self.stoa, "serve", "--alone"], env=self.environment, stdout=self.log,
                                        stderr=self.log)

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE_S)


class Auditor(threading.Thread):
    """Looks at the books while they are written."""

    def __init__(self, books):
        super().__init__()
        self.books = books
        self.looks = 0
        self.wrong = []
        self.ends = threading.Event()

    def look(self):
        rows = self.books.rows(
            "SELECT s.free, s.held, s.sold, s.damaged, SUM(m.free), SUM(m.held), SUM(m.sold), SUM(m.damaged)"
            " FROM shop_stock s JOIN shop_movement m ON m.variant = s.variant AND m.location = s.location"
            f" WHERE s.variant = '{HOT}' GROUP BY s.free, s.held, s.sold, s.damaged")
        self.looks += 1
        self.wrong += [row for row in rows if row[:4] != row[4:] or sum(row[:4]) != PIECES or min(row[:4]) < 0]

    def run(self):
        while not self.ends.wait(0.05):
            self.look()
        self.look()


def judge(books, told):
    """What the books say at the end."""

    def one(sql):
        return books.rows(sql)[0][0]

    gone = one(f"SELECT held + sold FROM shop_stock WHERE variant = '{HOT}'")
    names = ",".join(f"'{order}'" for order in told)
    lost = len(told) - one(f"SELECT COUNT(*) FROM shop_order WHERE state <> 'cancelled' AND id IN ({names or 'NULL'})")
    kept = one("SELECT COALESCE(SUM(l.quantity), 0) FROM shop_order_line l JOIN shop_order o ON o.id = l.order_id"
               " WHERE o.state <> 'cancelled'")
    charged = one("SELECT COUNT(*) FROM shop_payment p JOIN shop_order o ON o.id = p.order_id"
                  " WHERE p.captured > p.refunded AND o.state NOT IN ('paid', 'shipped')")
    twice = one("SELECT COUNT(*) FROM shop_order WHERE captured - refunded > gross")
    return {"sold": gone, "oversold": max(0, gone - PIECES, kept - PIECES), "lost": lost,
            "charged_without_order": charged + twice}


def crowds(build, servers):
    """Half of the buyers ask each server."""
    return [subprocess.Popen([os.path.join(build, "benches/buyers"), str(server.port), str(THREADS // len(servers)), "1",
                              str(BUYERS // len(servers)), str(FAR_MS), HOT], stdout=subprocess.PIPE, text=True)
            for server in servers]


def sale(build, folder, engine, chance):
    books = engine(folder)
    try:
        servers = [Server(os.path.join(build, "stoa"), folder, books, at) for at in range(books.processes)]
        servers[0].migrate()
        fill(books, 1, PIECES)
        for server in servers:
            server.start()
        auditor = Auditor(books)
        auditor.start()
        running = crowds(build, servers)
        for _ in range(KILLS):
            time.sleep(chance.uniform(*KILL_AFTER_S))
            server = chance.choice(servers)
            server.kill()
            server.start()
        said = [crowd.communicate()[0].splitlines() for crowd in running]
        time.sleep(SETTLE_S)
        auditor.ends.set()
        auditor.join()
        figures = judge(books, [order for lines in said for order in lines[:-1]])
        for server in servers:
            server.stop()
    finally:
        books.close()
    done = {}
    for words in (lines[-1].split() for lines in said):
        for at in range(0, len(words), 2):
            done[words[at]] = done.get(words[at], 0) + int(words[at + 1])
    figures["books_wrong"] = len(auditor.wrong)
    figures["buyers_failed"] = done["failed"]
    figures["buyers_s"] = round((done["ordered"] + done["turned_away"]) * 1000 * len(said) / done["ms"])
    print(f"# {engine.name}: {done['ordered']} orders were told, {done['turned_away']} buyers turned away, {KILLS} kills,"
          f" {done['retries']} requests asked again, {auditor.looks} looks at the books", file=sys.stderr)
    return figures


def main():
    seed = int(os.environ.get("FLASH_SEED", time.time()))
    bad = 0
    for engine in (Sqlite, Postgres):
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            figures = sale(sys.argv[1], folder, engine, random.Random(seed))
        for name, value in figures.items():
            print(f"flash_{engine.name}_{name}\t{value}" if "--tsv" in sys.argv else f"{engine.name:<9} {name:<22} {value:>8}")
        bad += figures["oversold"] + figures["lost"] + figures["charged_without_order"] + figures["books_wrong"]
        bad += abs(figures["sold"] - PIECES)
    if bad:
        raise SystemExit(f"the books are wrong: FLASH_SEED={seed} repeats the kills")


main()
