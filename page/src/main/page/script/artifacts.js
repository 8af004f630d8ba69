/*
 * The artifacts one after the other, with the place each has by its name (docs/formats.md section 8), and beside them the
 * lines of signatures.jsonl in step.
 */

/** Where a list of artifacts is kept: the bundle's own, or those of key-events/. */
class Artifacts {
  /**
   * @param manifest of the bundle, null for key-events/, where the files there are the list
   * @param statementBytes how long a line of a shard may be
   */
  constructor(files, prefix, manifest, statementBytes) {
    this.files = files;
    this.prefix = prefix;
    this.manifest = manifest;
    this.statementBytes = statementBytes;
    const pattern = new RegExp('^' + prefix + 'artifacts/([0-9]{20})\\.json$');
    this.single = files.names.filter((name) => pattern.test(name));
  }

  get sharded() {
    return this.manifest !== null && this.manifest.shards.length > 0;
  }

  /** The place of a file by its name. A number beyond all sequences is that of no entry of manifest.json. */
  indexOf(name) {
    const digits = name.substr(this.prefix.length + 10, 20).replace(/^0+(?=.)/, '');
    return this.manifest !== null && Number(digits) > Number.MAX_SAFE_INTEGER ? Infinity : decimal(digits);
  }

  /**
   * Calls `each({index, bytes, file})` for every artifact. What is missing or too many is found on the way.
   * @param found `(finding, file, message)`
   */
  async forEach(found, each) {
    if (this.sharded) {
      await this.forEachLine(found, each);
      return;
    }
    const m = this.manifest;
    for (const name of m === null ? [] : this.files.names.filter((candidate) => /^artifacts\/.*\.jsonl$/.test(candidate))) {
      found('stranger', name, 'Stranger: ' + name + ' is a shard, and manifest.json names none');
    }
    let expected = m === null ? 0 : m.first;
    for (const file of this.single) {
      const index = this.indexOf(file);
      if (m !== null && (index < m.first || index > m.last)) {
        if (index > m.last && m.contiguous && expected <= m.last) {
          missing(found, expected, m.last);
          expected = m.last + 1;
        }
        found('stranger', file, 'Stranger: ' + file + ' is not among the entries of manifest.json');
        continue;
      }
      if (m !== null && m.contiguous && index > expected) {
        missing(found, expected, index - 1);
      }
      expected = index + 1;
      await each({ index, bytes: await this.files.read(file), file });
    }
    if (m !== null && m.contiguous && expected <= m.last) {
      missing(found, expected, m.last);
    }
  }

  async forEachLine(found, each) {
    const listed = new Set(this.manifest.shards.map((shard) => shard.file));
    for (const name of this.files.names) {
      if (name.startsWith('artifacts/') && !listed.has(name)) {
        found('stranger', name, 'Stranger: ' + name + ' is not among the shards of manifest.json');
      }
    }
    const places = this.manifest.contiguous ? null : new SequenceLines(this.files, this.prefix + 'signatures.jsonl');
    for (const shard of this.manifest.shards) {
      if (!this.files.has(shard.file)) {
        missing(found, shard.first, shard.last);
        continue;
      }
      const lines = new LineReader(this.files, shard.file, this.statementBytes);
      let count = 0;
      for (let line = await lines.next(); line !== null; line = await lines.next()) {
        if (count === shard.count) {
          found('stranger', shard.file, 'Stranger: ' + shard.file + ' has more lines than manifest.json says');
          break;
        }
        const index = places === null ? shard.first + count : await places.next();
        if (index === null) {
          throw new Malformed('signatures.jsonl has fewer lines than there are artifacts', 'signatures.jsonl');
        }
        if ((count === 0 && index !== shard.first) || (count === shard.count - 1 && index !== shard.last)) {
          throw new Malformed(shard.file + ' does not hold the entries manifest.json says', shard.file);
        }
        count++;
        await each({ index, bytes: line, file: shard.file, line: count });
      }
      if (count < shard.count) {
        missing(found, shard.first + count, shard.last);
      }
    }
  }
}

/**
 * The sequences of signatures.jsonl: in shards of a selection they are the names of the lines. What is wrong with that file
 * is a finding about signatures, whoever reads it first; each line is read before the artifact of the one above is judged.
 */
class SequenceLines {
  constructor(files, name) {
    this.files = files;
    this.lines = new SignatureLines(files, name);
  }

  async next() {
    const { files, lines } = this;
    if (!files.has(lines.name)) {
      throw new Refused('missing-file', 'Missing file: ' + lines.name, lines.name);
    }
    const line = await lines.peek();
    if (line === null) {
      return null;
    }
    lines.ahead = undefined;
    await lines.peek();
    return line.sequence;
  }
}

function missing(found, first, last) {
  const file = 'artifacts/' + padded(first) + '.json';
  found('missing-entry', file, (first === last ? 'Entry ' + first + ' is missing' : 'Entries ' + first + ' to ' + last + ' are missing') + ': there is no ' + file);
}

/** The lines of signatures.jsonl, taken in step with the artifacts. */
class SignatureLines {
  constructor(files, name) {
    this.name = name;
    this.lines = new LineReader(files, name);
    this.ahead = undefined;
    this.behind = undefined;
    this.last = -1;
  }

  async peek() {
    if (this.ahead === undefined && this.behind !== undefined) {
      this.ahead = this.behind;
      this.behind = undefined;
    }
    if (this.ahead === undefined) {
      const json = await this.lines.nextObject();
      this.ahead = json === null ? null : inFile(this.name, () => this.parse(json), ' line ' + this.lines.number);
    }
    return this.ahead;
  }

  parse(json) {
    const sequence = countOf(json, 'sequence');
    if (sequence <= this.last) {
      throw new Malformed('is out of order');
    }
    this.last = sequence;
    if ('signatures' in json) {
      requireMembers(json, 'sequence', 'signatures');
      return { sequence, signatures: signaturesOf(json) };
    }
    requireMembers(json, 'batch', 'path', 'sequence');
    return { sequence, batch: countOf(json, 'batch'), path: hashesOf(json, 'path') };
  }

  /** The line of an artifact, or null; lines of entries that are not here are found on the way. */
  async of(index, found) {
    for (let line = await this.peek(); line !== null && line.sequence <= index; line = await this.peek()) {
      this.ahead = undefined;
      if (line.sequence === index) {
        return line;
      }
      found('stranger', this.name, this.name + ' has signatures for entry ' + line.sequence + ', which is not here');
    }
    await this.requireOrder();
    found('unsigned', { file: this.name, index }, 'entry ' + index + ' has no line in ' + this.name);
    return null;
  }

  /** Before a line is said to be missing: whether the lines are only out of order. */
  async requireOrder() {
    if (this.ahead !== null && this.behind === undefined) {
      const waiting = this.ahead;
      this.ahead = undefined;
      this.behind = await this.peek();
      this.ahead = waiting;
    }
  }

  async finish(found) {
    for (let line = await this.peek(); line !== null; line = await this.peek()) {
      this.ahead = undefined;
      found('stranger', this.name, this.name + ' has signatures for entry ' + line.sequence + ', which is not here');
    }
  }
}
