"""What boto3 is told by our queues, and what they answer: each action, each fault. Prints TAP.

    sqs_peers.py STOA

Starts the program, makes an access key on its page as a person does, and then hands both to the
JavaScript SDK (sqs_peers.js) and to the aws command.
"""
import datetime
import hashlib
import json
import os
import select
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.exceptions
from botocore.config import Config

from sqs_place import EVERYTHING, PATIENCE_S, Place

tests = []
failures = 0


def test(function):
    tests.append(function)
    return function


class BotoPlace(Place):
    """The program, its owner and a client."""

    def __init__(self, stoa):
        super().__init__(stoa)
        self.sqs = self.client(*self.key)

    def client(self, key, secret, **more):
        return boto3.client("sqs", endpoint_url=self.endpoint, region_name="us-east-1", aws_access_key_id=key,
                            aws_secret_access_key=secret, config=Config(retries={"max_attempts": 0}), **more)


def expect(have, want, what=""):
    if have != want:
        raise AssertionError(f"{what} is {have!r}, not {want!r}")


def refused(code, function, **arguments):
    """The call fails with that code; the failure, for more to be looked at."""
    try:
        answer = function(**arguments)
    except botocore.exceptions.ClientError as failure:
        expect(failure.response["Error"]["Code"], code, "the code")
        return failure
    raise AssertionError(f"it was not refused with {code}, but answered {answer}")


def attributes_md5(attributes):
    """The sum as AWS describes it, counted by ourselves."""
    def part(data):
        return struct.pack(">I", len(data)) + data

    out = b""
    for name, value in sorted(attributes.items()):
        out += part(name.encode()) + part(value["DataType"].encode())
        if value["DataType"].startswith("Binary"):
            out += b"\x02" + part(value["BinaryValue"])
        else:
            out += b"\x01" + part(value["StringValue"].encode())
    return hashlib.md5(out).hexdigest()


def drain(sqs, url, count, **more):
    got = []
    end = time.monotonic() + PATIENCE_S
    while len(got) < count and time.monotonic() < end:
        got += sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, **more).get("Messages", [])
    expect(len(got), count, "what came")
    return got


@test
def a_queue_is_made_found_set_and_dropped(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="first", Attributes={"VisibilityTimeout": "45"})["QueueUrl"]
    expect(url, place.endpoint + "/000000000000/first")
    expect(sqs.get_queue_url(QueueName="first")["QueueUrl"], url)
    expect(sqs.create_queue(QueueName="first")["QueueUrl"], url, "the same once more")
    failure = refused("QueueAlreadyExists", sqs.create_queue, QueueName="first", Attributes={"VisibilityTimeout": "46"})
    expect(type(failure).__name__, "QueueNameExists")
    have = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    expect(have["VisibilityTimeout"], "45")
    expect(have["QueueArn"], "arn:aws:sqs:us-east-1:000000000000:first")
    expect(have["MaximumMessageSize"], "262144")
    expect(have["MessageRetentionPeriod"], "345600")
    for name in "CreatedTimestamp", "LastModifiedTimestamp":
        assert abs(int(have[name]) - time.time()) < 60, have[name]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "3", "ReceiveMessageWaitTimeSeconds": "2"})
    have = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds", "ReceiveMessageWaitTimeSeconds"])
    expect(have["Attributes"], {"DelaySeconds": "3", "ReceiveMessageWaitTimeSeconds": "2"})
    refused("InvalidAttributeName", sqs.set_queue_attributes, QueueUrl=url, Attributes={"Colour": "red"})
    refused("InvalidAttributeValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"DelaySeconds": "901"})
    refused("InvalidAttributeValue", sqs.set_queue_attributes, QueueUrl=url, Attributes={"DelaySeconds": "soon"})
    refused("AWS.SimpleQueueService.UnsupportedOperation", sqs.set_queue_attributes, QueueUrl=url,
            Attributes={"KmsMasterKeyId": "alias/aws/sqs"})
    refused("InvalidParameterValue", sqs.create_queue, QueueName="not a name")
    refused("InvalidParameterValue", sqs.create_queue, QueueName="x" * 81)
    sqs.delete_queue(QueueUrl=url)
    failure = refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName="first")
    assert isinstance(failure, sqs.exceptions.QueueDoesNotExist), type(failure)
    expect(failure.response["ResponseMetadata"]["HTTPStatusCode"], 400)
    assert failure.response["ResponseMetadata"]["RequestId"].startswith("req_"), failure.response
    for call, more in ((sqs.delete_queue, {}), (sqs.send_message, {"MessageBody": "a"}), (sqs.receive_message, {}),
                       (sqs.get_queue_attributes, {"AttributeNames": ["All"]}), (sqs.purge_queue, {})):
        refused("AWS.SimpleQueueService.NonExistentQueue", call, QueueUrl=url, **more)


