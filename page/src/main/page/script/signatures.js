/*
 * Signatures of entries (docs/formats.md section 5): every signature a line carries must hold, by an attest key in force
 * at the leaf index; or the batch must. Many are in the air at once; findings come in the order of entries all the same.
 */

const IN_FLIGHT = 64;

class SignatureCheck {
  constructor(log, ring, require, found) {
    this.log = log;
    this.ring = ring;
    this.require = require.filter((line) => line.use === 'attest');
    this.found = found;
    this.waiting = [];
    /** The entries whose signatures were checked and hold. */
    this.held = new Set();
    this.counts = new Map();
    this.batches = null;
    /** What the trust file calls broken, and whom it accepts identities from (section 10). */
    this.brokenAlgorithms = new Map();
    this.issuers = [];
  }

  /** @param lines of batches.jsonl; their envelopes are opened when an entry names them, each once */
  useBatches(batches) {
    this.batches = batches;
  }

  async entry({ index, file }, entryHash, bytes, line) {
    if (this.waiting.length >= IN_FLIGHT) {
      await this.settle(IN_FLIGHT / 2);
    }
    let signers;
    if ('batch' in line) {
      signers = this.inBatch(index, entryHash, line);
    } else {
      signers = this.signed('attest', index, pae(STATEMENT_TYPE, bytes), line.signatures);
    }
    const answer = guarded(
      signers.then((keys) => {
        this.requireAlgorithms(index, keys);
        this.held.add(index);
      }),
    );
    this.waiting.push({ index, file, answer });
  }

  identity({ index, file }, statement) {
    this.waiting.push({ index, file, answer: guarded(this.checkIdentity(index, statement)) });
  }

  async settle(left) {
    while (this.waiting.length > left) {
      const { index, file, answer } = this.waiting.shift();
      const thrown = await answer;
      if (thrown !== null) {
        if (!(thrown instanceof Refused || thrown instanceof Malformed || thrown instanceof NotCheckable)) {
          throw thrown;
        }
        const finding = thrown instanceof Refused ? thrown.finding : thrown instanceof Malformed ? 'malformed' : 'not-checkable';
        this.found(finding, { index, file: thrown.file || file }, 'entry ' + index + ' ' + thrown.message);
      }
    }
    await breathe();
  }

  /** After the last entry: an envelope that none of them named is covered by nothing that was checked. */
  requireNamed(name) {
    for (const batch of this.batches.values()) {
      if (!batch.used) {
        this.found('stranger', name, name + ' has batch ' + batch.first + ', which no artifact names');
      }
    }
  }

  /** Checks every signature and returns the keys; throws at the first that is not to be believed. */
  async signed(use, index, message, signatures) {
    const keys = [];
    for (const { keyid, sig } of signatures) {
      const judged = this.ring.judge(use, keyid, index);
      if (judged === 'refused') {
        throw new Refused('unknown-key', 'is signed by ' + keyid + ', which is no ' + use + ' key in force there');
      }
      if (judged === 'suspect') {
        throw new Refused('suspect', 'is signed by ' + keyid + ', which the log says was compromised from entry ' + this.ring.spans.get(keyid).compromisedFrom);
      }
      const key = this.ring.key(keyid);
      if (!(await key.verify(message, sig))) {
        throw new Refused('bad-signature', 'the signature by ' + use + ' key ' + keyid + ' does not hold');
      }
      keys.push(key);
    }
    return keys;
  }

  async inBatch(index, entryHash, line) {
    const batch = this.batches.get(line.batch);
    if (batch === undefined) {
      throw new Refused('bad-batch', 'names batch ' + line.batch + ', which is not in batches.jsonl');
    }
    batch.used = true;
    if (index < batch.first || index >= batch.first + batch.count) {
      throw new Refused('bad-batch', 'is not among the entries of batch ' + batch.first);
    }
    let root;
    try {
      root = rootByPath(leafHash(fromHex(entryHash)), index - batch.first, batch.count, line.path);
    } catch (wrong) {
      throw new Refused('bad-batch', 'is not in batch ' + batch.first + ': ' + wrong.message);
    }
    if (!sameBytes(root, batch.root)) {
      throw new Refused('bad-batch', 'is not under the root of batch ' + batch.first);
    }
    // Judged at this entry's own index: a key may be withdrawn in the middle of a batch.
    for (const { keyid } of batch.envelope.signatures) {
      const judged = this.ring.judge('attest', keyid, index);
      if (judged === 'refused') {
        throw new Refused('unknown-key', 'is signed by ' + keyid + ', which is no attest key in force there');
      }
      if (judged === 'suspect') {
        throw new Refused('suspect', 'is signed by ' + keyid + ', which the log says was compromised from entry ' + this.ring.spans.get(keyid).compromisedFrom);
      }
    }
    batch.checked = batch.checked || this.checkBatch(batch);
    return batch.checked;
  }

