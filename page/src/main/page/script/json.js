/*
 * Canonical JSON (docs/formats.md, Conventions; RFC 8785). A text is scanned once and refused unless it is its own
 * canonical form: no white space, members in ascending order of UTF-16 code units (so none twice), the one escape for
 * each character, integers only. Objects have no prototype, so that a member called __proto__ is a member.
 */

const DEPTH_MAX = 64;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)/y;
const ESCAPES = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', '\\': '\\' };

class CanonicalScan {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail(what) {
    throw new Malformed('is not canonical JSON: ' + what + ' at byte ' + utf8(this.text.substr(0, this.at)).length);
  }

  document() {
    const value = this.value(0);
    if (this.at !== this.text.length) {
      this.fail('bytes after the end of the value');
    }
    return value;
  }

  value(depth) {
    if (depth > DEPTH_MAX) {
      this.fail('more than ' + DEPTH_MAX + ' levels');
    }
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
      case 't':
        return this.literal('true', true);
      case 'f':
        return this.literal('false', false);
      case 'n':
        return this.fail('null, which is never written');
      default:
        return this.number();
    }
  }

  literal(word, value) {
    if (!this.text.startsWith(word, this.at)) {
      this.fail('no value');
    }
    this.at += word.length;
    return value;
  }

  object(depth) {
    const out = Object.create(null);
    this.at++;
    if (this.text[this.at] === '}') {
      this.at++;
      return out;
    }
    let last = null;
    for (;;) {
      if (this.text[this.at] !== '"') {
        this.fail('no member name');
      }
      const name = this.string();
      if (last !== null && name <= last) {
        this.fail(name === last ? 'a member twice' : 'members out of order');
      }
      last = name;
      if (this.text[this.at] !== ':') {
        this.fail('no colon');
      }
      this.at++;
      out[name] = this.value(depth + 1);
      const next = this.text[this.at];
      if (next === '}') {
        this.at++;
        return out;
      }
      if (next !== ',') {
        this.fail('no comma and no end of the object');
      }
      this.at++;
    }
  }

  array(depth) {
    const out = [];
    this.at++;
    if (this.text[this.at] === ']') {
      this.at++;
      return out;
    }
    for (;;) {
      out.push(this.value(depth + 1));
      const next = this.text[this.at];
      if (next === ']') {
        this.at++;
        return out;
      }
      if (next !== ',') {
        this.fail('no comma and no end of the array');
      }
      this.at++;
    }
  }

  string() {
    let out = '';
    this.at++;
    for (;;) {
      PLAIN.lastIndex = this.at;
      const plain = PLAIN.exec(this.text)[0];
      out += plain;
      this.at += plain.length;
      const stop = this.text[this.at];
      if (stop === '"') {
        this.at++;
        return out;
      }
      if (stop !== '\\') {
        this.fail(stop === undefined ? 'the text ends in a string' : 'a control character in a string');
      }
      out += this.escape();
    }
  }

  escape() {
    const letter = this.text[this.at + 1];
    if (letter in ESCAPES) {
      this.at += 2;
      return ESCAPES[letter];
    }
    const code = /^\\u00([01][0-9a-f])/.exec(this.text.substr(this.at, 6));
    const character = code ? String.fromCharCode(parseInt(code[1], 16)) : '';
    // Anything a shorter form exists for, or that needs no escape at all, is another spelling of the same text.
    if (!code || '\b\t\n\f\r'.includes(character)) {
      this.fail('an escape that is not the canonical one');
    }
    this.at += 6;
    return character;
  }

  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found) {
      this.fail('no value');
    }
    const next = this.text[this.at + found[0].length];
    if (found[0] === '-0' || (next !== undefined && /[0-9.eE+-]/.test(next)) || !Number.isSafeInteger(Number(found[0]))) {
      this.fail('a number that is no plain integer within ±(2^53 − 1)');
    }
    this.at += found[0].length;
    return Number(found[0]);
  }
}

