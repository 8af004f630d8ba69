/*
 * The verification of a bundle from first to last (docs/formats.md section 8): every layer, in the order in which the
 * verdict names them. `verifyBundle` is all the page and the tests call.
 */

/**
 * @param files the bundle (files.js, zip.js)
 * @param question `{genesis, trust, atLeast, coversUntil, fromCheckpoint, all, explain, now, signal}`, absent ones null; `explain`:
 *     look for the byte at which a file differs, which takes seconds; `signal`: an AbortSignal, by which `Stopped` is thrown
 * @param progress `(layer, done, of)`, called often
 */
async function verifyBundle(files, question, progress) {
  const asked = { genesis: null, trust: null, atLeast: null, coversUntil: null, fromCheckpoint: null, all: false, explain: false, now: Date.now(), signal: null, ...question };
  const run = new Verification(files, asked, progress || (() => {}));
  try {
    await selfTest();
    await run.all();
  } catch (wrong) {
    if (wrong instanceof Stopped) {
      throw wrong;
    }
    if (wrong instanceof NotCheckable) {
      run.findings.add('seal', 'not-checkable', '', wrong.message);
    } else if (!run.findings.anyFailed()) {
      // Nothing was found, and this page broke: that is no verdict about the bundle.
      run.findings.add('seal', 'not-checkable', '', 'this page failed: ' + (wrong.stack || wrong));
    }
  }
  return run.verdict();
}

/**
 * The same for what people hand in: `{zip: Blob}` or `{files: Map of name to bytes or Blob}`, and options as bytes and
 * text. A container or an option that cannot be read is a verdict too.
 */
async function verifyGiven(content, options, progress) {
  const question = { ...options };
  if (options.trust) {
    question.trust = parseTrust(options.trust);
    if (question.genesis && question.genesis !== question.trust.genesis) {
      throw new Malformed('the genesis given and the one in the trust file are not the same');
    }
  }
  if (options.fromCheckpoint) {
    question.fromCheckpoint = readEarlier(options.fromCheckpoint);
  }
  let files = null;
  try {
    const bundle = !(await isForVerify(content));
    if (bundle && content.zip) {
      files = await openZip(content.zip, options.signal);
    } else if (bundle) {
      const [first] = content.files.values();
      files = first instanceof Uint8Array ? new MemoryFiles(content.files) : new BlobFiles(content.files);
    }
  } catch (wrong) {
    const findings = new Findings();
    findings.caught('seal', wrong, '');
    return conclude(findings, true, false, {}, [], []);
  }
  if (files === null) {
    throw new Malformed('receipts and archives are for `terraseal verify`; this page judges bundles');
  }
  return verifyBundle(files, question, progress);
}

/**
 * Whether it is a receipt, which begins as every JSON object does, or an archive: whoever gave it is told, for a verdict would
 * say that a good one is a broken bundle. A folder that has files of both is judged as the bundle it says it is.
 */
async function isForVerify({ zip, files }) {
  if (zip) {
    return zip.size > 0 && (await blobBytes(zip, 0, 1))[0] === 0x7b;
  }
  const names = [...files.keys()];
  const below = (directory) => names.some((name) => name.startsWith(directory + '/'));
  const bundle = files.has('SHA256SUMS') || files.has('manifest.json') || below('artifacts');
  return !bundle && (below('segments') || (files.has('log.json') && below('checkpoints')));
}

/** A file that is no signed note asks nothing: whoever gave it is told, and there is no verdict. */
function readEarlier(bytes) {
  try {
    return parseNote(bytes);
  } catch (wrong) {
    throw wrong instanceof Malformed ? new Malformed('the earlier checkpoint ' + wrong.message) : wrong;
  }
}

class Verification {
  constructor(files, question, progress) {
    this.files = files;
    this.question = question;
    this.findings = new Findings();
    this.onProgress = progress;
    this.trust = question.trust || (question.genesis ? bareTrust(question.genesis) : null);
    this.facts = {};
    this.broken = new Set();
    this.listed = new Map();
    this.head = null;
    this.cosigned = [];
    /** When a quorum had seen the head whose algorithms nobody calls broken, in seconds; null if none had. */
    this.seenLasting = null;
    this.stamped = { bounds: new TimeBounds([]), tokens: 0, strangers: new Set(), broken: 0 };
    this.intervals = [];
    this.lags = [];
    this.range = null;
    this.seen = [];
    this.entries = [];
    this.keyEventBodies = new Map();
    this.newestReceived = null;
    this.newestHeads = null;
    this.streamEnd = null;
    /** What the drawings show; `held` are the entries whose signatures were checked and hold. */
    this.view = { entries: [], held: new Set() };
  }

