"""Reads with Python's email parser what mail_peer composed (standard input), and compares, as TAP."""
import email
import email.policy
import json
import re
import sys

POLICY = email.policy.default.clone(raise_on_defect=True)


def lines(text):
    # An end of line is an end of line; the last line always has one.
    text = text.replace("\r\n", "\n")
    return text if text.endswith("\n") else text + "\n"


def name(text):
    # Of a person's name it leaves the space between two encoded words that is none of the name's.
    return text.replace(" ", "")


def faults(mail):
    raw = mail["composed"].encode("ascii")
    if any(len(line) > 998 or b"\r" in line for line in raw.split(b"\r\n")) or b"\n" in raw.replace(b"\r\n", b""):
        yield "line", "at most 998 bytes, ended by CR LF", "other"
    parsed = email.message_from_bytes(raw, policy=POLICY)
    to = parsed["To"].addresses
    expected = {"to": [(name(mail["to_name"]), mail["to"])],
                "from": [("Stoa, Gr\u00fc\u00dfe", "shop@example.com")],
                "reply_to": mail["reply_to"] or None,
                "subject": mail["subject"],
                "language": mail["language"] or None,
                "unsubscribe": f"<{mail['unsubscribe']}>" if mail["unsubscribe"] else None,
                "text": lines(mail["text"]),
                "html": lines(mail["html"]) if mail["html"] else None,
                "attachments": [[title, kind, bytes.fromhex(content)]
                                for title, kind, content in mail["attachments"]]}
    html = parsed.get_body(("html",))
    read = {"to": [(name(one.display_name), one.addr_spec) for one in to],
            "from": [(one.display_name, one.addr_spec) for one in parsed["From"].addresses],
            "reply_to": parsed["Reply-To"].addresses[0].addr_spec if parsed["Reply-To"] else None,
            "subject": parsed["Subject"],
            "language": parsed["Content-Language"],
            "unsubscribe": parsed["List-Unsubscribe"],
            "text": lines(parsed.get_body(("plain",)).get_payload(decode=True).decode()),
            "html": lines(html.get_payload(decode=True).decode()) if html else None,
            "attachments": [[part["Content-Disposition"].params["filename"], part.get_content_type(), part.get_content()]
                            for part in parsed.iter_attachments()]}
    for field, value in expected.items():
        if read[field] != value:
            yield field, value, read[field]
    headers = [header.lower() for header in parsed.keys()]
    if len(headers) != len(set(headers)):
        yield "headers", "each once", headers
    if not re.fullmatch(r"<mail_[0-9A-Z]{26}@example\.com>", parsed["Message-ID"]):
        yield "message-id", "ours", parsed["Message-ID"]


def main():
    seen, wrong = 0, 0
    for line in sys.stdin:
        seen += 1
        for field, expected, read in faults(json.loads(line)):
            wrong += 1
            if wrong <= 10:
                print(f"# mail {seen}, {field}: said {expected!r}, read {read!r}")
    print("1..1")
    fine = seen > 0 and wrong == 0
    print(f"{'ok' if fine else 'not ok'} - Python's email parser reads in {seen} mails what was said")


main()
