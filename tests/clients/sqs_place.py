"""A Stoa of one's own that speaks SQS, with an owner who makes an access key on its page as a person does.

    place = Place(stoa)
    place.key                    # its id and its secret; place.endpoint is where it is spoken to
    place.close()
"""
import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

PATIENCE_S = 30
EVERYTHING = "queues.send queues.receive queues.manage"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Person:
    """Somebody in a browser."""

    def __init__(self, base):
        self.base = base
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path):
        return self.opener.open(self.base + path).read().decode()

    def post(self, path, **fields):
        return self.opener.open(self.base + path, urllib.parse.urlencode(fields).encode()).read().decode()

    def token(self, path):
        return re.search('name="form_token" value="([^"]*)"', self.get(path)).group(1)

    def make_key(self, scopes):
        page = self.post("/admin/keys", form_token=self.token("/admin/keys"), name="peers", scopes=scopes, days="1",
                         signs="yes")
        return (re.search("AWS_ACCESS_KEY_ID=([^<]*)<", page).group(1),
                re.search("AWS_SECRET_ACCESS_KEY=([^<]*)<", page).group(1))


class Place:
    """The program and its owner."""

    def __init__(self, stoa, folder=None):
        self.data = tempfile.TemporaryDirectory(dir=folder)
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.endpoint = self.base + "/sqs"
        environment = dict(os.environ, STOA_DATA=self.data.name, PORT=str(self.port))
        made = subprocess.run([stoa, "person", "peer@stoa.example", "owner"], env=environment, check=True,
                              capture_output=True, text=True).stdout
        first = re.search("with the password ([^,]*),", made).group(1)
        self.log = open(os.path.join(self.data.name, "log"), "wb")
        self.process = subprocess.Popen([stoa, "serve", "--alone"], env=environment, stdout=self.log, stderr=self.log)
        self.wait()
        self.person = Person(self.base)
        self.person.post("/sign-in", email="peer@stoa.example", password=first)
        self.person.post("/account/password", form_token=self.person.token("/account"), current=first,
                         password="one of my own, for peers")
        self.key = self.person.make_key(EVERYTHING)

    def wait(self):
        for _ in range(PATIENCE_S * 10):
            try:
                urllib.request.urlopen(self.base + "/readyz")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the program does not serve")

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S + 10)
        self.log.close()
        self.data.cleanup()
