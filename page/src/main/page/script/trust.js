/* What the reader asks (docs/formats.md sections 9 and 10): the genesis, a trust file, and what the head must reach. */

/** Trust by the genesis alone. */
function bareTrust(genesis) {
  return { genesis, origin: null, require: [], lastSeen: null, policy: null, witnessesFrom: 0, timeAuthorities: [], broken: new Map(), issuers: [] };
}

/** Reads a trust file. What this page cannot check is refused and never ignored: somebody relies on it. */
function parseTrust(bytes) {
  try {
    return readTrust(within('cannot be read: ', () => parseHandWritten(bytes)));
  } catch (wrong) {
    if (!(wrong instanceof Malformed)) {
      throw wrong;
    }
    throw new Malformed((wrong.message.startsWith("'") ? 'in the trust file ' : 'the trust file ') + wrong.message);
  }
}

/** Runs a step; what is wrong with its form is then said of that place. */
function within(place, step) {
  try {
    return step();
  } catch (wrong) {
    throw wrong instanceof Malformed ? new Malformed(place + wrong.message) : wrong;
  }
}

function readTrust(json) {
  requireMembers(json, 'format', 'origin', 'genesis', 'witnesses?', 'witnessesFrom?', 'require?', 'timeAuthorities?', 'lastSeen?', 'maxHeadAgeSeconds?', 'brokenAlgorithms?', 'identityIssuers?');
  if (json.format !== 1) {
    throw new Malformed('is not of format 1');
  }
  const trust = bareTrust(digestOf(json, 'genesis'));
  trust.origin = originOf(json, 'origin');
  for (const authority of 'timeAuthorities' in json ? objectsOf(json, 'timeAuthorities') : []) {
    within("'timeAuthorities' ", () => requireMembers(authority, 'policy?', 'root'));
    const policy = 'policy' in authority ? textOf(authority, 'policy') : null;
    const root = textOf(authority, 'root');
    trust.timeAuthorities.push(within("'timeAuthorities' ", () => readAuthority(root, policy)));
  }
  for (const line of 'brokenAlgorithms' in json ? objectsOf(json, 'brokenAlgorithms') : []) {
    within("'brokenAlgorithms' ", () => requireMembers(line, 'after', 'algorithm'));
    timeOf(line, 'after');
    if (!Object.hasOwn(ALGORITHMS, textOf(line, 'algorithm')) || trust.broken.has(line.algorithm)) {
      throw new Malformed("'brokenAlgorithms' names an algorithm that does not exist, or one twice");
    }
    trust.broken.set(line.algorithm, line.after);
  }
  trust.issuers = 'identityIssuers' in json ? textsOf(json, 'identityIssuers') : [];
  for (const line of 'require' in json ? objectsOf(json, 'require') : []) {
    within("'require' ", () => requireMembers(line, 'from', 'use', 'algorithms'));
    const algorithms = textsOf(line, 'algorithms');
    if (!USES.includes(textOf(line, 'use')) || !algorithms.every((name) => Object.hasOwn(ALGORITHMS, name))) {
      throw new Malformed('requires a use or an algorithm that does not exist');
    }
    if (line.use !== 'attest' && line.use !== 'log') {
      throw new Malformed("requires algorithms of '" + line.use + "' keys, which this page cannot check; it can for 'attest' and 'log'");
    }
    trust.require.push({ from: countOf(line, 'from'), use: line.use, algorithms });
  }
  if ('lastSeen' in json) {
    const seen = within("'lastSeen' ", () => requireMembers(objectOf(json, 'lastSeen'), 'size', 'root'));
    trust.lastSeen = { size: countOf(seen, 'size'), root: hashFrom(textOf(seen, 'root')) };
  }
  if ('maxHeadAgeSeconds' in json) {
    trust.maxHeadAgeSeconds = countOf(json, 'maxHeadAgeSeconds');
  }
  if ('witnesses' in json && /[^ \t\n]/.test(textOf(json, 'witnesses'))) {
    trust.policy = within("'witnesses' ", () => parsePolicy(json.witnesses));
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
  const given = [...text.replace(/[\s:]/g, '')];
  const wrong = given.findIndex((character) => !/^[0-9a-f]$/i.test(character));
  if (wrong >= 0) {
    throw new Malformed('A genesis is 64 hexadecimal digits, 0 to 9 and a to f; the character at place ' + (wrong + 1) + " of this is '" + given[wrong] + "'.");
  }
  if (given.length !== 0 && given.length !== 64) {
    throw new Malformed('A genesis is 64 hexadecimal digits; this has ' + given.length + '.');
  }
  return given.join('').toLowerCase();
}