@test
def a_message_is_sent_received_and_deleted(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="plain")["QueueUrl"]
    body = "Grüße, 日本語 🙂 <a> & \"b\"\n\ttabs"
    sent = sqs.send_message(QueueUrl=url, MessageBody=body)
    expect(sent["MD5OfMessageBody"], hashlib.md5(body.encode()).hexdigest())
    assert "MD5OfMessageAttributes" not in sent and "SequenceNumber" not in sent, sent
    message = drain(sqs, url, 1, AttributeNames=["All"])[0]
    expect(message["Body"], body)
    expect(message["MessageId"], sent["MessageId"])
    expect(message["MD5OfBody"], sent["MD5OfMessageBody"])
    told = message["Attributes"]
    expect(told["ApproximateReceiveCount"], "1")
    expect(told["SenderId"], place.key[0])
    for name in "SentTimestamp", "ApproximateFirstReceiveTimestamp":
        assert abs(int(told[name]) / 1000 - time.time()) < 60, told
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    expect((counts["ApproximateNumberOfMessages"], counts["ApproximateNumberOfMessagesNotVisible"]), ("0", "1"))
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    refused("ReceiptHandleIsInvalid", sqs.delete_message, QueueUrl=url, ReceiptHandle="no receipt")
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    expect((counts["ApproximateNumberOfMessages"], counts["ApproximateNumberOfMessagesNotVisible"]), ("0", "0"))
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


@test
def attributes_travel_with_their_sums(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="attributes")["QueueUrl"]
    attributes = {"text": {"DataType": "String", "StringValue": "größer"},
                  "price.net": {"DataType": "Number.eur", "StringValue": "10.50"},
                  "price.gross": {"DataType": "Number", "StringValue": "12.50"},
                  "photo": {"DataType": "Binary.png", "BinaryValue": bytes(range(256))}}
    trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
    sent = sqs.send_message(QueueUrl=url, MessageBody="a", MessageAttributes=attributes, MessageSystemAttributes=trace)
    expect(sent["MD5OfMessageAttributes"], attributes_md5(attributes))
    expect(sent["MD5OfMessageSystemAttributes"], attributes_md5(trace))
    message = drain(sqs, url, 1, MessageAttributeNames=["All"], MessageSystemAttributeNames=["AWSTraceHeader"],
                    VisibilityTimeout=0)[0]
    expect(message["MessageAttributes"], attributes)
    expect(message["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"])
    expect(message["Attributes"], {"AWSTraceHeader": trace["AWSTraceHeader"]["StringValue"]})
    for names, want in ((["price.*"], ["price.gross", "price.net"]), (["text"], ["text"]), ([".*"], sorted(attributes))):
        message = drain(sqs, url, 1, MessageAttributeNames=names, VisibilityTimeout=0)[0]
        expect(sorted(message["MessageAttributes"]), want)
        expect(message["MD5OfMessageAttributes"], attributes_md5({name: attributes[name] for name in want}))
    message = drain(sqs, url, 1)[0]
    assert not {"MessageAttributes", "MD5OfMessageAttributes", "Attributes"} & set(message), message
    for wrong in ({"a": {"DataType": "Colour", "StringValue": "red"}}, {"AWS.a": {"DataType": "String", "StringValue": "a"}},
                  {"a..b": {"DataType": "String", "StringValue": "a"}}, {"a": {"DataType": "String", "StringValue": ""}},
                  {f"a{i}": {"DataType": "String", "StringValue": "a"} for i in range(11)}):
        refused("InvalidParameterValue", sqs.send_message, QueueUrl=url, MessageBody="a", MessageAttributes=wrong)