  async progress(layer, done, of) {
    await this.breathe();
    if (done % 64 === 0 || done === of) {
      this.onProgress(layer, done, of);
    }
  }

  /** Lets the page answer, and ends here where nobody waits for the verdict any more. */
  async breathe() {
    await breathe(this.question.signal);
  }

  async all() {
    await checkSeal(this);
    await checkFileHashes(this);
    if (!(await this.declaration())) {
      return;
    }
    await this.chain();
    const keyEvents = new KeyEvents(this);
    this.keyEvents = keyEvents;
    await keyEvents.makeRing();
    await openHead(this);
    if (this.head !== null) {
      await readStamps(this);
      await checkWitnesses(this);
    }
    await this.signatures();
    if (this.head !== null) {
      await checkInclusion(this);
      // Roots of older sizes are those of the entries only if the entries are under the head.
      if (!this.findings.failed('inclusion')) {
        await checkConsistency(this);
      }
      this.concludeCheckpoint();
    }
    await this.streams();
    await keyEvents.checkEntries(this.head);
    keyEvents.conclude();
    await checkDerived(this);
    if (this.head !== null) {
      await readTimes(this);
      concludeTime(this);
      await checkRequests(this);
    }
    this.concludeContinuity();
  }

  /** log.json and manifest.json: without them there is no question to ask of the rest. */
  async declaration() {
    const { files, findings, trust } = this;
    try {
      requireSize(files, 'log.json', SIZE.log);
      const bytes = await files.read('log.json');
      this.log = inFile('log.json', () => parseLog(bytes));
      const { log } = this;
      Object.assign(this.facts, { origin: log.origin, genesis: log.genesis });
      if (trust !== null && trust.genesis !== log.genesis) {
        findings.add('declaration', 'wrong-genesis', 'log.json', 'Another log: its genesis is ' + log.genesis + ', you gave ' + trust.genesis, 'it calls itself ' + log.origin + '; a name alone proves nothing');
      } else if (trust !== null && trust.origin !== null && trust.origin !== log.origin) {
        findings.add('declaration', 'other-log', 'log.json', 'Another log: it calls itself ' + log.origin + ', the trust file says ' + trust.origin);
      }
      requireSize(files, 'manifest.json', SIZE.manifest);
      const manifest = await files.read('manifest.json');
      this.manifest = inFile('manifest.json', () => parseManifest(manifest));
      findings.valid('declaration', log.origin + ', genesis ' + log.genesis);
    } catch (wrong) {
      findings.caught('declaration', wrong, 'log.json');
      return false;
    }
    this.ring = new KeyRing(this.log);
    this.tree = new RangeTree(this.manifest.first);
    this.derived = new Derived();
    this.artifacts = new Artifacts(files, '', this.manifest, this.log.statementBytes);
    return true;
  }

  /** One pass over the artifacts, in which everything that needs their words is gathered. */
  async chain() {
    const { findings, manifest, log } = this;
    const found = (finding, where, message, ...details) => findings.add('chain', finding, where, message, ...details);
    const whole = manifest.kind === 'stream' ? manifest.query.stream : null;
    const named = await this.namedHeads();
    const chain = new ChainCheck(log, manifest, whole, found);
    this.continuity = new Continuity((name, file, message) => findings.add('continuity', name, file, message));
    this.heads = new HeadsCheck((finding, where, message) => findings.add('stream-heads', finding, where, message), manifest.first);
    let done = 0;
    try {
      await this.artifacts.forEach(found, async (entry) => {
        await this.progress('chain', ++done, manifest.count);
        const statement = chain.next(entry);
        this.take(entry, statement);
      });
      this.checkSelection(found, named);
      findings.valid('chain', counted(this.derived.count, 'artifact', 'artifacts') + ', sequences ' + manifest.first + '–' + manifest.last);
    } catch (wrong) {
      findings.caught(wrong.file === 'signatures.jsonl' ? 'signatures' : 'chain', wrong, 'artifacts/');
    }
  }

