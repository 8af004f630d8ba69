/*
 * Signed notes, checkpoints, cosignatures and policies (docs/formats.md section 6): C2SP signed-note, tlog-checkpoint,
 * tlog-cosignature, tlog-policy. The signature lines of keys that were not given say nothing and are counted.
 */

const NOTE_LINES_MAX = 64;

/** `{text, lines: [{name, id (8 hex), signature}]}`, text with its last line end. */
function parseNote(bytes) {
  const whole = decodeUtf8(bytes);
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole)) {
    throw new Malformed('has control characters');
  }
  const split = whole.lastIndexOf('\n\n');
  if (split < 0 || !whole.endsWith('\n') || split + 2 === whole.length) {
    throw new Malformed('is not a signed note: a text, an empty line, signature lines');
  }
  const lines = whole.substring(split + 2, whole.length - 1).split('\n').map(parseNoteLine);
  if (lines.length > NOTE_LINES_MAX) {
    throw new Malformed('has more than ' + NOTE_LINES_MAX + ' signature lines');
  }
  if (new Set(lines.map((line) => line.name + ' ' + line.id)).size !== lines.length) {
    throw new Malformed('has two lines by one key');
  }
  return { text: whole.substring(0, split + 1), lines };
}

function parseNoteLine(line) {
  const found = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line);
  if (!found || !isKeyName(found[1])) {
    throw new Malformed("has a line that is no signature line: '" + shorten(line, 60) + "'");
  }
  const bytes = fromBase64(found[2]);
  if (bytes.length < 5) {
    throw new Malformed('has a signature line without a signature');
  }
  return { name: found[1], id: hex(bytes.subarray(0, 4)), signature: bytes.subarray(4), line };
}

function isKeyName(name) {
  return name.length > 0 && !/[\s+]/u.test(name);
}

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key). */
function noteKeyId(name, type, key) {
  return hex(sha256(utf8(name + '\n'), Uint8Array.of(type), key).subarray(0, 4));
}

/** The three lines of a checkpoint of ours: no extension lines. */
function parseCheckpoint(text) {
  const lines = text.split('\n');
  if (lines.length !== 4 || lines[3] !== '') {
    throw new Malformed('is not a checkpoint of three lines');
  }
  return { origin: lines[0], size: decimal(lines[1]), root: hashFrom(lines[2]) };
}

/**
 * Opens a checkpoint of a log: its text, and the log's own line, which comes first. A line with the name and id of a
 * log key that does not hold refuses the whole note.
 */
async function openCheckpoint(bytes, log, ring) {
  const note = parseNote(bytes);
  const head = parseCheckpoint(note.text);
  if (head.origin !== log.origin) {
    throw new Refused('bad-checkpoint', 'it is of the log ' + head.origin + ', not of ' + log.origin);
  }
  const index = Math.max(0, head.size - 1);
  let own = null;
  const seconds = [];
  for (const key of ring.inForce('log', index)) {
    if (key.algorithm === 'ML_DSA_44') {
      seconds.push({ name: log.origin, id: noteKeyId(log.origin, 6, key.raw()), type: 6, key });
    }
    if (key.algorithm !== 'ED25519_SHA_512') {
      continue;
    }
    const id = noteKeyId(log.origin, 1, key.raw());
    for (const line of note.lines.filter((candidate) => candidate.name === log.origin && candidate.id === id)) {
      if (!(await key.verify(utf8(note.text), line.signature))) {
        throw new Refused('bad-checkpoint', "the log key's signature does not hold");
      }
      own = own || { line, key, id };
    }
  }
  if (own === null) {
    const refused = new Refused('bad-checkpoint', 'no line of it is by a log key in force at its size');
    refused.byNoKnownKey = true;
    throw refused;
  }
  if (note.lines[0] !== own.line) {
    throw new Refused('bad-checkpoint', "the log's own line is not the first");
  }
  head.key = own.key;
  head.text = note.text;
  head.lines = note.lines.length;
  head.others = note.lines.slice(1);
  head.algorithms = ['ED25519_SHA_512'];
  // Lines by the log's ML-DSA keys are no strangers: they have to hold, and a trust file may require one.
  for (const second of seconds) {
    for (const line of head.others.filter((other) => other.name === second.name && other.id === second.id)) {
      if ((await openCosignature(line, second, note.text)) === null) {
        throw new Refused('bad-checkpoint', "the log's second line, by ML-DSA, does not hold");
      }
      head.others = head.others.filter((other) => other !== line);
      head.algorithms = ['ED25519_SHA_512', 'ML_DSA_44'];
    }
  }
  head.suspicion =
    ring.judge('log', own.key.keyid, index) === 'suspect'
      ? 'signed by log key ' + own.key.keyid + ', which the log says was compromised from entry ' + ring.spans.get(own.key.keyid).compromisedFrom + ' on'
      : null;
  return head;
}

const ML_DSA_44_HEAD = '30820532300b06096086480165030403110382052100';