@test
def what_no_message_may_be_is_refused(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="limits")["QueueUrl"]
    refused("InvalidMessageContents", sqs.send_message, QueueUrl=url, MessageBody="a\x01b")
    refused("InvalidMessageContents", sqs.send_message, QueueUrl=url, MessageBody="a\ufffeb")
    refused("MissingParameter", sqs.send_message, QueueUrl=url, MessageBody="")
    refused("InvalidParameterValue", sqs.send_message, QueueUrl=url, MessageBody="a" * 262145)
    refused("InvalidParameterValue", sqs.send_message, QueueUrl=url, MessageBody="a", DelaySeconds=901)
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11)
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=url, WaitTimeSeconds=21)
    refused("InvalidParameterValue", sqs.receive_message, QueueUrl=url, VisibilityTimeout=43201)
    largest = "ä" * 131072
    sqs.send_message(QueueUrl=url, MessageBody=largest)
    expect(drain(sqs, url, 1)[0]["Body"], largest)
    small = sqs.create_queue(QueueName="small", Attributes={"MaximumMessageSize": "1024"})["QueueUrl"]
    sqs.send_message(QueueUrl=small, MessageBody="a" * 1024)
    refused("InvalidParameterValue", sqs.send_message, QueueUrl=small, MessageBody="a" * 1025)


@test
def batches_fail_in_part(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="batches")["QueueUrl"]
    answer = sqs.send_message_batch(QueueUrl=url, Entries=[
        {"Id": "good", "MessageBody": "one"}, {"Id": "bad", "MessageBody": "a\x02"},
        {"Id": "late", "MessageBody": "two", "DelaySeconds": 1000},
        {"Id": "fine", "MessageBody": "three", "MessageAttributes": {"a": {"DataType": "Number", "StringValue": "1"}}}])
    expect([one["Id"] for one in answer["Successful"]], ["good", "fine"])
    expect({one["Id"]: (one["Code"], one["SenderFault"]) for one in answer["Failed"]},
           {"bad": ("InvalidMessageContents", True), "late": ("InvalidParameterValue", True)})
    expect(answer["Successful"][1]["MD5OfMessageBody"], hashlib.md5(b"three").hexdigest())
    messages = drain(sqs, url, 2)
    expect(sorted(one["Body"] for one in messages), ["one", "three"])
    answer = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[
        {"Id": "a", "ReceiptHandle": messages[0]["ReceiptHandle"], "VisibilityTimeout": 100},
        {"Id": "b", "ReceiptHandle": "no receipt", "VisibilityTimeout": 100}])
    expect([one["Id"] for one in answer["Successful"]], ["a"])
    expect(answer["Failed"][0]["Code"], "ReceiptHandleIsInvalid")
    answer = sqs.delete_message_batch(QueueUrl=url, Entries=[
        {"Id": "a", "ReceiptHandle": messages[0]["ReceiptHandle"]}, {"Id": "b", "ReceiptHandle": "no receipt"},
        {"Id": "c", "ReceiptHandle": messages[1]["ReceiptHandle"]}])
    expect([one["Id"] for one in answer["Successful"]], ["a", "c"])
    expect(answer["Failed"][0]["Code"], "ReceiptHandleIsInvalid")
    service = "AWS.SimpleQueueService."
    one = {"Id": "a", "MessageBody": "a"}
    refused(service + "EmptyBatchRequest", sqs.send_message_batch, QueueUrl=url, Entries=[])
    refused(service + "BatchEntryIdsNotDistinct", sqs.send_message_batch, QueueUrl=url, Entries=[one, one])
    refused(service + "InvalidBatchEntryId", sqs.send_message_batch, QueueUrl=url, Entries=[dict(one, Id="a b")])
    refused(service + "TooManyEntriesInBatchRequest", sqs.delete_message_batch, QueueUrl=url,
            Entries=[{"Id": str(i), "ReceiptHandle": "x"} for i in range(11)])
    refused(service + "BatchRequestTooLong", sqs.send_message_batch, QueueUrl=url,
            Entries=[{"Id": str(i), "MessageBody": "a" * 140000} for i in range(2)])
    failure = refused(service + "EmptyBatchRequest", sqs.delete_message_batch, QueueUrl=url, Entries=[])
    assert isinstance(failure, sqs.exceptions.EmptyBatchRequest), type(failure)


