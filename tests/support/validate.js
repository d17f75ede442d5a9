// Check JSON Lines against a JSON Schema (draft-07): node validate.js SCHEMA FILE
// Prints what does not fit, with its line; exit status 0 (all fit), 1 (some do not), 2 (cannot tell).
'use strict';
const fs = require('fs');

let Ajv;
try {
    Ajv = require('ajv');
} catch (e) {
    console.log('no ajv: ' + e.message.split('\n')[0]);
    process.exit(2);
}
const [schemaPath, path] = process.argv.slice(2);
const Class = Ajv.default || Ajv;
const validate = new Class({ allErrors: true }).compile(JSON.parse(fs.readFileSync(schemaPath, 'utf8')));
const lines = fs.readFileSync(path, 'utf8').split('\n');
if (lines.pop() !== '') {
    console.log('the last line does not end');
    process.exit(1);
}
let bad = 0;
lines.forEach((line, i) => {
    let value;
    try {
        value = JSON.parse(line);
    } catch (e) {
        console.log(`line ${i + 1}: no JSON: ${e.message}`);
        bad++;
        return;
    }
    if (!validate(value)) {
        bad++;
        for (const e of validate.errors)
            console.log(`line ${i + 1}: ${e.dataPath || e.instancePath || ''} ${e.message}`);
    }
});
process.exit(bad === 0 ? 0 : 1);
