/*
 * Keys (docs/formats.md sections 1 and 5): what a key is, checking with it by WebCrypto or mldsa.js, DSSE, the
 * declaration of a log, and the ring of keys that follows from it.
 */

const USES = ['attest', 'log', 'authority', 'ingest', 'export', 'witness', 'monitor'];
const ALGORITHMS = {
  ECDSA_SHA_256: { imported: { name: 'ECDSA', namedCurve: 'P-256' }, check: { name: 'ECDSA', hash: 'SHA-256' } },
  RSASSA_PSS_SHA_256: { imported: { name: 'RSA-PSS', hash: 'SHA-256' }, check: { name: 'RSA-PSS', saltLength: 32 } },
  RSASSA_PKCS1_V1_5_SHA_256: { imported: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, check: { name: 'RSASSA-PKCS1-v1_5' } },
  ED25519_SHA_512: { imported: { name: 'Ed25519' }, check: { name: 'Ed25519' } },
  ML_DSA_44: { here: true },
  ML_DSA_65: { here: true },
};

const STATEMENT_TYPE = 'application/vnd.in-toto+json';
const BATCH_TYPE = 'application/vnd.terraseal.batch.v1+json';
const KEY_EVENT_TYPE = 'application/vnd.terraseal.key-event.v1+json';
const IDENTITY_TYPE = 'application/vnd.terraseal.identity.v1+json';

/** A public key with its one use and its one algorithm. */
class Key {
  constructor(use, algorithm, keyid, spki) {
    this.use = use;
    this.algorithm = algorithm;
    this.keyid = keyid;
    this.spki = spki;
    this.imported = null;
  }

  /** A member of `keys` in log.json or in a key event. */
  static declared(json, ...more) {
    requireMembers(json, 'algorithm', 'keyid', 'spki', 'use', ...more);
    const use = textOf(json, 'use');
    const algorithm = textOf(json, 'algorithm');
    const keyid = digestOf(json, 'keyid');
    const spki = base64Of(json, 'spki');
    if (!USES.includes(use)) {
      throw new Malformed("names the unknown key use '" + shorten(use, 40) + "'");
    }
    if (!Object.hasOwn(ALGORITHMS, algorithm)) {
      throw new Malformed("names the unknown algorithm '" + shorten(algorithm, 40) + "'");
    }
    requireSpki(spki, algorithm);
    if (hex(sha256(spki)) !== keyid) {
      throw new Malformed('gives key ' + keyid + ', but that key hashes to ' + hex(sha256(spki)));
    }
    return new Key(use, algorithm, keyid, spki);
  }

  /** The key itself without what every key of its algorithm begins with: of Ed25519 and ML-DSA, as notes use them. */
  raw() {
    return spkiParts(this.spki).key;
  }

  /** Whether the signature over the bytes holds. Where this browser cannot tell it throws, and never says true. */
  async verify(message, signature) {
    const algorithm = ALGORITHMS[this.algorithm];
    if (algorithm.here) {
      this.imported = this.imported || new MlDsaKey(this.algorithm, this.raw());
      return this.imported.verify(message, signature);
    }
    let bytes = signature;
    if (this.algorithm === 'ECDSA_SHA_256') {
      try {
        bytes = ecdsaToP1363(signature);
      } catch (notDer) {
        return false;
      }
    }
    if (this.imported === null) {
      this.imported = crypto.subtle.importKey('spki', this.spki, algorithm.imported, false, ['verify']);
    }
    let key;
    try {
      key = await this.imported;
    } catch (unsupported) {
      if (unsupported.name === 'NotSupportedError') {
        throw new NotCheckable('this browser cannot check ' + this.algorithm + ' signatures; a newer one can');
      }
      throw new Malformed('has key ' + this.keyid + ', which is no point of its curve or no key at all');
    }
    return crypto.subtle.verify(algorithm.check, key, bytes, message);
  }
}

/** DSSE v1: what a signature is over. */
function pae(payloadType, payload) {
  return concat(utf8('DSSEv1 ' + utf8(payloadType).length + ' ' + payloadType + ' ' + payload.length + ' '), payload);
}

/** `[{keyid, sig}]`, 1 to 16 of them, each by another key. */
function signaturesOf(object) {
  const out = objectsOf(object, 'signatures').map((line) => {
    requireMembers(line, 'keyid', 'sig');
    return { keyid: digestOf(line, 'keyid'), sig: signatureOf(line) };
  });
  if (out.length < 1 || out.length > 16) {
    throw new Malformed('has ' + out.length + ' signatures, not 1 to 16');
  }
  if (new Set(out.map((line) => line.keyid)).size !== out.length) {
    throw new Malformed('has two signatures by one key');
  }
  return out;
}

function signatureOf(line) {
  const sig = base64Of(line, 'sig');
  if (sig.length === 0) {
    throw new Malformed('has a signature of no bytes');
  }
  return sig;
}

