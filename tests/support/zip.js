// A zip file of files.   usage: zip.js OUT [NAME FILE]...   or: zip.js OUT @LIST, a file with lines NAME, tab, FILE
"use strict";
const fs = require("fs"), zlib = require("zlib");
const table = Array.from({ length: 256 }, (_, i) => { for (let k = 0; k < 8; k++) i = i & 1 ? (i >>> 1) ^ 0xedb88320 : i >>> 1; return i >>> 0; });
const crc32 = (b) => { let c = 0xffffffff; for (const x of b) c = table[(c ^ x) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
let [out, ...rest] = process.argv.slice(2);
if (rest.length === 1 && rest[0][0] === "@") rest = fs.readFileSync(rest[0].slice(1), "utf8").split("\n").filter(Boolean).flatMap((l) => l.split("\t"));
const parts = [], central = [];
let at = 0, n = 0;
for (let i = 0; i + 1 < rest.length; i += 2, n++) {
    const name = Buffer.from(rest[i]), raw = fs.readFileSync(rest[i + 1]), data = zlib.deflateRawSync(raw);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0); head.writeUInt16LE(0x800, 2); head.writeUInt16LE(8, 4); head.writeUInt16LE(0x21, 8);
    head.writeUInt32LE(crc32(raw), 10); head.writeUInt32LE(data.length, 14); head.writeUInt32LE(raw.length, 18);
    head.writeUInt16LE(name.length, 22);
    parts.push(Buffer.from("PK\x03\x04", "latin1"), head, name, data);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    central.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), head, tail, name);
    at += 30 + name.length + data.length;
}
const dir = Buffer.concat(central), end = Buffer.alloc(22);
end.write("PK\x05\x06", "latin1");
let big = [];
if (n > 0xffff) { // more members than the old form can count
    const record = Buffer.alloc(56), locator = Buffer.alloc(20);
    record.write("PK\x06\x06", "latin1");
    record.writeBigUInt64LE(44n, 4); record.writeUInt16LE(45, 12); record.writeUInt16LE(45, 14);
    record.writeBigUInt64LE(BigInt(n), 24); record.writeBigUInt64LE(BigInt(n), 32);
    record.writeBigUInt64LE(BigInt(dir.length), 40); record.writeBigUInt64LE(BigInt(at), 48);
    locator.write("PK\x06\x07", "latin1");
    locator.writeBigUInt64LE(BigInt(at + dir.length), 8); locator.writeUInt32LE(1, 16);
    big = [record, locator];
}
const shown = Math.min(n, 0xffff);
end.writeUInt16LE(shown, 8); end.writeUInt16LE(shown, 10); end.writeUInt32LE(dir.length, 12); end.writeUInt32LE(at, 16);
fs.writeFileSync(out, Buffer.concat([...parts, dir, ...big, end]));
