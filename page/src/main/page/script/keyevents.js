/*
 * key-events/ (docs/formats.md sections 1 and 8): the stream `_keys` whole, closed by a heads entry. Its authorisations
 * make the ring before any signature is judged; that its entries are in the log, signed and complete is this layer.
 */

const KEY_EVENTS = 'key-events/';

class KeyEvents {
  constructor(run) {
    this.run = run;
    this.present = run.files.names.some((name) => name.startsWith(KEY_EVENTS));
    /** Key events by their index. */
    this.bodies = new Map();
    this.entries = [];
    /** The heads entry that closes them: up to it no key event is missing; 0 where nothing shows it. */
    this.completeTo = 0;
    this.say = (finding, file, message, ...details) => run.findings.add('key-events', finding, file, message, ...details);
  }

  /** Reads what is there and applies the authorisations in the order of the log. */
  async makeRing() {
    const { run } = this;
    try {
      if (this.present) {
        await this.read();
      }
    } catch (wrong) {
      run.findings.caught('key-events', wrong, KEY_EVENTS);
    }
    for (const [index, { file }] of run.keyEventBodies) {
      if (!this.bodies.has(index) && this.present) {
        this.say('key-event-hidden', file, 'entry ' + index + ' is a key event that key-events/ does not show');
      }
    }
    for (const index of [...this.bodies.keys()].sort((one, other) => one - other)) {
      const { file, body } = this.bodies.get(index);
      try {
        await run.ring.apply(body, index);
      } catch (wrong) {
        if (wrong instanceof NotCheckable) {
          run.findings.caught('key-events', wrong, file);
        } else if (wrong instanceof Malformed || wrong instanceof Refused) {
          this.say('bad-key-event', file, 'entry ' + index + ': ' + wrong.message);
        } else {
          throw wrong;
        }
        break;
      }
    }
    // With key events that cannot be believed nobody knows which keys were in force.
    this.complete = !run.findings.failed('key-events');
  }

  async read() {
    const { run } = this;
    const artifacts = new Artifacts(run.files, KEY_EVENTS, null, run.log.statementBytes);
    const shown = [];
    await artifacts.forEach(this.say, async (entry) => {
      const statement = inFile(entry.file, () => parseStatement(entry.bytes));
      if (statement.log !== run.log.origin || statement.sequence !== entry.index) {
        throw new Malformed(entry.file + ' says it is entry ' + statement.sequence + ' of ' + statement.log, entry.file);
      }
      shown.push({ entry, statement });
      this.entries.push({ index: entry.index, file: entry.file, bytes: entry.bytes, entryHash: statement.entryHash, statement });
    });
    const name = KEY_EVENTS + 'proofs/stream.json';
    const bytes = await run.files.read(name);
    const json = inFile(name, () => parseCanonicalObject(bytes));
    const heads = new HeadsCheck(() => {}, -1);
    const closing = isObject(json.end) ? json.end.heads : undefined;
    let before = run.log.genesis;
    let events = 0;
    for (const { entry, statement } of shown) {
      heads.next(entry, statement);
      if (entry.index === closing && statement.kind === 'heads/v1') {
        continue;
      }
      if (statement.stream !== '_keys' || statement.streamSequence !== events || statement.streamPrevHash !== before) {
        throw new Malformed(entry.file + ' is not key event ' + events + ' of this log: the stream is not whole', entry.file);
      }
      before = statement.entryHash;
      events++;
      this.bodies.set(entry.index, { file: entry.file, body: statement.body });
    }
    const end = inFile(name, () => this.endOf(json, heads));
    const below = shown.filter(({ entry }) => entry.index < end.heads);
    const last = below[below.length - 1];
    if (end.count !== below.length || (end.count > 0 && (end.entryHash !== last.statement.entryHash || end.sequence !== last.entry.index))) {
      throw new Malformed('heads entry ' + end.heads + ' counts ' + counted(end.count, 'key event', 'key events') + ', ' + below.length + ' are shown', name);
    }
    this.completeTo = end.heads;
  }

  /** Here a proof that does not hold is one more form that key-events/ must not have. */
  endOf(json, heads) {
    try {
      return checkStreamProof(json, '_keys', heads.bodies);
    } catch (wrong) {
      throw wrong instanceof Refused ? new Malformed(wrong.message, wrong.file) : wrong;
    }
  }

  /** Signatures and inclusion of the entries of key-events/, under the one head. */
  async checkEntries(head) {
    const { run } = this;
    if (!this.present) {
      return;
    }
    const found = (finding, file, message) => this.say(finding, file, message);
    try {
      // A trust file asks the same of them as of the artifacts: a part of a log may show them nowhere else.
      const check = new SignatureCheck(run.log, run.ring, run.trust === null ? [] : run.trust.require, found);
      check.brokenAlgorithms = brokenNow(run);
      check.issuers = run.trust === null ? [] : run.trust.issuers;
      const batches = KEY_EVENTS + 'batches.jsonl';
      check.useBatches(await readBatches(run.files, batches, run.log));
      const name = KEY_EVENTS + 'signatures.jsonl';
      if (!run.files.has(name)) {
        throw new Refused('missing-file', 'Missing file: ' + name, name);
      }
      const lines = new SignatureLines(run.files, name);
      for (const entry of this.entries) {
        const line = await lines.of(entry.index, found);
        if (line !== null) {
          await check.entry(entry, entry.entryHash, entry.bytes, line);
        }
        if (hasIdentity(entry.statement)) {
          check.identity(entry, entry.statement);
        }
      }
      await lines.finish(found);
      await check.settle(0);
      check.requireNamed(batches);
      if (head !== null) {
        await checkEntryProofs(run, KEY_EVENTS + 'proofs/entries.jsonl', this.entries, head, found);
      }
    } catch (wrong) {
      run.findings.caught('key-events', wrong, KEY_EVENTS);
    }
  }

  conclude() {
    const { run } = this;
    const whole = run.manifest.kind === 'all';
    if (!this.present) {
      for (const [index, { file }] of run.keyEventBodies) {
        this.say('key-event-hidden', file, 'entry ' + index + ' is a key event that key-events/ does not show');
      }
    }
    if (!whole && !this.present) {
      this.say('missing-file', KEY_EVENTS, 'key-events/ is missing: in a part of a log only it shows that no key was withdrawn');
    }
    const newest = run.newestHeads;
    if (newest !== null && this.completeTo > 0 && newest.index > this.completeTo) {
      this.say('key-event-hidden', newest.file, 'entry ' + newest.index + ' is a heads entry, and key-events/ is closed by an older one, ' + this.completeTo + ': what was withdrawn between them is not shown');
    }
    const { events } = run.ring;
    const until = whole ? 'size ' + run.manifest.checkpointSize : 'entry ' + this.completeThrough();
    run.findings.valid('key-events', (events === 0 ? 'none after log.json' : events + ' after log.json') + '; no other revocation up to ' + until);
  }

  /**
   * The last entry up to which no key event is missing. A contiguous range shows its own: closed at its first entry, or
   * right before it, they are complete to its end.
   */
  completeThrough() {
    const { manifest } = this.run;
    return manifest.contiguous && this.completeTo >= manifest.first - 1 ? Math.max(this.completeTo, manifest.last) : this.completeTo;
  }
}
