/* What the reader asks (docs/formats.md sections 9 and 10): the genesis, a trust file, and what the head must reach. */

/** Trust by the genesis alone. */
function bareTrust(genesis) {
  return { genesis, origin: null, require: [], lastSeen: null, policy: null, witnessesFrom: 0, timeAuthorities: [], broken: new Map(), issuers: [] };
}

/** Reads a trust file. What this page cannot check is refused and never ignored: somebody relies on it. */
function parseTrust(bytes) {
  let json;
  try {
    json = parseHandWritten(bytes);
  } catch (wrong) {
    throw new Malformed('the trust file cannot be read: ' + wrong.message);
  }
  requireMembers(json, 'format', 'origin', 'genesis', 'witnesses?', 'witnessesFrom?', 'require?', 'timeAuthorities?', 'lastSeen?', 'maxHeadAgeSeconds?', 'brokenAlgorithms?', 'identityIssuers?');
  if (json.format !== 1) {
    throw new Malformed('the trust file is not of format 1');
  }
  const trust = bareTrust(digestOf(json, 'genesis'));
  trust.origin = originOf(json, 'origin');
  for (const authority of 'timeAuthorities' in json ? objectsOf(json, 'timeAuthorities') : []) {
    requireMembers(authority, 'policy?', 'root');
    trust.timeAuthorities.push(readAuthority(textOf(authority, 'root'), 'policy' in authority ? textOf(authority, 'policy') : null));
  }
  for (const line of 'brokenAlgorithms' in json ? objectsOf(json, 'brokenAlgorithms') : []) {
    requireMembers(line, 'after', 'algorithm');
    timeOf(line, 'after');
    if (!Object.hasOwn(ALGORITHMS, textOf(line, 'algorithm')) || trust.broken.has(line.algorithm)) {
      throw new Malformed("'brokenAlgorithms' names an algorithm that does not exist, or one twice");
    }
    trust.broken.set(line.algorithm, line.after);
  }
  trust.issuers = 'identityIssuers' in json ? textsOf(json, 'identityIssuers') : [];
  for (const line of 'require' in json ? objectsOf(json, 'require') : []) {
    requireMembers(line, 'from', 'use', 'algorithms');
    const algorithms = textsOf(line, 'algorithms');
    if (!USES.includes(textOf(line, 'use')) || !algorithms.every((name) => Object.hasOwn(ALGORITHMS, name))) {
      throw new Malformed("the trust file requires a use or an algorithm that does not exist");
    }
    if (line.use !== 'attest' && line.use !== 'log') {
      throw new Malformed("the trust file requires algorithms of '" + line.use + "' keys, which this page cannot check; it can for 'attest' and 'log'");
    }
    trust.require.push({ from: countOf(line, 'from'), use: line.use, algorithms });
  }
  if ('lastSeen' in json) {
    const seen = requireMembers(objectOf(json, 'lastSeen'), 'size', 'root');
    trust.lastSeen = { size: countOf(seen, 'size'), root: hashFrom(textOf(seen, 'root')) };
  }
  if ('maxHeadAgeSeconds' in json) {
    trust.maxHeadAgeSeconds = countOf(json, 'maxHeadAgeSeconds');
  }
  if ('witnesses' in json && /[^ \t\n]/.test(textOf(json, 'witnesses'))) {
    trust.policy = parsePolicy(json.witnesses);
  }
  if ('witnessesFrom' in json) {
    trust.witnessesFrom = countOf(json, 'witnessesFrom');
    if (trust.policy === null) {
      throw new Malformed("'witnessesFrom' says from when on 'witnesses' are required, and there are none");
    }
  }
  return trust;
}

const TRUST_BYTES_MAX = 1024 * 1024;

/**
 * JSON as people write it: white space between values, members in any order. Everything else is as strict as in the JSON
 * of a bundle: strings, numbers and words are read by the canonical reader, so that no two readers read two things.
 */
class HandWrittenScan {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail(what) {
    throw new Malformed(what + ' at character ' + this.at);
  }

  space() {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at])) {
      this.at++;
    }
  }

  /** The next character that is no white space. */
  peek() {
    this.space();
    if (this.at >= this.text.length) {
      this.fail('it ends too early');
    }
    return this.text[this.at];
  }

  /** Whether the next character is this one, which is then passed. */
  passes(character) {
    const is = this.peek() === character;
    this.at += is ? 1 : 0;
    return is;
  }

  expect(character) {
    if (!this.passes(character)) {
      this.fail("'" + character + "' is missing");
    }
  }

  value(depth) {
    if (depth > DEPTH_MAX) {
      this.fail('nested too deeply');
    }
    if (this.passes('{')) {
      return this.object(depth);
    }
    if (this.passes('[')) {
      return this.array(depth);
    }
    return this.peek() === '"' ? this.string() : this.word();
  }

  object(depth) {
    const out = Object.create(null);
    if (this.passes('}')) {
      return out;
    }
    do {
      if (this.peek() !== '"') {
        this.fail('a member has no name');
      }
      const name = this.string();
      if (name in out) {
        this.fail("it has the member '" + shorten(name, 40) + "' twice");
      }
      this.expect(':');
      out[name] = this.value(depth + 1);
    } while (this.passes(','));
    this.expect('}');
    return out;
  }

  array(depth) {
    const out = [];
    if (this.passes(']')) {
      return out;
    }
    do {
      out.push(this.value(depth + 1));
    } while (this.passes(','));
    this.expect(']');
    return out;
  }

  string() {
    const from = this.at++;
    while (this.text[this.at] !== '"') {
      this.at += this.text[this.at] === '\\' ? 2 : 1;
      if (this.at >= this.text.length) {
        this.fail('it ends too early');
      }
    }
    this.at++;
    return new CanonicalScan(this.text.substring(from, this.at)).document();
  }

  word() {
    const from = this.at;
    while (this.at < this.text.length && !'{}[]:, \t\r\n"'.includes(this.text[this.at])) {
      this.at++;
    }
    return new CanonicalScan(this.text.substring(from, this.at)).document();
  }
}

function parseHandWritten(bytes) {
  if (bytes.length > TRUST_BYTES_MAX) {
    throw new Malformed('it has more than ' + TRUST_BYTES_MAX + ' bytes');
  }
  const scan = new HandWrittenScan(decodeUtf8(bytes));
  const value = scan.value(0);
  scan.space();
  if (scan.at !== scan.text.length) {
    scan.fail('something follows the end');
  }
  if (!isObject(value)) {
    throw new Malformed('it is no JSON object');
  }
  return value;
}

/** The genesis as people paste it: 64 hexadecimal digits, spaces and capitals forgiven. */
function readGenesis(text) {
  const cleaned = text.replace(/[\s:]/g, '').toLowerCase();
  if (cleaned !== '' && !isHex(cleaned, 32)) {
    throw new Malformed('A genesis is 64 hexadecimal digits; this has ' + cleaned.length + ' characters.');
  }
  return cleaned;
}
