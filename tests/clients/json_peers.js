// Compares what json_peer printed (standard input) with this engine's JSON.parse, as TAP.
//
// Where Stoa refuses on purpose what JSON.parse takes, justified says why.
'use strict';
const { isDeepStrictEqual } = require('node:util');

const justified = {
    'each name once in an object': 'readers disagree on which of two counts',
    'half a surrogate pair is none': 'UTF-8 cannot say it',
    'levels may be nested': 'the depth has a limit',
};
const least = { T: 250, M: 2000 };
const shownMax = 10;
// JSON.parse is given characters: what is not UTF-8 is refused before, a byte order mark is kept.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function* records(bytes) {
    for (let at = 0; at < bytes.length;) {
        const line = bytes.indexOf(10, at);
        const size = Number(bytes.toString('latin1', at + 1, line));
        yield [String.fromCharCode(bytes[at]), bytes.subarray(line + 1, line + 1 + size)];
        at = line + size + 2;
    }
}

function read(bytes) {
    try {
        return { value: JSON.parse(utf8.decode(bytes)) };
    } catch {
        return null;
    }
}

function wrong(text, accepted, answer) {
    const theirs = read(text);
    if (accepted && !theirs) return 'JSON.parse refuses it';
    if (!accepted && theirs) {
        const words = answer.toString();
        if (Object.keys(justified).some((reason) => words.includes(reason))) return null;
        return `JSON.parse takes it; Stoa says: ${words}`;
    }
    if (accepted && !isDeepStrictEqual(theirs, read(answer)))
        return 'JSON.parse reads another value in what Stoa writes';
    return null;
}

const seen = { T: 0, M: 0 }, taken = { T: 0, M: 0 }, bad = { T: [], M: [] };
const all = [...records(require('node:fs').readFileSync(0))];
for (let i = 0; i < all.length; i += 2) {
    const [kind, text] = all[i], [verdict, answer] = all[i + 1];
    const accepted = verdict === 'A', why = wrong(text, accepted, answer);
    seen[kind] += 1;
    taken[kind] += accepted;
    if (why) bad[kind].push(`${JSON.stringify(text.toString('latin1', 0, 200))}: ${why}`);
}
for (const [kind, name] of [['T', 'texts of the table'], ['M', 'texts made by chance']]) {
    for (const line of bad[kind].slice(0, shownMax)) console.log('#', line);
    const both = taken[kind] > 0 && taken[kind] < seen[kind];
    const fine = !bad[kind].length && seen[kind] >= least[kind] && both;
    const counted = `${seen[kind]} ${name}, ${taken[kind]} of them taken`;
    console.log(`${fine ? 'ok' : 'not ok'} - node ${process.version} agrees on ${counted}`);
}