/** A DSSE envelope in canonical form. */
function envelopeOf(json) {
  requireMembers(json, 'payload', 'payloadType', 'signatures');
  const payloadType = textOf(json, 'payloadType');
  const payload = base64Of(json, 'payload');
  return { payloadType, payload, signatures: signaturesOf(json), signed: pae(payloadType, payload) };
}

/** What log.json may say at most (section 1). */
const RETENTION_DAYS_MAX = 36500;
const STATEMENT_BYTES_MAX = 1048576;
const ORIGIN = /^[a-z0-9.-]+(\/[a-z0-9._-]+)*$/;

function originOf(object, name) {
  return typed(object, name, "an origin like 'terraseal.local/demo'", (value) => typeof value === 'string' && value.length <= 255 && ORIGIN.test(value));
}

function positiveOf(object, name, most = Infinity) {
  return typed(object, name, most === Infinity ? 'a number above 0' : 'a number from 1 to ' + most, (value) => typeof value === 'number' && value > 0 && value <= most);
}

/** log.json (section 1). Its SHA-256 is the genesis. */
function parseLog(bytes) {
  const json = requireMembers(
    parseCanonicalObject(bytes),
    'authority', 'created', 'format', 'hash', 'heartbeatSeconds', 'keys', 'limits', 'nonce', 'origin', 'predecessor?', 'retentionDays',
  );
  if (json.format !== 1 || json.hash !== 'SHA-256') {
    throw new Malformed('is not of format 1 with SHA-256');
  }
  const authority = requireMembers(objectOf(json, 'authority'), 'keyids', 'threshold');
  const limits = requireMembers(objectOf(json, 'limits'), 'depth', 'statementBytes');
  const keys = objectsOf(json, 'keys').map((key) => Key.declared(key));
  digestOf(json, 'nonce');
  timeOf(json, 'created');
  positiveOf(json, 'heartbeatSeconds');
  positiveOf(json, 'retentionDays', RETENTION_DAYS_MAX);
  positiveOf(limits, 'depth', DEPTH_MAX);
  if ('predecessor' in json) {
    const before = requireMembers(objectOf(json, 'predecessor'), 'genesis', 'origin', 'root', 'size');
    originOf(before, 'origin');
    digestOf(before, 'genesis');
    countOf(before, 'size');
    hashFrom(textOf(before, 'root'));
  }
  const log = {
    bytes,
    genesis: hex(sha256(bytes)),
    origin: originOf(json, 'origin'),
    created: json.created,
    heartbeatSeconds: json.heartbeatSeconds,
    keys,
    threshold: positiveOf(authority, 'threshold'),
    authorities: textsOf(authority, 'keyids'),
    statementBytes: positiveOf(limits, 'statementBytes', STATEMENT_BYTES_MAX),
    depth: limits.depth,
  };
  requireKeysApart(log);
  return log;
}

/** One key, one use; the threshold can be reached by the authority keys that are named. */
function requireKeysApart(log) {
  const ids = log.keys.map((key) => key.keyid);
  if (new Set(ids).size !== ids.length) {
    throw new Malformed('declares one key twice');
  }
  for (const use of ['attest', 'log']) {
    if (!log.keys.some((key) => key.use === use)) {
      throw new Malformed("declares no '" + use + "' key");
    }
  }
  const authorities = new Set(log.authorities);
  const declared = log.keys.filter((key) => key.use === 'authority').map((key) => key.keyid);
  if (authorities.size !== log.authorities.length || !log.authorities.every((id) => declared.includes(id))) {
    throw new Malformed("names authority keys that it does not declare with the use 'authority', or one twice");
  }
  if (log.threshold > authorities.size) {
    throw new Malformed('asks for more authority signatures than it has authority keys');
  }
}

/** Where new keys live is the authority's word; only its form is checked. */
function requireProvenance(provenance) {
  requireMembers(provenance, 'keyPolicySha256?', 'kmsArn?');
  if ('kmsArn' in provenance) {
    textOf(provenance, 'kmsArn');
  }
  if ('keyPolicySha256' in provenance) {
    digestOf(provenance, 'keyPolicySha256');
  } else if (!('kmsArn' in provenance)) {
    throw new Malformed("has a 'provenance' that says nothing");
  }
}

/**
 * The keys of a log and the leaf indices at which each is in force (section 1, key events). Every question names a use and
 * a proven leaf index.
 */
class KeyRing {
  constructor(log) {
    this.log = log;
    this.previous = log.genesis;
    this.spans = new Map();
    this.events = 0;
    this.revocations = 0;
    for (const key of log.keys) {
      this.spans.set(key.keyid, { key, from: 0, end: Infinity, compromisedFrom: null });
    }
  }