  /** The heads entry that proofs/stream.json names, null where there is no such file, undefined where it cannot be read. */
  async namedHeads() {
    const name = 'proofs/stream.json';
    if (this.manifest.kind !== 'stream' || !this.files.has(name)) {
      return null;
    }
    try {
      const { end } = parseCanonicalObject(await this.files.read(name));
      return isObject(end) && typeof end.heads === 'number' && end.heads >= 0 ? end.heads : undefined;
    } catch (foundLater) {
      return undefined;
    }
  }

  take(entry, statement) {
    const { index, file } = entry;
    const hash = statement === null ? sha256(entry.bytes) : fromHex(statement.entryHash);
    this.tree.append(leafHash(hash));
    if (statement === null) {
      this.entries.push({ index, file, entryHash: hex(hash), verified: false });
      this.view.entries.push({ index, file, holds: false });
      return;
    }
    const { event, entryHash } = statement;
    this.entries.push({ index, file, entryHash, verified: hasIdentity(statement), received: Date.parse(event.receivedAt), occurred: Date.parse(event.occurredAt) });
    this.heads.next(entry, statement);
    this.continuity.next(entry, statement);
    this.derived.next(statement);
    if (statement.kind === 'key-event/v1') {
      this.keyEventBodies.set(index, { file, body: statement.body });
    } else if (statement.kind === 'heads/v1') {
      this.newestHeads = { index, file };
    }
    if (event.seenCheckpoint) {
      this.takeSeen(entry, event.seenCheckpoint);
    }
    if (this.newestReceived === null || event.receivedAt > this.newestReceived) {
      this.newestReceived = event.receivedAt;
    }
    this.view.entries.push({
      index,
      file,
      holds: statement.holds,
      stream: statement.stream,
      streamSequence: statement.streamSequence,
      kind: statement.kind,
      id: event.id,
      receivedAt: event.receivedAt,
      outcome: textAt(statement.body, 'outcome'),
      ticket: textAt(statement.body, 'change', 'ticket'),
      entryHash,
    });
  }

  /** `{size, root, noteSha256, cosignatures[]}` of the newest head a producer saw: a claim that is checked where it can be. */
  takeSeen({ index, file }, seen) {
    try {
      const size = countOf(seen, 'size');
      this.seen.push({ index, file, size, root: hashFrom(textOf(seen, 'root')), cosignatures: 'cosignatures' in seen ? textsOf(seen, 'cosignatures') : [] });
    } catch (unreadable) {
      this.findings.add('checkpoint', 'seen-other-history', file, 'entry ' + index + ' quotes a head that cannot be read: ' + unreadable.message);
    }
  }

  /** Which artifacts an export of its kind has, and no other (section 8). */
  checkSelection(found, named) {
    const { manifest, entries } = this;
    // Of a selection only the end is known beforehand; another first entry is a wrong number in manifest.json (derived).
    if (entries.length > 0 && !manifest.contiguous && entries[entries.length - 1].index < manifest.last) {
      found('missing-entry', 'manifest.json', 'the artifacts end at ' + entries[entries.length - 1].index + ', manifest.json says that the last is ' + manifest.last);
    }
    if (manifest.kind !== 'stream') {
      return;
    }
    let closedBy = null;
    for (const entry of this.view.entries.filter(({ stream }) => stream !== undefined)) {
      const { index, stream, kind } = entry;
      const closing = kind === 'heads/v1' && (index === named || named === undefined);
      if (closedBy !== null) {
        found('stranger', entry, 'Stranger: entry ' + index + ' stands behind heads entry ' + closedBy + ', which closes this export');
      } else if (stream !== manifest.query.stream && !closing) {
        found('stranger', entry, 'Stranger: entry ' + index + ' is of stream ' + stream + ', and this is the export of ' + manifest.query.stream);
      }
      closedBy = closing && named !== undefined ? index : closedBy;
    }
  }

