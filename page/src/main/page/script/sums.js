/* The outer layers (docs/formats.md section 8): the seal over SHA256SUMS, and the files it lists. */

const SUMS = 'SHA256SUMS';
const SEAL = 'SHA256SUMS.sig';
const EXPORT_KEY = 'export_key.pem';

/** Every name a bundle may hold. Anything else is a stranger, whoever sealed it. */
const KNOWN_NAMES = new RegExp(
  '^(' +
    [
      'SHA256SUMS(\\.sig)?',
      'export_key\\.pem|manifest\\.json|log\\.json|checkpoint|README\\.txt|verify\\.html|population\\.csv|report\\.html|attestations\\.intoto\\.jsonl',
      'keys/[0-9a-f]{64}\\.pem',
      '(key-events/)?artifacts/[0-9]{20}\\.json',
      'artifacts/[0-9]{20}\\.jsonl',
      '(key-events/)?(signatures|batches)\\.jsonl',
      '(key-events/)?proofs/(entries\\.jsonl|stream\\.json)',
      'proofs/range\\.json',
      'proofs/consistency/[1-9][0-9]{0,15}',
      'timestamps/[1-9][0-9]{0,15}/(note|[a-z0-9.-]{1,64}-[0-9]{8}T[0-9]{6}Z\\.tsr)',
      'timestamps/renewed/[0-9]{8}T[0-9]{6}Z/(list|[a-z0-9.-]{1,64}-[0-9]{8}T[0-9]{6}Z\\.tsr)',
      'attachments/sha256/[0-9a-f]{64}',
      'docs/.+',
    ].join('|') +
    ')$',
);

/** Who packed it. The seal says nothing about the log: an unknown exporter lowers nothing, a known one raises nothing. */
async function checkSeal(run) {
  const { files, findings } = run;
  try {
    requireSize(files, EXPORT_KEY, SIZE.pem);
    requireSize(files, SEAL, SIZE.seal);
    requireSize(files, SUMS, SIZE.sums);
    const sums = await files.read(SUMS);
    const signature = await files.read(SEAL);
    const pem = await files.read(EXPORT_KEY);
    const key = sealKey(pem);
    if (!(await key.verify(sums, signature))) {
      throw new Refused('bad-seal', 'the seal does not hold: SHA256SUMS, its signature or the key was changed', SEAL);
    }
    findings.valid('seal', 'packed by export key ' + key.keyid.substr(0, 8) + '… (says nothing about the log)');
  } catch (wrong) {
    findings.caught('seal', wrong, SEAL);
  }
}

/** The export key as the file gives it: P-256 or RSA, by what `openssl dgst -sha256 -verify` takes it for. */
function sealKey(pem) {
  let spki;
  try {
    spki = spkiFromPem(pem);
  } catch (wrong) {
    throw new Refused('bad-seal', EXPORT_KEY + ' ' + wrong.message, EXPORT_KEY);
  }
  for (const algorithm of ['ECDSA_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256']) {
    try {
      requireSpki(spki, algorithm);
      return new Key('export', algorithm, hex(sha256(spki)), spki);
    } catch (other) {
      continue;
    }
  }
  throw new Refused('bad-seal', EXPORT_KEY + ' is no P-256 and no RSA key', EXPORT_KEY);
}

/** SHA256SUMS as a list of `{name, digest}`: sorted, no name twice, itself and its signature not in it. */
function parseSums(bytes) {
  const text = decodeUtf8(bytes);
  if (text === '') {
    return [];
  }
  if (!text.endsWith('\n')) {
    throw new Malformed('ends without a line end');
  }
  const lines = text.substr(0, text.length - 1).split('\n').map((line, i) => {
    const found = /^([0-9a-f]{64}) {2}([A-Za-z0-9._/-]+)$/.exec(line);
    if (!found || !isFileName(found[2]) || found[2] === SUMS || found[2] === SEAL) {
      throw new Malformed('line ' + (i + 1) + ' is not "<sha256>  <name>"');
    }
    return { digest: found[1], name: found[2] };
  });
  for (let i = 1; i < lines.length; i++) {
    if (lines[i].name <= lines[i - 1].name) {
      throw new Malformed('line ' + (i + 1) + ' is out of order or there twice');
    }
  }
  return lines;
}

