/*
 * The one head of a bundle (docs/formats.md sections 6 and 8): the checkpoint, inclusion of every artifact under it,
 * consistency with every other head the bundle speaks of, cosignatures, and what the reader asked of it.
 */

async function openHead(run) {
  const { files, findings } = run;
  const layer = 'checkpoint';
  try {
    if (!files.has('checkpoint')) {
      findings.add(layer, 'malformed', 'checkpoint', 'checkpoint is missing');
      return;
    }
    if (!isWithin(files, 'checkpoint', SIZE.note, (...finding) => findings.add(layer, ...finding))) {
      return;
    }
    run.head = await openCheckpoint(await files.read('checkpoint'), run.log, run.ring);
    if (run.head.suspicion !== null) {
      findings.add(layer, 'suspect', 'checkpoint', 'The checkpoint is ' + run.head.suspicion);
    }
  } catch (wrong) {
    if (wrong instanceof NotCheckable) {
      findings.caught(layer, wrong, 'checkpoint');
    } else if (wrong.byNoKnownKey && !run.keyEvents.complete) {
      // Said once, where it was found: with key events that cannot be believed nobody knows who signs it.
      return;
    } else if (wrong instanceof Malformed || wrong instanceof Refused) {
      findings.add(layer, 'bad-checkpoint', 'checkpoint', 'Checkpoint refused: ' + wrong.message);
    } else {
      throw wrong;
    }
  }
}

/** Every artifact under the head: by one range proof where they are contiguous, else by a path each. */
async function checkInclusion(run) {
  const { files, findings, manifest, head, tree } = run;
  const layer = 'inclusion';
  try {
    if (manifest.contiguous) {
      const name = 'proofs/range.json';
      const proof = await readRange(files, name);
      if (proof.first !== manifest.first || proof.end !== manifest.last + 1 || proof.end > head.size) {
        throw new Refused('not-included', name + ' is about entries ' + proof.first + ' to ' + proof.end + ' (exclusive), not about those here', name);
      }
      run.range = proof;
      if (tree.end !== proof.end) {
        throw new Refused('not-included', name + ' is about entries up to ' + (proof.end - 1) + ', and not all of them are here', name);
      }
      let root;
      try {
        root = tree.root(head.size, proof.left, proof.right);
      } catch (wrong) {
        throw wrong instanceof Refused ? new Refused('not-included', name + ' ' + wrong.message, name) : wrong;
      }
      if (!sameBytes(root, head.root)) {
        throw new Refused('not-included', 'the entries ' + proof.first + ' to ' + (proof.end - 1) + ' are not those under this head', name);
      }
    } else {
      await checkEntryProofs(run, 'proofs/entries.jsonl', run.entries, head, (...finding) => findings.add(layer, ...finding));
    }
    for (const name of files.names.filter((candidate) => candidate === (manifest.contiguous ? 'proofs/entries.jsonl' : 'proofs/range.json'))) {
      findings.add(layer, 'stranger', name, 'Stranger: ' + name + ' is no proof of an export of this kind');
    }
    findings.valid(layer, 'all ' + counted(run.derived.count, 'entry', 'entries') + ' under one head');
  } catch (wrong) {
    findings.caught(layer, wrong, 'proofs/');
  }
}

/** A range proof of another form, or none, proves nothing; there is one name for all. */
async function readRange(files, name) {
  try {
    const bytes = await files.read(name);
    return inFile(name, () => parseRange(bytes));
  } catch (wrong) {
    throw wrong instanceof Malformed ? new Refused('not-included', wrong.message, name) : wrong;
  }
}

function parseRange(bytes) {
  const json = requireMembers(parseCanonicalObject(bytes), 'end', 'first', 'left', 'right');
  const proof = { first: countOf(json, 'first'), end: countOf(json, 'end'), left: hashesOf(json, 'left'), right: hashesOf(json, 'right') };
  if (proof.first >= proof.end) {
    throw new Malformed('is about no entry');
  }
  return proof;
}

