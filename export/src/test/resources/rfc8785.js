// RFC 8785 in twenty lines: every JSON file and line below a directory must be its own canonical form.
const fs = require('fs'), path = require('path');
const canonical = v => v === null || typeof v !== 'object' ? JSON.stringify(v)
  : Array.isArray(v) ? '[' + v.map(canonical).join(',') + ']'
  : '{' + Object.keys(v).sort().map(k => JSON.stringify(k) + ':' + canonical(v[k])).join(',') + '}';
let checked = 0;
const check = (where, text) => {
  checked++;
  if (canonical(JSON.parse(text)) !== text) { console.log('not canonical: ' + where); process.exitCode = 1; }
};
const walk = dir => fs.readdirSync(dir, { withFileTypes: true }).forEach(e => {
  const file = path.join(dir, e.name);
  if (e.isDirectory()) return walk(file);
  const text = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fs.readFileSync(file));
  if (e.name.endsWith('.json')) check(file, text());
  if (e.name.endsWith('.jsonl')) text().replace(/\n$/, '').split('\n').forEach((l, i) => check(file + ':' + (i + 1), l));
});
walk(process.argv[2]);
console.log(checked + ' checked');
