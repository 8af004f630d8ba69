/*
 * The hash chain (docs/formats.md sections 3 and 8): every artifact is a statement of this log, at its place, linked to
 * the one before it in the log and in its stream, and says truly what its content hashes to.
 */

class ChainCheck {
  /**
   * @param manifest how the artifacts lie: `all` from 0, `range` without gaps, `stream` (`stream` whole from 0, others as in
   *     a selection), `filter`; as long as a selection has no gap it is judged like a range
   */
  constructor(log, { kind, first }, stream, found) {
    this.log = log;
    this.kind = kind;
    this.first = first;
    this.expected = first;
    this.gapless = true;
    this.whole = stream;
    this.found = found;
    this.last = null;
    this.streams = new Map();
  }

  /** The statement, null where there is none; `holds` of it says whether its link to the one before does. */
  next(entry) {
    const say = (finding, message, ...details) => this.found(finding, entry, nameOf(entry) + ': ' + message, ...details);
    let statement;
    const { index } = entry;
    this.gapless = this.gapless && index === this.expected++;
    if (entry.bytes.length > this.log.statementBytes) {
      say('malformed', 'has ' + entry.bytes.length + ' bytes; this log\'s limit is ' + this.log.statementBytes);
      return this.lost(index);
    }
    try {
      statement = parseStatement(entry.bytes);
    } catch (wrong) {
      if (!(wrong instanceof Malformed)) {
        throw wrong;
      }
      say('malformed', 'is not a statement of this log: ' + wrong.message);
      return this.lost(index);
    }
    if (statement.log !== this.log.origin) {
      say('other-log', 'belongs to log ' + statement.log + ', not to ' + this.log.origin);
    }
    if (statement.sequence !== index) {
      say('wrong-place', 'says it is entry ' + statement.sequence + ', but it lies at ' + index);
    }
    // In a selection the stream is what the artifacts are about.
    if (this.kind === 'all' || this.kind === 'range') {
      statement.holds = this.checkLink(statement, index, say);
      this.checkStream(statement, say);
    } else {
      this.checkStream(statement, say);
      statement.holds = this.checkLink(statement, index, say);
    }
    this.checkReserved(statement, say);
    const content = contentDigest(statement);
    if (content !== statement.event.contentSha256) {
      say('content-mismatch', 'says its content hashes to ' + statement.event.contentSha256 + '; it hashes to ' + content);
    }
    this.last = { index, hash: statement.entryHash };
    return statement;
  }

  /** After an artifact that cannot be read no link to it can be judged. */
  lost(index) {
    this.gapless = false;
    this.last = { index, hash: null };
    return null;
  }

  checkLink(statement, index, say) {
    let before = null;
    let what = 'the genesis is ';
    if (index === 0) {
      before = this.log.genesis;
    } else if (this.last !== null && this.last.index === index - 1) {
      before = this.last.hash;
      what = 'but entry ' + (index - 1) + ' hashes to ';
    }
    if (before !== null && statement.prevHash !== before) {
      say('broken-link', 'its prevHash is ' + statement.prevHash + ', ' + what + before);
      return false;
    }
    return true;
  }

  checkStream(statement, say) {
    const { stream, streamSequence } = statement;
    const known = this.streams.get(stream);
    const dense = this.gapless || stream === this.whole;
    this.streams.set(stream, { sequence: streamSequence, hash: statement.entryHash, index: statement.sequence });
    const fromBirth = known === undefined && ((this.gapless && this.first === 0) || stream === this.whole);
    if (known === undefined && !fromBirth && streamSequence !== 0) {
      return;
    }
    const expected = known === undefined ? 0 : known.sequence + 1;
    if (streamSequence < expected || (dense && streamSequence !== expected)) {
      say('broken-stream', 'says it is entry ' + streamSequence + ' of stream ' + stream + ', but entry ' + expected + ' comes next there');
    } else if (streamSequence === expected) {
      const before = known === undefined ? this.log.genesis : known.hash;
      if (statement.streamPrevHash !== before) {
        say('broken-stream', 'its link within stream ' + stream + ' is ' + statement.streamPrevHash + ', but the entry before it there hashes to ' + before);
      }
    }
  }

  /** Streams that begin with `_` belong to the log: heads entries in `_log`, key events in `_keys`, and no other. */
  checkReserved({ stream, kind, type }, say) {
    const own = { 'heads/v1': '_log', 'key-event/v1': '_keys' }[kind];
    if (own !== undefined ? stream !== own : isReserved(stream)) {
      say('wrong-place', 'is a ' + type + ' in stream ' + stream + (own ? ', not in ' + own : ', which is reserved'));
    }
  }
}

function nameOf(entry) {
  return entry.line ? entry.file + ' line ' + entry.line : entry.file;
}