  async signatures() {
    const { files, findings, ring, log, trust, manifest } = this;
    const layer = 'signatures';
    const found = (finding, where, message) => findings.add(layer, finding, where, message);
    if (!this.keyEvents.complete) {
      return;
    }
    try {
      const check = new SignatureCheck(log, ring, trust === null ? [] : trust.require, found);
      this.view.held = check.held;
      check.useBatches(await readBatches(files, 'batches.jsonl', log));
      check.brokenAlgorithms = brokenNow(this);
      check.issuers = trust === null ? [] : trust.issuers;
      if (!files.has('signatures.jsonl')) {
        throw new Refused('missing-file', 'Missing file: signatures.jsonl', 'signatures.jsonl');
      }
      const lines = new SignatureLines(files, 'signatures.jsonl');
      let at = 0;
      await this.artifacts.forEach(() => {}, async (entry) => {
        const { entryHash, verified } = this.entries[at];
        await this.progress(layer, ++at, manifest.count);
        const line = await lines.of(entry.index, found);
        if (line !== null) {
          await check.entry(entry, entryHash, entry.bytes, line);
        }
        if (verified) {
          check.identity(entry, parseStatement(entry.bytes));
        }
      });
      await check.settle(0);
      await lines.finish(found);
      check.requireNamed('batches.jsonl');
      findings.valid(layer, signers(check, ring), 'All ' + counted(manifest.count, 'artifact signature', 'artifact signatures') + ' valid');
    } catch (wrong) {
      findings.caught(layer, wrong, 'signatures.jsonl');
    }
  }

  concludeCheckpoint() {
    const { head, log, findings, facts } = this;
    Object.assign(facts, { size: head.size, root: base64(head.root), first: this.manifest.first, count: this.manifest.count });
    let detail = log.origin + ' size ' + head.size;
    if (this.newestReceived !== null && this.manifest.contiguous && this.tree.end === head.size) {
      detail += ', newest entry received ' + this.newestReceived + " by the log's clock";
    }
    if (head.algorithms.length > 1) {
      detail += '; signed by the log with ML_DSA_44 too';
    }
    const witnesses = this.trust !== null && this.trust.policy ? this.trust.policy.witnesses.size : 0;
    if (head.others.length > 0 && witnesses === 0) {
      detail += '; ' + counted(head.others.length, 'more line', 'more lines') + ' by keys not given here, not checked';
    }
    findings.valid('checkpoint', detail);
  }

  /** Heads entries derived again, and the end of a stream. */
  async streams() {
    const { findings, manifest, heads, files, derived } = this;
    const layer = 'stream-heads';
    const name = 'proofs/stream.json';
    try {
      if (manifest.kind === 'stream' && files.has(name)) {
        await this.checkEnd(name);
        return;
      }
      if (files.has(name)) {
        findings.add(layer, 'stranger', name, 'Stranger: ' + name + ' belongs to the export of one stream');
      }
      if (manifest.kind === 'stream') {
        findings.notCovered(layer, 'contiguous, end not proven: ' + counted(derived.count, 'entry', 'entries') + ' of stream ' + manifest.query.stream);
      } else if (heads.notDerived > 0) {
        findings.notCovered(layer, heads.notDerived + ' not derived again: ' + (manifest.contiguous ? 'entries before ' + manifest.first + ' are not here' : 'entries between are not here'));
      } else if (heads.checked === 0) {
        findings.notCovered(layer, 'no heads entry here');
      } else {
        const ordinary = derived.count - derived.reserved.size;
        const streams = [...heads.streams.keys()].filter((stream) => !isReserved(stream)).length;
        findings.valid(layer, counted(ordinary, 'entry', 'entries') + ' in ' + counted(streams, 'stream', 'streams') + ', ' + counted(heads.checked, 'heads entry', 'heads entries'));
      }
    } catch (wrong) {
      findings.caught(layer, wrong instanceof Malformed ? new Refused('bad-heads', wrong.message, wrong.file) : wrong, name);
    }
  }

  async checkEnd(name) {
    const { findings, manifest, heads, files } = this;
    const { stream } = manifest.query;
    const bytes = await files.read(name);
    const end = inFile(name, () => checkStreamProof(parseCanonicalObject(bytes), stream, heads.bodies));
    const shown = this.view.entries.filter((entry) => entry.stream === stream && !(stream === '_log' && entry.index === end.heads));
    const last = shown[shown.length - 1];
    const holds = shown.length === end.count && (end.count === 0 || (last.entryHash === end.entryHash && last.index === end.sequence && last.index < end.heads));
    if (!holds) {
      throw new Refused('bad-heads', 'heads entry ' + end.heads + ' says stream ' + stream + ' has ' + counted(end.count, 'entry', 'entries') + '; ' + shown.length + ' are here', name);
    }
    this.streamEnd = end;
    findings.valid('stream-heads', this.streamText());
  }

