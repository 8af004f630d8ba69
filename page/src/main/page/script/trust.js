/* What the reader asks (docs/formats.md sections 9 and 10): the genesis, a trust file, and what the head must reach. */

/** Trust by the genesis alone. */
function bareTrust(genesis) {
  return { genesis, origin: null, require: [], lastSeen: null, policy: null, witnessesFrom: 0, timeAuthorities: [], broken: new Map(), issuers: [], later: [] };
}

/** Reads a trust file. What this page cannot check is refused and never ignored: somebody relies on it. */
function parseTrust(bytes) {
  let json;
  try {
    // People write it by hand: white space and any order are theirs. A member twice is refused below.
    json = parseHandWritten(decodeUtf8(bytes));
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
      trust.later.push("algorithms of '" + line.use + "' keys");
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
  if ('witnesses' in json && textOf(json, 'witnesses').trim() !== '') {
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

/** JSON as people write it, without a member twice, which would be read differently by different readers. */
function parseHandWritten(text) {
  const value = JSON.parse(text);
  // Strings and punctuation only: a string followed by a colon is a member name.
  const open = [];
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gu)) {
    if (token[0] === '{' || token[0] === '[') {
      open.push(new Set());
    } else if (token[0] === '}' || token[0] === ']') {
      open.pop();
    } else if (token[1] !== undefined) {
      const name = JSON.parse(token[0].substring(0, token[0].length - token[1].length));
      const names = open[open.length - 1];
      if (names.has(name)) {
        throw new Malformed("it has the member '" + shorten(name, 40) + "' twice");
      }
      names.add(name);
    }
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