/** Edits, deletions and strangers: every listed file is there with its hash, and there is no other. */
async function checkFileHashes(run) {
  const { files, findings } = run;
  const layer = 'file-hashes';
  try {
    for (const name of files.odd) {
      findings.add(layer, 'stranger', name, 'Stranger: ' + name + ' is a name no file of a bundle has');
    }
    const sums = await files.read(SUMS);
    run.facts.sums = hex(sha256(sums));
    const lines = inFile(SUMS, () => parseSums(sums));
    const listed = new Map(lines.map((line) => [line.name, line.digest]));
    run.listed = listed;
    const all = new Set([...listed.keys(), ...files.names.filter((name) => name !== SUMS && name !== SEAL)]);
    let done = 0;
    for (const name of [...all].sort(byBytes)) {
      await run.progress('file-hashes', ++done, all.size);
      if (!listed.has(name)) {
        findings.add(layer, 'stranger', name, 'Stranger: ' + name + ' is not in SHA256SUMS');
      } else if (!files.has(name)) {
        findings.add(layer, 'missing-file', name, 'Missing file: ' + name);
      } else {
        await compareFile(run, name, listed.get(name));
      }
    }
    findings.valid(layer, '', 'All ' + listed.size + ' file hashes valid');
  } catch (wrong) {
    findings.caught(layer, wrong, SUMS);
  }
}

async function compareFile(run, name, expected) {
  const { files, findings } = run;
  const digest = await fileDigest(await files.read(name));
  if (name === 'verify.html') {
    run.facts.verifyHtml = digest;
  }
  if (digest !== expected) {
    run.broken.add(name);
    const details = run.question.explain && run.broken.size === 1 ? await explainMismatch(run, name, expected) : [];
    findings.add('file-hashes', 'hash-mismatch', name, 'Hash mismatch for ' + name, ...details);
  } else if (!KNOWN_NAMES.test(name)) {
    findings.add('file-hashes', 'stranger', name, 'Stranger: ' + name + ' is no file this version knows, so it vouches for nothing in it');
  } else if (name.startsWith('attachments/') && !name.endsWith(digest)) {
    findings.add('file-hashes', 'hash-mismatch', name, 'Hash mismatch for ' + name, 'its name is not its SHA-256');
  }
}

const SEARCHED_BYTES_MAX = 2500;

/** Where a file differs, as far as that can be known, and which neighbours of an artifact still hold. */
async function explainMismatch(run, name, expected) {
  const { files } = run;
  const bytes = await files.read(name);
  const at = (await differenceFromCopy(files, name, bytes, expected)) ?? (await differenceBySearch(run, bytes, expected));
  const parts = at === null ? [] : ['first difference at byte ' + at];
  const entry = /^artifacts\/([0-9]{20})\.json$/.exec(name);
  if (entry) {
    const index = Number(entry[1]);
    const holding = [];
    for (const beside of [index - 1, index + 1]) {
      const file = 'artifacts/' + padded(Math.max(0, beside)) + '.json';
      if (beside >= 0 && files.has(file) && run.listed.get(file) === (await fileDigest(await files.read(file)))) {
        holding.push(beside);
      }
    }
    if (holding.length > 0) {
      parts.push((holding.length === 1 ? 'entry ' : 'entries ') + holding.join(' and ') + (holding.length === 1 ? ' still holds' : ' still hold'));
    }
  }
  return parts.length === 0 ? [] : [parts.join('; ')];
}

/** A second copy of the same bytes in the bundle: artifacts/ and key-events/artifacts/ share some. */
async function differenceFromCopy(files, name, bytes, expected) {
  const twin = name.startsWith('key-events/') ? name.substr('key-events/'.length) : 'key-events/' + name;
  if (files.has(twin)) {
    const copy = await files.read(twin);
    if ((await fileDigest(copy)) === expected) {
      return firstDifference(bytes, copy);
    }
  }
  return null;
}

/** Bytes that a broken disk or somebody at a keyboard would put there: one bit turned, or a printable character. */
function isLikely(value, now) {
  const turned = value ^ now;
  return value !== now && ((turned & (turned - 1)) === 0 || (value >= 0x20 && value < 0x7f));
}

/** One byte changed, appended or cut off: every such file is tried against the hash. */
async function differenceBySearch(run, bytes, expected) {
  if (bytes.length > SEARCHED_BYTES_MAX) {
    return null;
  }
  const wanted = fromHex(expected);
  if (bytes.length > 0 && sameBytes(sha256(bytes.subarray(0, bytes.length - 1)), wanted)) {
    return bytes.length - 1;
  }
  for (let last = 0; last < 256; last++) {
    if (sameBytes(sha256(bytes, Uint8Array.of(last)), wanted)) {
      return bytes.length;
    }
  }
  const tried = bytes.slice();
  const search = new Sha256();
  for (let at = 0; at < bytes.length; at++) {
    await run.breathe();
    // What lies in the blocks before this byte is hashed once.
    const begin = at - (at % 64);
    const before = search.reset().update(bytes.subarray(0, begin)).state.slice();
    for (let value = 0; value < 256; value++) {
      if (isLikely(value, bytes[at])) {
        tried[at] = value;
        search.resume(before, begin);
        if (sameBytes(search.update(tried.subarray(begin)).digest(), wanted)) {
          return at;
        }
      }
    }
    tried[at] = bytes[at];
  }
  return null;
}
