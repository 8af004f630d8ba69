/*
 * Signed notes, checkpoints, cosignatures and policies (docs/formats.md section 6): C2SP signed-note, tlog-checkpoint,
 * tlog-cosignature, tlog-policy. The signature lines of keys that were not given say nothing and are counted.
 */

const NOTE_LINES_MAX = 100;
/** Of a checkpoint of a log of ours. */
const CHECKPOINT_LINES_MAX = 64;
const KEY_NAME_BYTES_MAX = 255;

/** `{text, lines: [{name, id (8 hex), signature}]}`, text with its last line end. */
function parseNote(bytes) {
  if (bytes.length > SIZE.note) {
    throw new Malformed('has ' + bytes.length + ' bytes; a note has at most ' + SIZE.note);
  }
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

/** Unicode's White_Space, which is not what \s is: it has U+0085 and not U+FEFF. */
function isKeyName(name) {
  return name.length > 0 && !/[\p{White_Space}+]/u.test(name) && utf8(name).length <= KEY_NAME_BYTES_MAX;
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
  return openNote(parseNote(bytes), log, ring);
}

/** C2SP lets a note have more lines, and several by one key; a checkpoint of ours is none then, but still a note. */
function requireCheckpointLines({ lines }) {
  if (lines.length > CHECKPOINT_LINES_MAX) {
    throw new Refused('bad-checkpoint', 'it has more than ' + CHECKPOINT_LINES_MAX + ' signature lines');
  }
  if (new Set(lines.map((line) => line.name + ' ' + line.id)).size !== lines.length) {
    throw new Refused('bad-checkpoint', 'two of its lines are by one key');
  }
}

/** The same for a signed note that was read before. */
async function openNote(note, log, ring) {
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
      if (line === note.lines[0] || own === null) {
        own = { line, key, id };
      }
    }
  }
  if (own === null) {
    const refused = new Refused('bad-checkpoint', 'no line of it is by a log key in force at its size');
    refused.byNoKnownKey = true;
    throw refused;
  }
  requireCheckpointLines(note);
  if (note.lines[0] !== own.line) {
    throw new Refused('bad-checkpoint', "the log's own line is not the first");
  }
  head.key = own.key;
  head.keyId = own.id;
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

/** How long the raw key of each type is; an ECDSA key (0x02) has a length of its own. */
const NOTE_KEY_LENGTHS = { 1: 32, 4: 32, 6: 1312 };
const ECDSA_POINTS = { '2a8648ce3d030107': 65, '2b81040022': 97, '2b81040023': 133 };