  /** What a stream export shows, in words. */
  streamText() {
    const { count, heads } = this.streamEnd;
    const what = count === 0 ? 'no entry' : count === 1 ? 'the one entry' : 'all ' + count + ' entries';
    return what + ' of stream ' + this.manifest.query.stream + ' below heads entry ' + heads;
  }

  concludeContinuity() {
    const { continuity, findings } = this;
    const lineages = continuity.lineages.size;
    if (lineages === 0) {
      findings.notCovered('continuity', 'no apply here says what state it found and left');
    } else {
      findings.valid('continuity', counted(lineages, 'lineage', 'lineages') + ', ' + (continuity.gaps === 0 ? 'no gap' : counted(continuity.gaps, 'finding', 'findings')), continuity.gaps === 0 ? undefined : 'State continuity');
    }
  }

  proven() {
    const { manifest, heads, streamEnd } = this;
    const out = ['each statement is byte for byte what a key of this log signed for its place'];
    out.push(manifest.contiguous ? 'entries ' + manifest.first + '–' + manifest.last + ' are whole, in order and under one signed head' : 'each entry is under one signed head');
    if (streamEnd !== null) {
      out.push('that these are ' + this.streamText() + ', as the log stated');
    }
    if (manifest.kind !== 'stream' && heads.checked > 0) {
      out.push('what the log says about its streams');
    }
    if (this.drawn) {
      out.push(this.drawn);
    }
    if (this.stamped.bounds.covered > 0) {
      out.push('entries up to ' + (this.stamped.bounds.covered - 1) + ' were in the log by the times of their tokens');
    }
    if (this.cosigned.length > 0) {
      const { earliest, latest } = seenTimes(this.cosigned);
      out.push('the head existed at ' + earliest + ' and witnesses saw it last at ' + latest);
    }
    return out;
  }

  notProven() {
    const { manifest, keyEvents, streamEnd } = this;
    const out = ['that what is recorded is true'];
    if (manifest.kind !== 'all') {
      out.push(manifest.checkpointSize - manifest.count + ' entries of this head are not shown');
      // Not only for later entries: a revocation says from which entry on a key was compromised, long before itself.
      if (keyEvents.completeThrough() < manifest.checkpointSize - 1) {
        out.push('that no key was withdrawn after entry ' + keyEvents.completeThrough());
      }
    }
    if (manifest.kind === 'filter' && !this.drawn) {
      out.push('that the selection is complete');
    } else if (manifest.kind === 'stream' && streamEnd === null) {
      out.push('that the stream ends here');
    }
    if (this.sample) {
      out.push(this.sample);
    }
    const stamped = this.stamped.bounds.covered > 0 ? 'when anything happened, but that it was before the times of the tokens' : null;
    if (this.cosigned.length > 0) {
      out.push(stamped || 'when anything happened, but that it was before the witnesses saw it', 'nothing here says it is the newest today');
    } else {
      out.push(stamped || 'when anything happened (no time-stamp token)', 'that others see the same history (no witness); nothing here says it is the newest today');
    }
    out.push('that no second signature, cosignature or time-stamp token was left out');
    return out;
  }

  verdict() {
    const { findings, question, trust, facts } = this;
    if (this.head === null && !findings.anyFailed()) {
      findings.add('checkpoint', NOT_CHECKABLE, 'checkpoint', 'no checkpoint was opened, so nothing is shown to be in the log');
    }
    findings.requireConcluded();
    const complete = !findings.anyFailed() && this.manifest !== undefined;
    const verdict = conclude(findings, trust !== null, question.all, facts, complete ? this.proven() : [], complete ? this.notProven() : []);
    verdict.view = this.view;
    verdict.view.blamed = findings.blamed;
    // Without them nobody knows which keys signed, or whether all of this is another log.
    verdict.view.keysKnown = !findings.failed('declaration') && !findings.failed('key-events');
    verdict.view.included = findings.results.has('inclusion') && !findings.failed('inclusion');
    if (complete) {
      verdict.intervals = intervalTexts(this.intervals);
    }
    verdict.view.breaks = this.continuity ? this.continuity.breaks : [];
    return verdict;
  }
}

function signers(check, ring) {
  return [...check.counts.keys()].map((keyid) => 'attest key ' + keyid.substr(0, 8) + '… ' + ring.key(keyid).algorithm).join(', ');
}
