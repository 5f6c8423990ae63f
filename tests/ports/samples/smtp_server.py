"""A mail server for tests: aiosmtpd, which behaves as the file FOLDER/mode says at that moment.

    smtp_server.py FOLDER plain|starttls|smtps

It writes its port to FOLDER/port, each mail it takes to FOLDER/NUMBER.eml, and to FOLDER/log a word
for each thing it was asked. With TLS it needs FOLDER/cert.pem and FOLDER/key.pem, and a login.
"""
import asyncio
import os
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, way = pathlib.Path(sys.argv[1]), sys.argv[2]
ANSWERS = {"busy": "451 4.7.1 Come back later", "full": "452 4.2.2 The box is full",
           "unknown": "550 5.1.1 There is no such person", "spam": "554 5.7.1 We do not like it", "relay": "554 5.7.1 Not for you"}


def mode():
    return (folder / "mode").read_text()


def note(word):
    with open(folder / "log", "a") as log:
        log.write(word + "\n")


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        note("rcpt")
        what = mode()
        if what == "busy_once":
            (folder / "mode").write_text("fine")
            what = "busy"
        if what == "slow":
            await asyncio.sleep(30)
        if what in ("busy", "unknown", "relay"):
            return ANSWERS[what]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        note("data")
        what = mode()
        if what in ("full", "spam"):
            return ANSWERS[what]
        number = len(list(folder.glob("*.eml")))
        (folder / f"{number}.new").write_bytes(envelope.content)
        os.rename(folder / f"{number}.new", folder / f"{number}.eml")
        note(f"from {envelope.mail_from} to {','.join(envelope.rcpt_tos)}")
        if what == "lost":
            server.transport.abort()
        return "250 2.0.0 Taken"


def authenticate(server, session, envelope, mechanism, data):
    note("auth")
    fine = (data.login, data.password) == (b"ada", b"pass word")
    return AuthResult(success=fine, handled=False)


def make():
    context = None
    if way == "starttls":
        context = tls()
    login = way != "plain"
    return SMTP(Handler(), hostname="localhost", tls_context=context,
                require_starttls=way == "starttls",
                authenticator=authenticate if login else None, auth_required=login,
                auth_require_tls=way == "starttls")


def tls():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(make, "127.0.0.1", 0,
                                      ssl=tls() if way == "smtps" else None)
    (folder / "port.new").write_text(str(server.sockets[0].getsockname()[1]))
    os.rename(folder / "port.new", folder / "port")
    await server.serve_forever()


asyncio.run(main())
