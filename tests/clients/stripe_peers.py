"""Has a webhook of a server that is made like Stripe pay an order of the real program. Prints TAP.

    stripe_peers.py STOA STRIPE-ADDRESS PORT WORK-FOLDER
"""
import json
import os
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request

stoa, stripe, port, work = sys.argv[1:5]
ORDER, PAYMENT = "ord_01KAH0XVK4A9N3FYJ0T8Q5RWZC", "pay_01KAH0XVK4A9N3FYJ0T8Q5RWZC"
AMOUNT, SECRET = 1999, "whsec_of_the_tests"
WAIT_S = 30
environment = dict(os.environ, STOA_DATA=work + "/data", PORT=port, SHOP_PAYMENTS="stripe",
                   STRIPE_URL="http://" + stripe, OUTBOUND_ALLOWED="127.0.0.0/8",
                   STOA_SECRET_STRIPE_KEY="sk_test_123",
                   STOA_SECRET_STRIPE_SIGNING="whsec_of_before " + SECRET)
told = [0, 0]


def tell(holds, what):
    told[0] += 1
    told[1] += not holds
    print(("ok " if holds else "not ok ") + "%d - %s" % (told[0], what))


def ask(path, fields=None, headers=None, body=None):
    """Asks Stripe, or with headers the program; the status and what was said."""
    place = "http://127.0.0.1:" + port if headers else "http://" + stripe
    data = body if body is not None else urllib.parse.urlencode(fields).encode() if fields is not None else None
    asked = urllib.request.Request(place + path, data=data, headers=headers or {"Authorization": "Bearer sk_test_123"})
    try:
        with urllib.request.urlopen(asked) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()


def look(query):
    with sqlite3.connect("file:%s/data/stoa.db?mode=ro" % work, uri=True) as database:
        return database.execute(query).fetchone()


def until(query, value):
    for _ in range(WAIT_S * 10):
        if look(query) == value:
            return True
        time.sleep(0.1)
    return False


def make_intent():
    card = {"type": "card", "card[number]": "4242424242424242", "card[exp_month]": "12",
            "card[exp_year]": "2030", "card[cvc]": "123"}
    method = json.loads(ask("/v1/payment_methods", card)[1])["id"]
    return json.loads(ask("/v1/payment_intents", {
        "amount": AMOUNT, "currency": "eur", "payment_method": method,
        "metadata[payment]": PAYMENT})[1])["id"]


def put_order(intent):
    """An order whose customer is on Stripe's page."""
    now = int(time.time() * 1000000)
    far = now + 3600 * 1000000
    texts = {name: "" for name in ("name", "street", "more", "postcode", "city", "region", "country", "method",
                                   "tracking")}
    order = dict(texts, id=ORDER, code="K7Q2-M9PX", cart="crt_1", customer=None, email="ada@stoa.example",
                 state="placed", language="en", currency="EUR", payment="stripe", goods=AMOUNT, off=0, shipping=0,
                 tax=0, gross=AMOUNT, captured=0, refunded=0, terms="{}", score=0, held=far, placed=now, changed=now)
    payment = dict(id=PAYMENT, order_id=ORDER, provider="stripe", reference=intent, place="https://stripe.example/",
                   state="challenge", amount=AMOUNT, captured=0, refunded=0, look=far, made=now, changed=now)
    database = sqlite3.connect(work + "/data/stoa.db")
    for table, row in (("shop_order", order), ("shop_payment", payment)):
        database.execute("INSERT INTO %s (%s) VALUES (%s)" % (table, ", ".join(row), ", ".join("?" * len(row))),
                         list(row.values()))
    database.commit()
    database.close()


def hook(secret):
    """Where Stripe sends what happens, signed with this secret."""
    body = json.dumps({"url": "http://127.0.0.1:%s/payments/hooks/stripe" % port, "secret": secret}).encode()
    asked = urllib.request.Request("http://%s/_config/webhooks/stoa" % stripe, data=body,
                                   headers={"Content-Type": "application/json"})
    urllib.request.urlopen(asked).close()


def wait_ready():
    for _ in range(WAIT_S * 10):
        try:
            urllib.request.urlopen("http://127.0.0.1:%s/readyz" % port).close()
            return
        except OSError:
            time.sleep(0.1)


def main():
    subprocess.run([stoa, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    intent = make_intent()
    put_order(intent)
    with open(work + "/stoa.log", "w") as log:
        program = subprocess.Popen([stoa, "serve"], env=environment, stdout=log, stderr=log)
    try:
        wait_ready()
        status, body = ask("/payments/hooks/stripe", headers={
            "Stripe-Signature": "t=%d,v1=%s" % (time.time(), "0" * 64)}, body=b"{}")
        tell(status == 403 and b"signature" not in body, "a webhook that Stripe did not sign is refused, and not told why")
        hook("whsec_of_somebody")
        ask("/v1/payment_intents/%s/confirm" % intent, {})
        time.sleep(2)
        tell(look("SELECT state, captured FROM shop_payment") == ("challenge", 0), "nor does one by another key pay")
        hook(SECRET)
        second = make_intent()
        ask("/v1/payment_intents/%s/confirm" % second, {})
        tell(until("SELECT state, captured FROM shop_payment", ("captured", AMOUNT)), "one that it signed does")
        tell(look("SELECT state, captured FROM shop_order") == ("paid", AMOUNT), "its order is paid")
        tell(look("SELECT COUNT(*) FROM shop_order_note WHERE kind = 'paid'") == (1,), "and once")
    finally:
        program.terminate()
        program.wait()
    if told[1]:
        with open(work + "/stoa.log") as log:
            print("".join("# " + line for line in log.readlines()[-20:]))


main()
sys.exit(told[1] > 0)