  async checkBatch(batch) {
    const { signatures, signed } = batch.envelope;
    const keys = [];
    for (const { keyid, sig } of signatures) {
      const key = this.ring.key(keyid);
      if (!(await key.verify(signed, sig))) {
        throw new Refused('bad-signature', 'the signature of batch ' + batch.first + ' by key ' + keyid + ' does not hold');
      }
      keys.push(key);
    }
    return keys;
  }

  requireAlgorithms(index, keys) {
    const present = new Set(keys.map((key) => key.algorithm));
    for (const line of this.require) {
      const lacking = index >= line.from ? line.algorithms.filter((name) => !present.has(name)) : [];
      if (lacking.length > 0) {
        throw new Refused('unsigned', 'is signed with ' + [...present].join(', ') + '; the trust file requires ' + line.algorithms.join(', '));
      }
    }
    if (this.brokenAlgorithms.size > 0 && [...present].every((name) => this.brokenAlgorithms.has(name) && index >= this.brokenAlgorithms.get(name))) {
      throw new Refused('broken-algorithm', 'is signed with ' + [...present].join(', ') + ' only, which the trust file calls broken, and nothing checked here shows it is older than that');
    }
    for (const { keyid } of keys) {
      this.counts.set(keyid, (this.counts.get(keyid) || 0) + 1);
    }
  }

  /** Who the event came from is ingest's word, signed by an `ingest` key (section 2). */
  async checkIdentity(index, { event }) {
    let by;
    try {
      by = requireMembers(objectOf(event.source, 'verifiedBy'), 'keyid', 'sig');
      objectOf(event.source, 'verified');
      by = { keyid: digestOf(by, 'keyid'), sig: base64Of(by, 'sig') };
    } catch (wrong) {
      throw new Refused('bad-signature', 'has a verified identity that cannot be read: ' + wrong.message);
    }
    const payload = utf8(jcs({ contentSha256: event.contentSha256, genesis: this.log.genesis, verified: event.source.verified }));
    await this.signed('ingest', index, pae(IDENTITY_TYPE, payload), [by]);
    const issuer = textAt(event, 'source', 'verified', 'issuer');
    if (this.issuers.length > 0 && !this.issuers.includes(issuer)) {
      throw new Refused('other-issuer', 'has an identity verified for ' + shorten(issuer || 'nobody', 80) + ', whom the trust file does not name');
    }
  }
}

/** A promise that always fulfils: with null, or with what was thrown. */
function guarded(promise) {
  return promise.then(
    () => null,
    (thrown) => thrown,
  );
}

/** So that a reader need not keep more of them at once. */
const BATCHES_OVER_ONE_ENTRY = 64;

/** batches.jsonl: envelopes over `{count, first, genesis, log, root}`, ascending. */
async function readBatches(files, name, log) {
  const batches = new Map();
  if (!files.has(name)) {
    return batches;
  }
  const lines = new LineReader(files, name);
  let last = -1;
  let ends = [];
  for (let json = await lines.nextObject(); json !== null; json = await lines.nextObject()) {
    const line = json;
    const batch = inFile(name, () => parseBatch(line), ' line ' + lines.number);
    if (batch.log !== log.origin || batch.genesis !== log.genesis) {
      throw new Refused('bad-batch', name + ' holds a batch of another log: ' + batch.log, name);
    }
    if (batch.first <= last) {
      throw new Malformed(name + ' line ' + lines.number + ' is out of order', name);
    }
    last = batch.first;
    ends = ends.filter((end) => end > batch.first);
    if (ends.length === BATCHES_OVER_ONE_ENTRY) {
      throw new Malformed(name + ' line ' + lines.number + ': more than ' + BATCHES_OVER_ONE_ENTRY + ' batches hold entry ' + batch.first, name);
    }
    ends.push(batch.first + batch.count);
    batches.set(batch.first, batch);
    await breathe();
  }
  return batches;
}

function parseBatch(line) {
  const envelope = envelopeOf(line);
  if (envelope.payloadType !== BATCH_TYPE) {
    throw new Refused('bad-batch', 'batches.jsonl holds an envelope that is no ' + BATCH_TYPE, 'batches.jsonl');
  }
  const json = requireMembers(parseCanonicalObject(envelope.payload), 'count', 'first', 'genesis', 'log', 'root');
  const count = countOf(json, 'count');
  if (count < 1 || count > 65536) {
    throw new Malformed('is a batch of ' + count + ' entries, not of 1 to 65,536');
  }
  return { envelope, count, first: countOf(json, 'first'), genesis: digestOf(json, 'genesis'), log: originOf(json, 'log'), root: hashFrom(textOf(json, 'root')), used: false, checked: null };
}
