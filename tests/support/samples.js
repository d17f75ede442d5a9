// What broach makes of the published samples, against EXPECT.json.   usage: samples.js FORMATS_DIR PENDING_FILE
// Prints "ok - what" / "not ok - what" lines. BROACH and BUILD name the programs. PENDING_FILE has a sample a line whose
// reader has not landed yet: it must still fail, so that the list shrinks.
"use strict";
const fs = require("fs"), path = require("path"), { spawnSync } = require("child_process");
const [dir, pendingFile] = process.argv.slice(2);
const expect = JSON.parse(fs.readFileSync(path.join(dir, "EXPECT.json"), "utf8"));
const pending = new Set(fs.readFileSync(pendingFile, "utf8").split("\n").map((l) => l.trim()).filter((l) => l && !l.startsWith("#")));
const roleFlags = (process.env.SAMPLE_FLAGS || "").split(" ").filter(Boolean);

function run(program, args) {
    const r = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 30 });
    return { status: r.status, out: r.stdout, err: r.stderr };
}
function ingest(db, paths) {
    return run(process.env.BROACH, ["ingest", "--db", db, "--mask", "none", ...roleFlags, ...paths]);
}
function dump(db) {
    const r = run(path.join(process.env.BUILD, "tests/dump_store"), [db]);
    if (r.status !== 0) return [];
    return r.out.split("\n").filter(Boolean).map((l) => JSON.parse(l));
}
const squeeze = (s) => s.replace(/\s+/g, " ").trim();
const tight = (s) => s.replace(/\s+/g, "");

// What EXPECT's notes leave open, and nothing else.
const open = {
    "aws_transcribe/bbc_todayinfocus_speakerlabels.json": { turns: "words", last: "role" }, // "check words (total) and speaker set only"
    "vcon/fake_18b0f9b0-9bae-47ce-9862-9441f64133bc.vcon.json": { turns: [1, 13], last: "role" }, // "1 unlabelled turn or 13 unknown paragraphs"
    "speechmatics/batch-job-transcript.json": { text: tight }, // "words run together if it is obeyed"
    "deepgram/dg_utterances.json": { time: "any" }, // "time of transcription, NOT of the call"
    "deepgram/dg_speakers.json": { time: "any" },
    "aws_contact_lens/chat_docs_original.json": { time: ["2022-10-27T03:31:50.735Z", "2022-10-27T03:31:53.390Z"] },
    "aws_pca/testfile.json": { time: ["2021-11-25T18:35:14.215Z"] }, // local time of America/New_York
    "email/mail_test_14.eml": { time: ["2019-04-24T08:05:02Z"] },
    // Nine chats, but rows without a message are no turns, and what has no turn is no conversation here.
    "zendesk/ticket_chat_event_data.csv": { conversations: "with turns" },
};

function instant(text) { // an instant without a zone is UTC
    const t = text.replace(" ", "T").replace(/(\.\d{3})\d+/, "$1");
    return Date.parse(/Z$|[+-]\d\d:?\d\d$/.test(t) || t.length === 10 ? t : t + "Z");
}
const near = (a, b) => Math.abs(a - b) <= 1;