@test
def messages_are_hidden_and_seen_again(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="hidden")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="a")
    first = drain(sqs, url, 1, VisibilityTimeout=100)[0]
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
    second = drain(sqs, url, 1, AttributeNames=["ApproximateReceiveCount"], VisibilityTimeout=1)[0]
    expect(second["Attributes"], {"ApproximateReceiveCount": "2"})
    third = drain(sqs, url, 1, AttributeNames=["ApproximateReceiveCount"])[0]
    expect(third["Attributes"], {"ApproximateReceiveCount": "3"})
    sqs.delete_message(QueueUrl=url, ReceiptHandle=third["ReceiptHandle"])
    failure = refused("AWS.SimpleQueueService.MessageNotInflight", sqs.change_message_visibility, QueueUrl=url,
                      ReceiptHandle=third["ReceiptHandle"], VisibilityTimeout=10)
    assert isinstance(failure, sqs.exceptions.MessageNotInflight), type(failure)
    refused("InvalidParameterValue", sqs.change_message_visibility, QueueUrl=url,
            ReceiptHandle=third["ReceiptHandle"], VisibilityTimeout=43201)


@test
def delays_are_kept(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="delays", Attributes={"DelaySeconds": "600"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="later")
    begun = time.monotonic()
    sqs.send_message(QueueUrl=url, MessageBody="soon", DelaySeconds=2)
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessagesDelayed"])["Attributes"]
    expect(counts, {"ApproximateNumberOfMessagesDelayed": "2"})
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    expect([one["Body"] for one in drain(sqs, url, 1)], ["soon"])
    assert time.monotonic() - begun >= 1.9, "it came too soon"


@test
def who_waits_is_told_at_once(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="waiting")["QueueUrl"]
    begun = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2)
    assert time.monotonic() - begun >= 1.9, "it did not wait"
    other = place.client(*place.key)
    timer = threading.Timer(1, lambda: other.send_message(QueueUrl=url, MessageBody="here"))
    timer.start()
    begun = time.monotonic()
    got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)
    expect([one["Body"] for one in got.get("Messages", [])], ["here"])
    assert time.monotonic() - begun < 15, "it waited to the end"
    timer.join()
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"ReceiveMessageWaitTimeSeconds": "2"})
    begun = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    assert time.monotonic() - begun >= 1.9, "the queue's own wait was not kept"


def ask_raw(place, action, **asked):
    """A connection of one's own on which this was asked."""
    request = botocore.awsrequest.AWSRequest("POST", place.endpoint, data=json.dumps(asked).encode(), headers={
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS." + action})
    botocore.auth.SigV4Auth(botocore.credentials.Credentials(*place.key), "sqs", "us-east-1").add_auth(request)
    prepared = request.prepare()
    head = "".join(f"{name}: {value if isinstance(value, str) else value.decode()}\r\n"
                   for name, value in prepared.headers.items())
    asking = socket.create_connection(("127.0.0.1", place.port), timeout=PATIENCE_S)
    asking.sendall(f"POST /sqs HTTP/1.1\r\nHost: 127.0.0.1:{place.port}\r\n{head}\r\n".encode() + prepared.body)
    return asking


def wait_for_parked(place, count):
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        metrics = urllib.request.urlopen(place.base + "/metrics").read().decode()
        if f"\nweb_parked {count}\n" in metrics:
            return
        time.sleep(0.05)
    raise AssertionError(f"there are never {count} that wait")


@test
def a_crowd_waits_and_each_message_goes_to_one(place):
    url = place.sqs.create_queue(QueueName="crowd")["QueueUrl"]
    crowd = [ask_raw(place, "ReceiveMessage", QueueUrl=url, WaitTimeSeconds=20) for _ in range(400)]
    wait_for_parked(place, 400)
    for at in range(3):
        place.sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "MessageBody": f"{at} {i}"} for i in range(10)])
    got, end = {}, time.monotonic() + PATIENCE_S
    while len(got) < 30 and time.monotonic() < end:
        for one in select.select([each for each in crowd if each not in got], [], [], 1)[0]:
            answer = one.recv(65536)
            assert b'"Messages"' in answer, answer
            got[one] = json.loads(answer.split(b"\r\n\r\n", 1)[1])["Messages"][0]["Body"]
    expect(len(set(got.values())), 30, "what came")
    for one in crowd:
        one.close()
    wait_for_parked(place, 0)