/** A verifier key `name+8 hex id+base64(type ‖ key)`; checked here are Ed25519 (0x01, 0x04) and ML-DSA-44 (0x06). */
function parseVerifierKey(text) {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (!parts) {
    throw new Malformed("is no verifier key: '" + shorten(text, 60) + "'");
  }
  const bytes = fromBase64(parts[3]);
  const type = bytes[0];
  const raw = bytes.subarray(1);
  if (noteKeyId(parts[1], type, raw) !== parts[2]) {
    throw new Malformed('is a verifier key whose id is not that of its key: ' + parts[2]);
  }
  if ((type === 1 || type === 4) && raw.length !== 32) {
    throw new Malformed('is an Ed25519 verifier key of ' + raw.length + ' bytes');
  }
  if (type === 6 && raw.length !== 1312) {
    throw new Malformed('is an ML-DSA-44 verifier key of ' + raw.length + ' bytes');
  }
  const [head, algorithm] = type === 6 ? [ML_DSA_44_HEAD, 'ML_DSA_44'] : [ED25519_HEAD, 'ED25519_SHA_512'];
  const spki = concat(fromHex(head), raw);
  return { name: parts[1], id: parts[2], type, key: new Key('witness', algorithm, hex(sha256(spki)), spki) };
}

/** tlog-policy: the witnesses and what of them is enough. `{asks, logs, met(names) → boolean, witnesses: Map name → vkey}`. */
function parsePolicy(text) {
  const logs = [];
  const witnesses = new Map();
  const groups = new Map();
  let quorum = null;
  for (const raw of text.split('\n')) {
    const words = raw.trim().split(/[ \t]+/);
    if (words[0] === '' || words[0].startsWith('#')) {
      continue;
    }
    const wrong = (why) => new Malformed("has the policy line '" + shorten(raw, 60) + "': " + why);
    const known = (name) => witnesses.has(name) || groups.has(name);
    if (words[0] === 'log' && (words.length === 2 || words.length === 3)) {
      logs.push(parseVerifierKey(words[1]));
    } else if (words[0] === 'witness' && (words.length === 3 || words.length === 4)) {
      if (known(words[1]) || words[1] === 'none') {
        throw wrong('the name is taken');
      }
      witnesses.set(words[1], parseVerifierKey(words[2]));
    } else if (words[0] === 'group' && words.length >= 4) {
      const members = words.slice(3);
      const needed = words[2] === 'any' ? 1 : words[2] === 'all' ? members.length : Number(words[2]);
      if (known(words[1]) || words[1] === 'none' || !members.every(known) || new Set(members).size !== members.length) {
        throw wrong('it names what is not defined, or defines what is');
      }
      if (!Number.isInteger(needed) || needed < 1 || needed > members.length) {
        throw wrong('its threshold cannot be');
      }
      groups.set(words[1], { needed, members });
    } else if (words[0] === 'quorum' && words.length === 2 && quorum === null) {
      if (words[1] !== 'none' && !known(words[1])) {
        throw wrong('it names what is not defined');
      }
      quorum = words[1];
    } else {
      throw wrong('that is no line of a policy');
    }
  }
  if (quorum === null) {
    throw new Malformed('is a policy without a quorum line');
  }
  const holds = (name, present) => {
    const group = groups.get(name);
    return group ? group.members.filter((member) => holds(member, present)).length >= group.needed : present.has(name);
  };
  return { asks: quorum !== 'none', logs, witnesses, met: (present) => quorum === 'none' || holds(quorum, present) };
}

/**
 * When a cosigner saw the checkpoint, in seconds; null where its line does not hold. The line has 8 bytes of time, then a
 * signature: of 0x04 by Ed25519 over `cosignature/v1\ntime N\n` and the text, of 0x06 by ML-DSA-44 over the tree.
 */
async function openCosignature(line, witness, text) {
  if (witness.type !== 4 && witness.type !== 6) {
    throw new NotCheckable('cosignatures of type 0x0' + witness.type.toString(16) + ' cannot be checked in a browser');
  }
  if (line.signature.length <= 8) {
    return null;
  }
  const view = new DataView(line.signature.buffer, line.signature.byteOffset, 8);
  const seconds = view.getUint32(0) * 0x100000000 + view.getUint32(4);
  if (!Number.isSafeInteger(seconds)) {
    return null;
  }
  const signed = witness.type === 4 ? utf8('cosignature/v1\ntime ' + seconds + '\n' + text) : treeMessage(witness.name, seconds, parseCheckpoint(text));
  return (await witness.key.verify(signed, line.signature.subarray(8))) ? seconds : null;
}

/** What tlog-cosignature calls a cosigned_message, for a whole tree: from 0 to its size. */
function treeMessage(name, seconds, { origin, size, root }) {
  const short = (text) => concat(Uint8Array.of(utf8(text).length), utf8(text));
  const long = (number) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint32(0, Math.floor(number / 0x100000000));
    view.setUint32(4, number >>> 0);
    return new Uint8Array(view.buffer);
  };
  return concat(utf8('subtree/v1\n\0'), short(name), long(seconds), short(origin), long(0), long(size), root);
}