function checkTurn(what, want, turn, fold, bad) {
    if (turn === undefined) return bad.push(`${what}: no such turn`);
    const text = fold(turn.text), wanted = fold(want.text);
    if (wanted.length >= 100 ? !text.startsWith(wanted) : text !== wanted)
        bad.push(`${what} text: want ${JSON.stringify(wanted)}, got ${JSON.stringify(text.slice(0, 130))}`);
    if (turn.role !== want.role) bad.push(`${what} role: want ${want.role}, got ${turn.role}`);
    if (want.start_ms !== null && want.start_ms !== undefined && !near(turn.start_ms ?? NaN, want.start_ms))
        bad.push(`${what} start_ms: want ${want.start_ms}, got ${turn.start_ms}`);
}
function checkTime(want, c, free, bad) {
    if (free === "any" || !want) return;
    const allowed = (free || [want]).map(instant);
    if (allowed.some(Number.isNaN)) return bad.push(`EXPECT time not understood: ${want}`);
    if (!allowed.some((t) => near(t, c.started_ms ?? NaN)))
        bad.push(`started_at: want ${free || want}, got ${c.started_ms === null ? null : new Date(c.started_ms).toISOString()}`);
}
function check(name, want, got, conversations) {
    const bad = [], free = open[name] || {}, fold = free.text || squeeze;
    if (want.must) { // refused, with a message and the place
        if (got.status === 0) bad.push("it was not refused");
        if (!/line \d+|byte \d+/.test(got.err)) bad.push(`no place in: ${got.err.trim()}`);
        return bad;
    }
    if (want.bad_records && !/line \d+|byte \d+/.test(got.err)) bad.push("the bad record is not told with its place");
    if (!want.bad_records && got.status !== 0) bad.push(`exit status ${got.status}: ${got.err.trim().slice(0, 300)}`);
    const turns = conversations.flatMap((c) => c.turns), roles = {};
    for (const t of turns) roles[t.role] = (roles[t.role] || 0) + 1;
    if (free.conversations !== "with turns" && conversations.length !== want.conversations)
        bad.push(`conversations: want ${want.conversations}, got ${conversations.length}`);
    if (free.turns === "words") {
        const words = turns.reduce((n, t) => n + squeeze(t.text).split(" ").length, 0);
        if (words !== want.extra.words) bad.push(`words: want ${want.extra.words}, got ${words}`);
        if (Object.keys(roles).some((r) => !(r in want.by_role))) bad.push(`roles: ${JSON.stringify(roles)}`);
    } else if (free.turns) {
        if (!free.turns.includes(turns.length)) bad.push(`turns: want one of ${free.turns}, got ${turns.length}`);
    } else {
        if (turns.length !== want.turns) bad.push(`turns: want ${want.turns}, got ${turns.length}`);
        for (const r of new Set([...Object.keys(roles), ...Object.keys(want.by_role)]))
            if ((roles[r] || 0) !== (want.by_role[r] || 0)) bad.push(`${r} turns: want ${want.by_role[r] || 0}, got ${roles[r] || 0}`);
    }
    const find = (id, fallback) => (id === null || id === undefined ? fallback : conversations.find((c) => c.id === id || c.id.endsWith(id)) ||
        conversations.find((c) => c.id.includes(id)));
    if (want.first && want.first.text !== undefined) {
        const c = find(want.first.conversation_id, conversations[0]);
        if (!c) bad.push(`no conversation ${want.first.conversation_id}: ${conversations.slice(0, 3).map((x) => x.id)}`);
        else {
            checkTurn("first", want.first, c.turns[0], fold, bad);
            checkTime(want.first.started_at, c, free.time, bad);
        }
    }
    if (want.last && want.last.text !== undefined && !free.last) {
        const c = find(want.last.conversation_id, conversations[conversations.length - 1]);
        if (c) checkTurn("last", { ...want.last, start_ms: want.last.start_ms }, c.turns[c.turns.length - 1], fold, bad);
        else bad.push(`no conversation ${want.last.conversation_id}`);
    }
    return bad;
}

const all = new Set();
for (const name of Object.keys(expect)) {
    const db = "alone.db";
    for (const f of [db, db + "-wal", db + "-shm", db + ".lock"]) fs.rmSync(f, { force: true });
    const got = ingest(db, [path.join(dir, "samples", name)]);
    const conversations = dump(db);
    for (const c of conversations) all.add(c.source + "\0" + c.id);
    const bad = check(name, expect[name], got, conversations);
    if (pending.has(name)) {
        if (bad.length === 0) console.log(`not ok - ${name} holds now: strike it from the list of pending samples`);
        continue;
    }
    console.log(`${bad.length === 0 ? "ok" : "not ok"} - ${name}`);
    for (const b of bad) console.log(`# ${b}`);
}
for (const name of pending) if (!(name in expect)) console.log(`not ok - pending: there is no sample ${name}`);

// All of them in one folder, in one run: the same conversations; and again: nothing changes.
fs.rmSync("all.db", { force: true });
const samples = path.join(dir, "samples");
const first = ingest("all.db", [samples]), mixed = dump("all.db");
const found = new Set(mixed.map((c) => c.source + "\0" + c.id));
const lost = [...all].filter((x) => !found.has(x)), more = mixed.filter((c) => !all.has(c.source + "\0" + c.id) &&
    process.env.SAMPLE_EXTRA !== "" && !new RegExp(process.env.SAMPLE_EXTRA || "^$").test(c.source));
if (all.size === 0) console.log("not ok - no sample gives any conversation");
console.log(`${lost.length === 0 ? "ok" : "not ok"} - all samples mixed: every conversation that a sample gives alone is there (${all.size})`);
for (const x of lost.slice(0, 10)) console.log(`# lost: ${x.replace("\0", " ")}`);
console.log(`${more.length === 0 ? "ok" : "not ok"} - all samples mixed: and no other`);
for (const c of more.slice(0, 10)) console.log(`# more: ${c.source} ${c.id}`);
if (first.status > 1) console.log(`not ok - all samples mixed: exit status ${first.status}\n# ${first.err.slice(0, 500)}`);
const before = JSON.stringify(mixed);
ingest("all.db", [samples]);
console.log(`${JSON.stringify(dump("all.db")) === before ? "ok" : "not ok"} - all samples mixed: a second run changes nothing`);
