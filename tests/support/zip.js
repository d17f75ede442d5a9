// A zip file of files, stored as they are.   usage: zip.js OUT [NAME FILE]...
"use strict";
const fs = require("fs"), zlib = require("zlib");
const table = Array.from({ length: 256 }, (_, i) => { for (let k = 0; k < 8; k++) i = i & 1 ? (i >>> 1) ^ 0xedb88320 : i >>> 1; return i >>> 0; });
const crc32 = (b) => { let c = 0xffffffff; for (const x of b) c = table[(c ^ x) & 255] ^ (c >>> 8); return (c ^ 0xffffffff) >>> 0; };
const [out, ...rest] = process.argv.slice(2);
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
end.writeUInt16LE(n, 8); end.writeUInt16LE(n, 10); end.writeUInt32LE(dir.length, 12); end.writeUInt32LE(at, 16);
fs.writeFileSync(out, Buffer.concat([...parts, dir, end]));