@test
def who_left_is_given_no_message(place):
    url = place.sqs.create_queue(QueueName="left")["QueueUrl"]
    leavers = [ask_raw(place, "ReceiveMessage", QueueUrl=url, WaitTimeSeconds=20) for _ in range(20)]
    wait_for_parked(place, 20)
    for one in leavers:
        one.close()
    place.sqs.send_message(QueueUrl=url, MessageBody="here")
    got = drain(place.sqs, url, 1, AttributeNames=["ApproximateReceiveCount"])
    expect(got[0]["Attributes"], {"ApproximateReceiveCount": "1"})
    wait_for_parked(place, 0)


@test
def a_fifo_queue_keeps_its_order(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="line.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    refused("InvalidParameterValue", sqs.create_queue, QueueName="line.fifo.not", Attributes={"FifoQueue": "true"})
    refused("MissingParameter", sqs.send_message, QueueUrl=url, MessageBody="a", MessageDeduplicationId="a")
    refused("InvalidParameterValue", sqs.send_message, QueueUrl=url, MessageBody="a", MessageGroupId="a")
    sent = [sqs.send_message(QueueUrl=url, MessageBody=f"{group}{i}", MessageGroupId=group,
                             MessageDeduplicationId=f"{group}{i}") for i in range(3) for group in "ab"]
    numbers = [one["SequenceNumber"] for one in sent]
    expect(numbers, sorted(numbers), "the sequence")
    again = sqs.send_message(QueueUrl=url, MessageBody="a0", MessageGroupId="a", MessageDeduplicationId="a0")
    expect(again["MessageId"], sent[0]["MessageId"], "what was sent before")
    got, groups = [], {"a": [], "b": []}
    end = time.monotonic() + PATIENCE_S
    while len(got) < 6 and time.monotonic() < end:
        for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1,
                                       AttributeNames=["All"]).get("Messages", []):
            got.append(one)
            groups[one["Attributes"]["MessageGroupId"]].append(one["Body"])
            expect(one["Attributes"]["MessageDeduplicationId"], one["Body"])
            assert one["Attributes"]["SequenceNumber"] in numbers, one
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    expect(groups, {"a": ["a0", "a1", "a2"], "b": ["b0", "b1", "b2"]})
    for i in range(2):
        sqs.send_message(QueueUrl=url, MessageBody=f"c{i}", MessageGroupId="c", MessageDeduplicationId=f"c{i}")
    first = drain(sqs, url, 1, VisibilityTimeout=60) if False else sqs.receive_message(QueueUrl=url, VisibilityTimeout=60)
    expect([one["Body"] for one in first["Messages"]], ["c0"])
    assert "Messages" not in sqs.receive_message(QueueUrl=url), "a group's next came before its time"
    by_body = sqs.create_queue(QueueName="body.fifo", Attributes={"FifoQueue": "true",
                                                                  "ContentBasedDeduplication": "true"})["QueueUrl"]
    ids = {sqs.send_message(QueueUrl=by_body, MessageBody="same", MessageGroupId="g")["MessageId"] for _ in range(3)}
    expect(len(ids), 1, "messages of one body")