/** proofs/entries.jsonl: `{"path", "sequence"}` a line, one for every entry, ascending. */
async function checkEntryProofs(run, name, entries, head, found) {
  if (!run.files.has(name)) {
    throw new Malformed(name + ' is missing', name);
  }
  const lines = new LineReader(run.files, name);
  let last = -1;
  for (const entry of entries) {
    const { index, entryHash } = entry;
    await run.breathe();
    const json = await lines.nextObject();
    if (json === null) {
      throw new Refused('not-included', name + ' has no line for entry ' + index, name);
    }
    const line = inFile(name, () => parseEntryProof(json, last), ' line ' + lines.number);
    last = line.sequence;
    if (line.sequence !== index) {
      throw new Refused('not-included', name + ' has a line for entry ' + line.sequence + ' where that for entry ' + index + ' belongs', name);
    }
    let root = null;
    try {
      root = rootByPath(leafHash(fromHex(entryHash)), index, head.size, line.path);
    } catch (wrong) {
      if (!(wrong instanceof Refused)) {
        throw wrong;
      }
    }
    if (root === null || !sameBytes(root, head.root)) {
      found('not-included', entry, 'entry ' + index + ' is not under this head');
    }
  }
  const more = await lines.nextObject();
  if (more !== null) {
    inFile(name, () => parseEntryProof(more, last), ' line ' + lines.number);
    throw new Refused('not-included', name + ' has more lines than there are entries', name);
  }
}

function parseEntryProof(json, last) {
  requireMembers(json, 'path', 'sequence');
  const line = { sequence: countOf(json, 'sequence'), path: hashesOf(json, 'path') };
  if (line.sequence <= last) {
    throw new Malformed('is out of order');
  }
  return line;
}

/** Whether the head continues the tree of an older size: from the entries at hand, or by proofs/consistency/<size>. */
async function continuesFrom(run, size, root) {
  const { files, head } = run;
  const name = 'proofs/consistency/' + size;
  if (size > head.size) {
    return { holds: false, why: 'it has size ' + size + ', and this head only ' + head.size + ': newer entries are not here', shown: false };
  }
  if (size === 0) {
    // Every tree continues the empty one: a proof of that would say nothing while looking like one.
    return { holds: false, shown: false, why: 'consistency with size 0 proves nothing and is refused' };
  }
  if (size === head.size) {
    return { holds: sameBytes(root, head.root), shown: true, why: 'two heads of size ' + size + ' with two roots' };
  }
  const known = knownRoot(run, size);
  if (known !== null) {
    return { holds: sameBytes(root, known), shown: true, why: 'the tree of size ' + size + ' has another root' };
  }
  if (!files.has(name)) {
    return { holds: false, shown: false, why: 'nothing here shows that this head continues size ' + size };
  }
  const proof = await readConsistency(files, name);
  const roots = rootsByConsistency(size, head.size, root, proof);
  const holds = sameBytes(roots.old, root) && sameBytes(roots.now, head.root);
  return { holds, shown: true, why: 'the proof from size ' + size + ' does not lead to both roots' };
}

async function readConsistency(files, name) {
  const lines = new LineReader(files, name);
  const proof = [];
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    const text = decodeUtf8(line);
    proof.push(inFile(name, () => hashFrom(text)));
  }
  return proof;
}

/** The consistency proofs that lie in the bundle, and the heads producers say they saw. */
async function checkConsistency(run) {
  const { files, findings, head, seen } = run;
  for (const name of files.names.filter((candidate) => candidate.startsWith('proofs/consistency/'))) {
    try {
      const size = decimal(name.substr('proofs/consistency/'.length));
      if (size > head.size) {
        throw new Refused('two-histories', name + ': it is about a head larger than this one', name);
      }
      const proof = await readConsistency(files, name);
      const known = knownRoot(run, size);
      let roots;
      try {
        // Without the root of that size the length is all that can be checked of a proof that begins from a whole subtree.
        roots = rootsByConsistency(size, head.size, known || new Uint8Array(32), proof);
      } catch (wrong) {
        throw wrong instanceof Refused ? new Refused('two-histories', name + ': ' + wrong.message, name) : wrong;
      }
      const comparable = known !== null || heightOf(size) < 0;
      if (comparable && (!sameBytes(roots.now, head.root) || (known !== null && !sameBytes(roots.old, known)))) {
        throw new Refused('two-histories', name + ': the proof does not lead to this head', name);
      }
    } catch (wrong) {
      findings.caught('checkpoint', wrong instanceof Malformed ? new Refused('two-histories', name + ': ' + wrong.message, name) : wrong, name);
    }
  }
  run.seenHeld = 0;
  for (const { size, root, index, file } of seen) {
    let answer;
    try {
      answer = await continuesFrom(run, size, root);
    } catch (wrong) {
      if (!(wrong instanceof Refused)) {
        findings.caught('checkpoint', wrong, file);
        continue;
      }
      answer = { shown: true, holds: false, why: wrong.message };
    }
    if (answer.shown && !answer.holds) {
      findings.add('checkpoint', 'seen-other-history', file, 'entry ' + index + ': its producer says it saw a head of size ' + size + ' that is not of this history: ' + answer.why);
    } else if (answer.holds) {
      run.seenHeld++;
    }
  }
}