  /** `valid`, `retired` (valid, key later retired), `suspect` or `refused`. */
  judge(use, keyid, index) {
    const span = this.spans.get(keyid);
    if (!span || span.key.use !== use || index < span.from || index >= span.end) {
      return 'refused';
    }
    if (span.compromisedFrom !== null && index >= span.compromisedFrom) {
      return 'suspect';
    }
    return span.end === Infinity ? 'valid' : 'retired';
  }

  key(keyid) {
    return this.spans.get(keyid).key;
  }

  inForce(use, index) {
    return [...this.spans.values()].filter((span) => this.judge(use, span.key.keyid, index) !== 'refused').map((span) => span.key);
  }

  /** Applies what a key event at a leaf index carries, or says why it is not authorised. */
  async apply(body, index) {
    const event = this.read(body);
    await this.requireAuthorised(event, index);
    for (const { key, from } of event.keys) {
      if (this.spans.has(key.keyid)) {
        throw new Refused('bad-key-event', 'key ' + key.keyid + ' was declared before: a key has one use, once');
      }
      const begin = Math.max(from, index + 1);
      if (event.action === 'rotate') {
        for (const span of this.spans.values()) {
          if (span.key.use === key.use && span.from < begin && span.end > begin) {
            span.end = begin;
          }
        }
      }
      this.spans.set(key.keyid, { key, from: begin, end: Infinity, compromisedFrom: null });
    }
    for (const { keyid, compromisedFrom } of event.revoked) {
      const span = this.spans.get(keyid);
      if (!span) {
        throw new Refused('bad-key-event', 'it revokes key ' + keyid + ', which the log never declared');
      }
      span.end = Math.min(span.end, index + 1);
      // What one revocation made suspect no other lifts.
      if (compromisedFrom !== null && (span.compromisedFrom === null || compromisedFrom < span.compromisedFrom)) {
        span.compromisedFrom = compromisedFrom;
      }
      this.revocations++;
    }
    this.previous = hex(sha256(event.envelope.payload));
    this.events++;
  }

  read(body) {
    const envelope = envelopeOf(objectOf(body, 'authorisation'));
    if (envelope.payloadType !== KEY_EVENT_TYPE) {
      throw new Malformed('carries an authorisation that is no ' + KEY_EVENT_TYPE);
    }
    const json = requireMembers(parseCanonicalObject(envelope.payload), 'action', 'genesis', 'keys', 'previous', 'provenance?', 'reason', 'revoke?');
    textOf(json, 'reason');
    if ('provenance' in json) {
      requireProvenance(objectOf(json, 'provenance'));
    }
    return {
      envelope,
      action: typed(json, 'action', 'add, rotate or revoke', (value) => ['add', 'rotate', 'revoke'].includes(value)),
      genesis: digestOf(json, 'genesis'),
      previous: digestOf(json, 'previous'),
      keys: objectsOf(json, 'keys').map((key) => ({ key: Key.declared(key, 'from'), from: countOf(key, 'from') })),
      revoked: ('revoke' in json ? objectsOf(json, 'revoke') : []).map((line) => {
        requireMembers(line, 'compromisedFrom?', 'keyid', 'reason');
        textOf(line, 'reason');
        return { keyid: digestOf(line, 'keyid'), compromisedFrom: 'compromisedFrom' in line ? countOf(line, 'compromisedFrom') : null };
      }),
    };
  }

  async requireAuthorised(event, index) {
    const refuse = (why) => {
      throw new Refused('bad-key-event', 'the key event is not authorised: ' + why);
    };
    if (event.genesis !== this.log.genesis) {
      refuse('it is for the log with genesis ' + event.genesis + ', not for ' + this.log.genesis);
    }
    if (event.previous !== this.previous) {
      refuse('it follows ' + event.previous + ', but the last authorised one is ' + this.previous);
    }
    const revokes = event.action === 'revoke';
    if (revokes !== event.revoked.length > 0 || revokes === event.keys.length > 0) {
      refuse('its action does not fit the keys it names');
    }
    const { signatures, signed } = event.envelope;
    let authorities = 0;
    for (const { keyid, sig } of signatures) {
      if (this.judge('authority', keyid, index) !== 'refused' && (await this.key(keyid).verify(signed, sig))) {
        authorities++;
      }
    }
    if (authorities < this.log.threshold) {
      refuse('it carries ' + authorities + ' valid authority signatures; ' + this.log.threshold + ' are needed');
    }
    for (const { key } of event.keys) {
      if (key.use === 'log' && key.algorithm !== 'ED25519_SHA_512' && key.algorithm !== 'ML_DSA_44') {
        refuse('the new log key ' + key.keyid + ' is ' + key.algorithm + ', and checkpoints are signed with ED25519_SHA_512 and, beside it, ML_DSA_44');
      }
      const own = signatures.find((line) => line.keyid === key.keyid);
      if (!own || !(await key.verify(signed, own.sig))) {
        refuse('the new key ' + key.keyid + ' did not sign it');
      }
    }
  }
}