@test
def dead_letters_go_there_and_back(place):
    sqs = place.sqs
    dead = sqs.create_queue(QueueName="jobs-dead")["QueueUrl"]
    arn = "arn:aws:sqs:us-east-1:000000000000:jobs-dead"
    policy = {"deadLetterTargetArn": arn, "maxReceiveCount": "2"}
    url = sqs.create_queue(QueueName="jobs", Attributes={"RedrivePolicy": json.dumps(policy)})["QueueUrl"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]["RedrivePolicy"]
    expect(json.loads(told), dict(policy, maxReceiveCount=2))
    expect(sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [url])
    sqs.send_message(QueueUrl=url, MessageBody="fails")
    for _ in range(2):
        drain(sqs, url, 1, VisibilityTimeout=0)
    assert "Messages" not in sqs.receive_message(QueueUrl=url), "it came a third time"
    message = drain(sqs, dead, 1, VisibilityTimeout=0, MessageSystemAttributeNames=["DeadLetterQueueSourceArn"])[0]
    expect(message["Body"], "fails")
    expect(message["Attributes"], {"DeadLetterQueueSourceArn": "arn:aws:sqs:us-east-1:000000000000:jobs"})
    refused("InvalidParameterValue", sqs.start_message_move_task, SourceArn="arn:aws:sqs:us-east-1:000000000000:jobs")
    handle = sqs.start_message_move_task(SourceArn=arn)["TaskHandle"]
    tasks = sqs.list_message_move_tasks(SourceArn=arn)["Results"]
    expect([(one["Status"], one["ApproximateNumberOfMessagesMoved"]) for one in tasks], [("COMPLETED", 1)])
    refused("ResourceNotFoundException", sqs.cancel_message_move_task, TaskHandle=handle)
    expect(drain(sqs, url, 1)[0]["Body"], "fails")
    refused("InvalidParameterValue", sqs.create_queue, QueueName="no-dead", Attributes={
        "RedrivePolicy": json.dumps(dict(policy, deadLetterTargetArn=arn + "-not"))})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": ""})
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert "RedrivePolicy" not in told, told
    assert not sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"]


@test
def queues_are_listed_by_pages(place):
    sqs = place.sqs
    urls = [sqs.create_queue(QueueName=f"page-{i}")["QueueUrl"] for i in range(5)]
    expect(sqs.list_queues(QueueNamePrefix="page-")["QueueUrls"], urls)
    pages = list(sqs.get_paginator("list_queues").paginate(QueueNamePrefix="page-", PaginationConfig={"PageSize": 2}))
    expect([len(page["QueueUrls"]) for page in pages], [2, 2, 1])
    expect([url for page in pages for url in page["QueueUrls"]], urls)
    refused("InvalidParameterValue", sqs.list_queues, NextToken="*", MaxResults=2)
    assert not sqs.list_queues(QueueNamePrefix="nothing-").get("QueueUrls")


@test
def a_queue_is_emptied(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="full")["QueueUrl"]
    for _ in range(3):
        sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "MessageBody": "a"} for i in range(10)])
    sqs.purge_queue(QueueUrl=url)
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    expect(counts["ApproximateNumberOfMessages"], "0")
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