/** The root of an older size where the entries at hand give it, with what range.json says of those before them; else null. */
function knownRoot(run, size) {
  const { manifest, tree, range } = run;
  if (size === run.head.size) {
    return run.head.root;
  }
  if (!manifest.contiguous || size < manifest.first || size > tree.end || (manifest.first > 0 && range === null)) {
    return null;
  }
  try {
    return tree.root(size, range === null ? [] : range.left);
  } catch (foundByInclusion) {
    return null;
  }
}

/** The witnesses of a trust file: a known one's line must hold, and the quorum must be there. */
async function checkWitnesses(run) {
  const { findings, trust, head } = run;
  if (trust !== null && trust.policy !== null) {
    await checkCosignatures(run);
  }
  // Only now: witnesses may have seen a head before what it is signed with was broken.
  const broken = brokenNow(run);
  if (head.algorithms.every((name) => broken.has(name) && Math.max(0, head.size - 1) >= broken.get(name))) {
    findings.add('checkpoint', 'broken-algorithm', 'checkpoint', 'the checkpoint is signed with ' + head.algorithms.join(', ') + ' only, which the trust file calls broken');
  }
}

async function checkCosignatures(run) {
  const { findings, head } = run;
  const { policy, witnessesFrom, broken } = run.trust;
  const layer = 'witnesses';
  const lines = await cosignaturesOn(run, policy);
  if (lines === null) {
    // Whoever holds a line that is none of a witness's knows nothing of what the others say together.
    return;
  }
  // A head whose newest entry is before that index is older than the witnesses: what is there still has to hold.
  const asked = policy.asks && head.size > witnessesFrom;
  if (policy.asks) {
    run.cosigned = quorumTimes(policy, lines);
    const [lasting] = quorumTimes(policy, lines.filter(({ algorithm }) => !broken.has(algorithm)));
    run.seenLasting = lasting === undefined ? null : lasting.seconds;
  }
  if (run.cosigned.length > 0) {
    findings.valid(layer, counted(lines.length, 'cosignature', 'cosignatures') + ', seen by a quorum at ' + seenTimes(run.cosigned).latest);
  } else if (asked) {
    findings.add(layer, 'cosignature-missing', 'checkpoint', 'the head carries ' + counted(lines.length, 'cosignature', 'cosignatures') + ' by witnesses of the trust file, which is no quorum of its policy');
  } else {
    findings.notCovered(layer, counted(lines.length, 'cosignature', 'cosignatures') + '; the trust file asks for no quorum on a head of this size');
  }
}

/** What the witnesses of a policy said of the head, and when; null where one of them did not, or it is another log's policy. */
async function cosignaturesOn({ findings, head, log }, policy) {
  const layer = 'witnesses';
  if (policy.logs.length > 0 && !policy.logs.some((key) => key.name === log.origin && key.id === head.keyId)) {
    findings.add(layer, 'bad-cosignature', 'checkpoint', 'the witness policy of the trust file is for another log key than the one that signed this head');
    return null;
  }
  const lines = [];
  let all = true;
  for (const [policyName, witness] of policy.witnesses) {
    for (const line of head.others.filter((other) => other.name === witness.name && other.id === witness.id)) {
      try {
        const seconds = await openCosignature(line, witness, head.text);
        if (seconds === null) {
          throw new Refused('bad-cosignature', 'the cosignature of ' + witness.name + ' does not hold');
        }
        lines.push({ policyName, seconds, algorithm: witness.key.algorithm });
      } catch (wrong) {
        findings.caught(layer, wrong, 'checkpoint');
        all = false;
      }
    }
  }
  return all ? lines : null;
}

/** The time by which a quorum had seen the head, and the last from which on one had; empty where there never was one. */
function quorumTimes(policy, cosigned) {
  const times = cosigned.map(({ seconds }) => seconds).sort((one, other) => one - other);
  const within = (from, to) => new Set(cosigned.filter(({ seconds }) => seconds >= from && seconds <= to).map(({ policyName }) => policyName));
  const earliest = times.find((to) => policy.met(within(0, to)));
  const latest = times.slice().reverse().find((from) => policy.met(within(from, Infinity)));
  return earliest === undefined || latest === undefined ? [] : [{ seconds: earliest }, { seconds: latest }];
}

