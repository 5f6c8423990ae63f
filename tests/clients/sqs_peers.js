// What the JavaScript SDK is told by our queues; it counts the sums of what it sends and receives. Prints TAP.
'use strict';
const assert = require('assert');
const { createHash } = require('crypto');
const sdk = require('@aws-sdk/client-sqs');

const endpoint = process.env.ENDPOINT;
const credentials = { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY };
const client = new sdk.SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
const say = (command, input) => client.send(new sdk[command + 'Command'](input));
const make = async (name, more) => (await say('CreateQueue', { QueueName: name, ...more })).QueueUrl;

const tests = {
    async 'a message is sent, received and deleted'() {
        const url = await make('js');
        const attributes = { text: { DataType: 'String', StringValue: 'größer' },
            photo: { DataType: 'Binary', BinaryValue: Uint8Array.from([0, 1, 2, 255]) } };
        const sent = await say('SendMessage', { QueueUrl: url, MessageBody: 'Grüße 🙂', MessageAttributes: attributes });
        assert.strictEqual(sent.MD5OfMessageBody, createHash('md5').update('Grüße 🙂').digest('hex'));
        const got = await say('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 5, MessageAttributeNames: ['All'],
            MessageSystemAttributeNames: ['All'] });
        assert.strictEqual(got.Messages[0].Body, 'Grüße 🙂');
        assert.deepStrictEqual(Array.from(got.Messages[0].MessageAttributes.photo.BinaryValue), [0, 1, 2, 255]);
        assert.strictEqual(got.Messages[0].Attributes.ApproximateReceiveCount, '1');
        assert.strictEqual(got.Messages[0].MD5OfMessageAttributes, sent.MD5OfMessageAttributes);
        await say('DeleteMessage', { QueueUrl: url, ReceiptHandle: got.Messages[0].ReceiptHandle });
    },
    async 'batches fail in part'() {
        const url = await make('js-batch');
        const answer = await say('SendMessageBatch', { QueueUrl: url,
            Entries: [{ Id: 'a', MessageBody: 'one' }, { Id: 'b', MessageBody: 'bad\u0001' }] });
        assert.deepStrictEqual(answer.Successful.map((one) => one.Id), ['a']);
        assert.deepStrictEqual(answer.Failed.map((one) => one.Code), ['InvalidMessageContents']);
    },
    async 'a fifo queue has sequence numbers'() {
        const url = await make('js.fifo', { Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } });
        const first = await say('SendMessage', { QueueUrl: url, MessageBody: 'one', MessageGroupId: 'g' });
        const second = await say('SendMessage', { QueueUrl: url, MessageBody: 'two', MessageGroupId: 'g' });
        assert(BigInt(second.SequenceNumber) > BigInt(first.SequenceNumber));
        const got = await say('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 });
        assert.deepStrictEqual(got.Messages.map((one) => one.Body), ['one', 'two']);
    },
    async 'pages are followed'() {
        for (let i = 0; i < 3; i++) await make('js-page-' + i);
        const pages = sdk.paginateListQueues({ client, pageSize: 2 }, { QueueNamePrefix: 'js-page-' });
        const lengths = [];
        for await (const page of pages) lengths.push(page.QueueUrls.length);
        assert.deepStrictEqual(lengths, [2, 1]);
    },
    async 'who waits is told'() {
        const url = await make('js-wait');
        const waits = say('ReceiveMessage', { QueueUrl: url, WaitTimeSeconds: 20 });
        await new Promise((done) => setTimeout(done, 500));
        await say('SendMessage', { QueueUrl: url, MessageBody: 'here' });
        assert.strictEqual((await waits).Messages[0].Body, 'here');
    },
    async 'faults are exceptions of their kind'() {
        await assert.rejects(say('GetQueueUrl', { QueueName: 'nothing' }), (failure) => {
            assert(failure instanceof sdk.QueueDoesNotExist, failure.name);
            assert.strictEqual(failure.$metadata.httpStatusCode, 400);
            return true;
        });
        const url = await make('js-faults');
        await assert.rejects(say('DeleteMessage', { QueueUrl: url, ReceiptHandle: 'x' }), sdk.ReceiptHandleIsInvalid);
        await assert.rejects(say('SendMessageBatch', { QueueUrl: url, Entries: [] }), sdk.EmptyBatchRequest);
        await assert.rejects(make('js-faults', { Attributes: { DelaySeconds: '9' } }), sdk.QueueNameExists);
    },
    async 'a wrong secret is told'() {
        const other = new sdk.SQSClient({ endpoint, region: 'us-east-1', maxAttempts: 1,
            credentials: { ...credentials, secretAccessKey: 'wrong' } });
        await assert.rejects(other.send(new sdk.ListQueuesCommand({})), { name: 'SignatureDoesNotMatch' });
    },
};

(async () => {
    let failed = 0;
    for (const [name, run] of Object.entries(tests)) {
        try {
            await run();
            console.log(`ok - JavaScript: ${name}`);
        } catch (failure) {
            failed++;
            console.log(`# ${String(failure.stack).replace(/\n/g, '\n# ')}\nnot ok - JavaScript: ${name}`);
        }
    }
    process.exit(failed ? 1 : 0);
})();