/** The value of canonical bytes. */
function parseCanonical(bytes) {
  return new CanonicalScan(decodeUtf8(bytes)).document();
}

function parseCanonicalObject(bytes) {
  const value = parseCanonical(bytes);
  if (!isObject(value)) {
    throw new Malformed('is not a JSON object');
  }
  return value;
}

/** The canonical text of a value. JSON.stringify escapes strings as RFC 8785 asks, and all numbers here are integers. */
function jcs(value) {
  if (Array.isArray(value)) {
    return '[' + value.map(jcs).join(',') + ']';
  }
  if (typeof value === 'object') {
    const members = Object.keys(value).filter((name) => value[name] !== undefined).sort(byBytes);
    return '{' + members.map((name) => JSON.stringify(name) + ':' + jcs(value[name])).join(',') + '}';
  }
  return JSON.stringify(value);
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/* Reading members. Each refuses what has not the type it asks for, and names the member. */

/** Refuses an object that lacks one of these members or has another; a name with `?` may be absent. */
function requireMembers(object, ...names) {
  const known = new Set(names.map((name) => name.replace('?', '')));
  for (const name of Object.keys(object)) {
    if (!known.has(name)) {
      throw new Malformed("has the unknown member '" + shorten(name, 60) + "'");
    }
  }
  for (const name of names) {
    if (!name.endsWith('?') && !(name in object)) {
      throw new Malformed("lacks the member '" + name + "'");
    }
  }
  return object;
}

function typed(object, name, what, test) {
  const value = object[name];
  if (!test(value)) {
    throw new Malformed("'" + name + "' is not " + what);
  }
  return value;
}

function textOf(object, name) {
  return typed(object, name, 'a string', (value) => typeof value === 'string');
}

function numberOf(object, name) {
  return typed(object, name, 'a number', (value) => typeof value === 'number');
}

/** Sequences, sizes and counts. */
function countOf(object, name) {
  return typed(object, name, 'a number of 0 or more', (value) => typeof value === 'number' && value >= 0);
}

function booleanOf(object, name) {
  return typed(object, name, 'true or false', (value) => typeof value === 'boolean');
}

function objectOf(object, name) {
  return typed(object, name, 'an object', isObject);
}

function arrayOf(object, name) {
  return typed(object, name, 'an array', Array.isArray);
}

function objectsOf(object, name) {
  return typed(object, name, 'an array of objects', (value) => Array.isArray(value) && value.every(isObject));
}

function textsOf(object, name) {
  return typed(object, name, 'an array of strings', (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'));
}

/** A SHA-256 value in hex. */
function digestOf(object, name) {
  return typed(object, name, '64 lower-case hexadecimal digits', (value) => isHex(value, 32));
}

function base64Of(object, name) {
  try {
    return fromBase64(textOf(object, name));
  } catch (wrong) {
    throw new Malformed("'" + name + "' " + wrong.message);
  }
}

/** A Merkle hash: base64 of 32 bytes. */
function hashFrom(text) {
  const bytes = fromBase64(text);
  if (bytes.length !== 32) {
    throw new Malformed('is a hash of ' + bytes.length + ' bytes, not of 32');
  }
  return bytes;
}

/** A list of Merkle hashes; no tree of 2^53 leaves has a longer path. */
function hashesOf(object, name) {
  const texts = textsOf(object, name);
  if (texts.length > 64) {
    throw new Malformed("'" + name + "' has " + texts.length + ' hashes, more than 64');
  }
  return texts.map(hashFrom);
}

const TIME = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/;

/** Whether the text is a time that exists, in the one form `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
function isTime(text) {
  if (typeof text !== 'string' || !TIME.test(text)) {
    return false;
  }
  const millis = Date.parse(text);
  return !Number.isNaN(millis) && !text.startsWith('0000') && new Date(millis).toISOString() === text;
}

function timeOf(object, name) {
  return typed(object, name, 'a time like 2026-11-22T01:02:03.123Z', isTime);
}