/** A verifier key `name+8 hex id+base64(type ‖ key)`: Ed25519 (0x01, 0x04), ECDSA (0x02) or ML-DSA-44 (0x06). */
function parseVerifierKey(text) {
  const parts = /^([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (!parts || !isKeyName(parts[1])) {
    throw new Malformed("is no verifier key: '" + shorten(text, 60) + "'");
  }
  const bytes = fromBase64(parts[3]);
  const type = bytes[0];
  const raw = bytes.subarray(1);
  if (type !== 2 && NOTE_KEY_LENGTHS[type] !== raw.length) {
    throw new Malformed('is a verifier key of a type or a length that cannot be checked');
  }
  // For ECDSA from the key alone, as the logs that use it do.
  const id = type === 2 ? hex(sha256(raw).subarray(0, 4)) : noteKeyId(parts[1], type, raw);
  if (id !== parts[2]) {
    throw new Malformed('is a verifier key whose id is not that of its key: ' + parts[2]);
  }
  if (type === 2) {
    requireEcdsaKey(raw);
    return { name: parts[1], id, type, raw, key: null };
  }
  const [head, algorithm] = type === 6 ? [ML_DSA_44_HEAD, 'ML_DSA_44'] : [ED25519_HEAD, 'ED25519_SHA_512'];
  const spki = concat(fromHex(head), raw);
  return { name: parts[1], id, type, raw, key: new Key('witness', algorithm, hex(sha256(spki)), spki) };
}

/** Other logs sign with ECDSA on any of three curves. Here such a key is only told from others; nothing is checked with it. */
function requireEcdsaKey(spki) {
  const { algorithm, key } = spkiParts(spki);
  const names = new Der(algorithm);
  const kind = hex(names.read(0x06, 'algorithm'));
  const curve = hex(names.read(0x06, 'curve'));
  names.end();
  if (kind !== '2a8648ce3d0201' || ECDSA_POINTS[curve] !== key.length || key[0] !== 4) {
    throw new Malformed('is an ECDSA verifier key on none of P-256, P-384 and P-521');
  }
}

const POLICY_LINES_MAX = 10000;

/** tlog-policy, by the rules of C2SP and no others: whoever reads it more kindly counts one witness for two. */
class Policy {
  constructor() {
    this.logs = [];
    this.witnesses = new Map();
    /** In the order of their definition, so that members come before their groups; a witness has none. */
    this.members = new Map();
    this.used = new Set();
    this.keys = { log: new Set(), witness: new Set() };
    this.quorum = null;
  }

  line(items) {
    const [word, name] = items;
    const count = items.length;
    if (word === 'log' && (count === 2 || count === 3)) {
      this.logs.push(this.newKey('log', name));
    } else if (word === 'witness' && (count === 3 || count === 4)) {
      const key = this.newKey('witness', items[2]);
      requirePolicy(key.type === 4 || key.type === 6, 'a witness has a cosignature key (type 0x04 or 0x06)');
      this.define(name, { needed: 0, names: [] });
      this.witnesses.set(name, key);
    } else if (word === 'group' && count >= 4) {
      const names = items.slice(3);
      for (const member of names) {
        requirePolicy(this.members.has(member), "'" + member + "' is not defined on a line before");
        requirePolicy(!this.used.has(member), "'" + member + "' is a member twice");
        this.used.add(member);
      }
      this.define(name, { needed: thresholdOf(items[2], names.length), names });
    } else if (word === 'quorum' && count === 2) {
      requirePolicy(this.quorum === null, 'there is a second quorum line');
      requirePolicy(name === 'none' || this.members.has(name), "'" + name + "' is not defined on a line before");
      this.quorum = name;
    } else {
      requirePolicy(false, 'it is no line of a policy: log, witness, group or quorum');
    }
  }

  newKey(kind, text) {
    const key = parseVerifierKey(text);
    requirePolicy(!this.keys[kind].has(hex(key.raw)), 'the key of this ' + kind + ' is listed twice');
    this.keys[kind].add(hex(key.raw));
    return key;
  }

  define(name, member) {
    requirePolicy(name !== 'none' && !this.members.has(name), "'" + name + "' is no name, or is defined twice");
    this.members.set(name, member);
  }

  get asks() {
    return this.quorum !== 'none';
  }

  /** Whether cosignatures by the witnesses of these names make the quorum. */
  met(present) {
    const held = new Set(['none']);
    for (const [name, { needed, names }] of this.members) {
      if (this.witnesses.has(name) ? present.has(name) : names.filter((member) => held.has(member)).length >= needed) {
        held.add(name);
      }
    }
    return held.has(this.quorum);
  }
}

function requirePolicy(holds, otherwise) {
  if (!holds) {
    throw new Malformed(otherwise);
  }
}

function thresholdOf(text, count) {
  if (text === 'any' || text === 'all') {
    return text === 'any' ? 1 : count;
  }
  requirePolicy(/^[1-9][0-9]{0,15}$/.test(text) && Number(text) <= count, 'the threshold is not between 1 and the number of members');
  return Number(text);
}

/** The witnesses of a policy and what of them is enough: `{asks, logs, met(names), witnesses: Map name → key}`. */
function parsePolicy(text) {
  const policy = new Policy();
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length > POLICY_LINES_MAX) {
    throw new Malformed('is a policy whose last line has no line end, or one of too many lines');
  }
  for (const line of lines) {
    try {
      requirePolicy(!/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line), 'there is a control character');
      const items = line.split(/[ \t]+/).filter((item) => item !== '');
      if (items.length > 0 && !items[0].startsWith('#')) {
        policy.line(items);
      }
    } catch (wrong) {
      throw wrong instanceof Malformed ? new Malformed("has the policy line '" + shorten(line, 60) + "': " + wrong.message) : wrong;
    }
  }
  if (policy.quorum === null) {
    throw new Malformed('is a policy without a quorum line');
  }
  return policy;
}

/** The last second of the year 9999 (section 6): no cosigner has seen a later one, and few programs can write it. */
const COSIGNED_SECONDS_MAX = 253402300799;

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
  if (seconds > COSIGNED_SECONDS_MAX) {
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