@test
def queues_have_tags(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="tagged", tags={"team": "till"})["QueueUrl"]
    expect(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"team": "till"})
    sqs.tag_queue(QueueUrl=url, Tags={"team": "shop", "cost": "42"})
    expect(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"team": "shop", "cost": "42"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["team", "nothing"])
    expect(sqs.list_queue_tags(QueueUrl=url)["Tags"], {"cost": "42"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["cost"])
    assert "Tags" not in sqs.list_queue_tags(QueueUrl=url)
    refused("InvalidParameterValue", sqs.tag_queue, QueueUrl=url, Tags={"a": "b" * 257})


@test
def permissions_are_said_by_scopes(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="scopes")["QueueUrl"]
    service = "AWS.SimpleQueueService."
    refused(service + "UnsupportedOperation", sqs.add_permission, QueueUrl=url, Label="a",
            AWSAccountIds=["000000000000"], Actions=["*"])
    refused(service + "UnsupportedOperation", sqs.remove_permission, QueueUrl=url, Label="a")
    sender = place.client(*place.person.make_key("queues.send"))
    receiver = place.client(*place.person.make_key("queues.receive"))
    stranger = place.client(*place.person.make_key("messages.read"))
    sender.send_message(QueueUrl=url, MessageBody="a")
    refused("AccessDenied", sender.receive_message, QueueUrl=url)
    refused("AccessDenied", sender.create_queue, QueueName="mine")
    expect(len(drain(receiver, url, 1)), 1)
    refused("AccessDenied", receiver.send_message, QueueUrl=url, MessageBody="a")
    refused("AccessDenied", receiver.delete_queue, QueueUrl=url)
    expect(receiver.get_queue_url(QueueName="scopes")["QueueUrl"], url)
    refused("AccessDenied", stranger.list_queues)


@test
def signatures_are_checked(place):
    key, secret = place.key
    failure = refused("SignatureDoesNotMatch", place.client(key, secret[:-1] + "x").list_queues)
    expect(failure.response["ResponseMetadata"]["HTTPStatusCode"], 403)
    refused("InvalidClientTokenId", place.client("key_01KAH0XVK4A9N3FYJ0T8Q5RWZC", secret).list_queues)
    refused("InvalidClientTokenId", place.client("AKIDEXAMPLE", secret).list_queues)
    refused("InvalidClientTokenId", place.client(key, secret, aws_session_token="temporary").list_queues)
    now = botocore.auth.get_current_datetime
    for minutes, code in ((-16, "RequestExpired"), (16, "RequestExpired"), (-14, None), (14, None)):
        botocore.auth.get_current_datetime = lambda *a, **k: now(*a, **k) + datetime.timedelta(minutes=minutes)
        try:
            if code:
                refused(code, place.sqs.list_queues)
            else:
                place.sqs.list_queues()
        finally:
            botocore.auth.get_current_datetime = now
    for headers, status, code in (({}, 401, "MissingAuthenticationToken"),
                                  ({"Authorization": "AWS4-HMAC-SHA256 Credential=a"}, 403, "IncompleteSignature")):
        request = urllib.request.Request(place.endpoint, b"{}", dict(headers, **{"X-Amz-Target": "AmazonSQS.ListQueues"}))
        try:
            urllib.request.urlopen(request)
            raise AssertionError("it was let in")
        except urllib.error.HTTPError as failure:
            expect(failure.code, status)
            expect(json.loads(failure.read())["__type"], "com.amazonaws.sqs#" + code)
            assert failure.headers["x-amzn-query-error"] == code + ";Sender", failure.headers


def changed(name, change):
    """A client whose request is changed after it was signed."""
    def make(place):
        sqs = place.client(*place.key)
        sqs.meta.events.register("before-send.sqs", lambda request, **_: change(request))
        return sqs
    make.__name__ = name
    return make


@test
def what_is_changed_on_its_way_is_refused(place):
    sqs = place.sqs
    url = sqs.create_queue(QueueName="changed")["QueueUrl"]

    def body(request):
        request.body = request.body.replace(b"honest", b"forged")

    def target(request):
        request.headers["X-Amz-Target"] = "AmazonSQS.PurgeQueue"

    def date(request):
        moved = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=60)
        request.headers["X-Amz-Date"] = moved.strftime("%Y%m%dT%H%M%SZ")

    def query(request):
        request.url += "?a=b"

    for name, change in (("body", body), ("target", target), ("date", date), ("query", query)):
        other = changed(name, change)(place)
        failure = refused("SignatureDoesNotMatch", other.send_message, QueueUrl=url, MessageBody="honest")
        expect(failure.response["ResponseMetadata"]["HTTPStatusCode"], 403, name)
    other = changed("unsigned", lambda request: request.headers.__setitem__("X-Amz-More", "1"))(place)
    refused("IncompleteSignature", other.send_message, QueueUrl=url, MessageBody="honest")
    assert "Messages" not in sqs.receive_message(QueueUrl=url), "a forged message was taken"