/** When witnesses saw the head, first and last. */
function seenTimes(cosigned) {
  const text = (seconds) => new Date(seconds * 1000).toISOString().replace('.000', '');
  const all = cosigned.map(({ seconds }) => seconds);
  return { earliest: text(all.reduce((one, other) => Math.min(one, other))), latest: text(all.reduce((one, other) => Math.max(one, other))) };
}

/**
 * The algorithms that count no more, each with the leaf index from which on: those a trust file calls broken, unless
 * witnesses whose own signatures still count had seen the head before. Entries that a token shows to be older count as well.
 */
function brokenNow({ trust, seenLasting, stamped }) {
  if (trust === null) {
    return new Map();
  }
  const before = (after) => seenLasting !== null && seenLasting * 1000 < Date.parse(after);
  return new Map([...trust.broken].filter(([, after]) => !before(after)).map(([name, after]) => [name, stamped.bounds.coveredBefore(Date.parse(after))]));
}

/** What the reader asked of the head beyond being signed. */
async function checkRequests(run) {
  const { findings, head, question, trust } = run;
  const met = [];
  const fail = (message) => findings.add('requests', 'request-not-met', '', message);
  if (question.atLeast !== null) {
    if (head.size >= question.atLeast) {
      met.push('size at least ' + question.atLeast);
    } else {
      fail('at least: the head has size ' + head.size + ', less than ' + question.atLeast);
    }
  }
  if (trust !== null && trust.lastSeen !== null) {
    await requireContinues(run, trust.lastSeen, 'the head last seen (trust file)', met);
  }
  if (question.fromCheckpoint !== null) {
    try {
      await requireContinues(run, await openNote(question.fromCheckpoint, run.log, run.ring), 'the earlier checkpoint', met);
    } catch (wrong) {
      if (wrong instanceof NotCheckable) {
        findings.caught('requests', wrong, '');
      } else if (wrong instanceof Malformed || wrong instanceof Refused) {
        fail('the earlier checkpoint: ' + wrong.message);
      } else {
        throw wrong;
      }
    }
  }
  if (question.coversUntil !== null) {
    if (run.manifest.kind === 'filter') {
      fail('covers until: this is a selection, and what was received before its entries may not be here');
    } else if (run.newestReceived !== null && run.newestReceived >= question.coversUntil) {
      met.push('an entry received at ' + run.newestReceived + " by the log's clock");
    } else {
      fail('covers until: the newest entry here was received at ' + (run.newestReceived || 'no known time') + ', before ' + question.coversUntil);
    }
  }
  checkTrustFile(run, met, fail);
  if (met.length > 0) {
    findings.valid('requests', met.join(', '), 'Requests met');
  }
}

function checkTrustFile(run, met, fail) {
  const { trust, cosigned } = run;
  if (trust === null) {
    return;
  }
  for (const line of trust.require || []) {
    const asked = line.use === 'log' && Math.max(0, run.head.size - 1) >= line.from;
    if (asked && !line.algorithms.every((name) => run.head.algorithms.includes(name))) {
      fail('the trust file requires ' + line.algorithms.join(', ') + ' on checkpoints; this one has ' + run.head.algorithms.join(', '));
    }
  }
  if (trust.maxHeadAgeSeconds !== undefined) {
    const newest = cosigned.reduce((latest, { seconds }) => Math.max(latest, seconds), -1);
    if (newest < 0) {
      fail('the age of the head cannot be shown: there is no cosignature on it, and a time-stamp token says that a head is old, never that it is new');
    } else if (run.question.now / 1000 - newest > trust.maxHeadAgeSeconds) {
      fail('the head was cosigned ' + Math.round(run.question.now / 1000 - newest) + ' seconds ago; the trust file allows ' + trust.maxHeadAgeSeconds);
    } else {
      met.push('head not older than ' + trust.maxHeadAgeSeconds + ' seconds');
    }
  }
}

async function requireContinues(run, { size, root, suspicion }, what, met) {
  let answer;
  try {
    answer = await continuesFrom(run, size, root);
  } catch (wrong) {
    if (!(wrong instanceof Refused || wrong instanceof Malformed)) {
      throw wrong;
    }
    // A proof of another form shows nothing, and was found where proofs are looked at.
    answer = { shown: wrong instanceof Refused, holds: false, why: wrong.message };
  }
  if (answer.holds) {
    met.push('continues size ' + size);
  } else {
    const whose = suspicion ? ' (it is ' + suspicion + ", and may be the thief's)" : '';
    run.findings.add('requests', answer.shown ? 'two-histories' : 'request-not-met', '', what + ': ' + answer.why + whose);
  }
}