@test
def other_bodies_and_actions_are_refused(place):
    def raw(body, target="AmazonSQS.ListQueues"):
        sqs = place.client(*place.key)

        def change(request, **_):
            request.data = body
            request.headers.replace_header("X-Amz-Target", target)
        sqs.meta.events.register("before-sign.sqs", change)
        return sqs
    refused("SerializationException", raw(b"{").list_queues)
    refused("SerializationException", raw(b"[]").list_queues)
    refused("SerializationException", raw(b'{"MaxResults":"ten"}').list_queues)
    refused("InvalidAction", raw(b"{}", "AmazonSQS.Nothing").list_queues)
    refused("InvalidAction", raw(b"{}", "DynamoDB_20120810.ListTables").list_queues)
    refused("MissingParameter", raw(b"{}", "AmazonSQS.SendMessage").list_queues)


@test
def a_revoked_key_opens_nothing(place):
    key, secret = place.person.make_key(EVERYTHING)
    sqs = place.client(key, secret)
    sqs.list_queues()
    place.person.post("/admin/keys/revoke", form_token=place.person.token("/admin/keys"), id=key)
    refused("InvalidClientTokenId", sqs.list_queues)


def aws(place, *words):
    done = subprocess.run([sys.executable, os.environ["AWS"], "sqs", *words, "--endpoint-url", place.endpoint],
                          capture_output=True, text=True, env=environment_of(place))
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None, done.stderr


def environment_of(place):
    home = place.data.name
    return dict(os.environ, AWS_ACCESS_KEY_ID=place.key[0], AWS_SECRET_ACCESS_KEY=place.key[1],
                AWS_DEFAULT_REGION="us-east-1", HOME=home, AWS_PAGER="", ENDPOINT=place.endpoint)


@test
def the_aws_command_speaks_to_a_queue(place):
    status, said, words = aws(place, "create-queue", "--queue-name", "command")
    expect(status, 0, words)
    url = said["QueueUrl"]
    status, said, words = aws(place, "send-message", "--queue-url", url, "--message-body", "from a shell",
                              "--message-attributes", '{"a":{"DataType":"String","StringValue":"b"}}')
    expect(status, 0, words)
    expect(said["MD5OfMessageBody"], hashlib.md5(b"from a shell").hexdigest())
    status, said, words = aws(place, "receive-message", "--queue-url", url, "--wait-time-seconds", "5",
                              "--message-attribute-names", "All")
    expect(status, 0, words)
    expect(said["Messages"][0]["Body"], "from a shell")
    status, said, words = aws(place, "delete-message", "--queue-url", url, "--receipt-handle",
                              said["Messages"][0]["ReceiptHandle"])
    expect(status, 0, words)
    status, said, words = aws(place, "list-queues", "--queue-name-prefix", "comm", "--page-size", "1")
    expect(said["QueueUrls"], [url])
    status, said, words = aws(place, "get-queue-url", "--queue-name", "nothing")
    assert status and "NonExistentQueue" in words, words


def run_sdk(place):
    """The other SDK's tests are lines of their own."""
    done = subprocess.run(["node", os.path.join(os.path.dirname(os.path.abspath(__file__)), "sqs_peers.js")],
                          capture_output=True, text=True, env=dict(environment_of(place), NODE_PATH=os.environ["SDK"]))
    sys.stdout.write(done.stdout)
    if done.returncode or "ok - " not in done.stdout:
        sys.stdout.write("".join(f"# {line}\n" for line in done.stderr.splitlines()))
        print("not ok - the JavaScript SDK's tests ran to their end")
        return 1
    return 0


def main():
    global failures
    place = BotoPlace(sys.argv[1])
    try:
        for one in tests:
            name = one.__name__.replace("_", " ")
            try:
                one(place)
                print(f"ok - {name}", flush=True)
            except Exception as failure:  # whatever it is, it is the finding
                failures += 1
                where = failure.__traceback__
                while where.tb_next and where.tb_next.tb_frame.f_code.co_filename == __file__:
                    where = where.tb_next
                print(f"# line {where.tb_lineno}: {type(failure).__name__}: {failure}\nnot ok - {name}", flush=True)
        failures += run_sdk(place)
    finally:
        place.close()
    sys.exit(failures > 0)


main()
