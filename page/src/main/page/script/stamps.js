/*
 * timestamps/ of a bundle (docs/formats.md sections 6 to 8): notes that were stamped, their tokens, renewals, the interval of
 * every entry, and claims outside it.
 */

const STAMP = /^timestamps\/([1-9][0-9]{0,15})\/[a-z0-9.-]{1,64}-([0-9]{8}T[0-9]{6}Z)\.tsr$/;
const RENEWAL = /^timestamps\/renewed\/([0-9]{8}T[0-9]{6}Z)\/[a-z0-9.-]{1,64}-([0-9]{8}T[0-9]{6}Z)\.tsr$/;
const TOKEN_LIST_MAX = 5000;
/** What clocks that are kept may be apart, in milliseconds. */
const TOLERANCE = 60000;

function isoTime(millis) {
  return new Date(millis).toISOString().replace('.000Z', 'Z');
}

/** The tokens that count, by size; what entries they reach. */
class TimeBounds {
  constructor(stamps) {
    this.stamps = stamps.sort((one, other) => one.size - other.size || one.time - other.time);
    this.earliest = [];
    let least = Infinity;
    for (let i = this.stamps.length - 1; i >= 0; i--) {
      least = Math.min(least, this.stamps[i].time);
      this.earliest[i] = least;
    }
  }

  get covered() {
    return this.stamps.length === 0 ? 0 : this.stamps[this.stamps.length - 1].size;
  }

  /** By when an entry existed, or null. */
  notAfter(index) {
    const at = this.firstAbove(index);
    return at === this.stamps.length ? null : this.earliest[at];
  }

  /** Where the stamps over sizes above an index begin: they lie in the order of sizes. */
  firstAbove(index) {
    let from = 0;
    let to = this.stamps.length;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (this.stamps[middle].size > index) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }

  /** The stamps over heads whose newest entry is at an index. */
  of(index) {
    return this.stamps.slice(this.firstAbove(index), this.firstAbove(index + 1));
  }

  coveredBefore(time) {
    return this.stamps.reduce((covered, stamp) => (stamp.time < time ? Math.max(covered, stamp.size) : covered), 0);
  }
}

/** Judges every token of the bundle: one that does not hold is a finding, whoever made it. */
async function readStamps(run) {
  const { files, findings, trust } = run;
  const layer = 'time';
  const notes = new Map();
  const held = [];
  const renewals = [];
  const used = new Set();
  run.stamped = { bounds: new TimeBounds([]), tokens: 0, strangers: new Set(), broken: 0 };
  const say = (...finding) => findings.add(layer, ...finding);
  const open = async (name, data, second) => {
    if (!isWithin(files, name, SIZE.token, say)) {
      return null;
    }
    try {
      const bytes = await files.read(name);
      const token = await openToken(bytes, data);
      if (token.second !== second) {
        throw new Malformed('has another time than its name says');
      }
      run.stamped.tokens++;
      const path = await tokenUnder(token, trust === null ? [] : trust.timeAuthorities);
      if (path === null) {
        run.stamped.strangers.add(token.signer.name);
      }
      return path === null ? null : { name, digest: hex(sha256(bytes)), time: token.time, ...path };
    } catch (wrong) {
      findings.caught(layer, wrong instanceof Malformed ? new Refused('bad-token', name + ' is refused: it ' + wrong.message, name) : wrong, name);
      return null;
    }
  };
  for (const name of files.names.filter((candidate) => candidate.startsWith('timestamps/'))) {
    await run.breathe();
    const stamp = STAMP.exec(name);
    const renewal = RENEWAL.exec(name);
    if (stamp) {
      const size = Number(stamp[1]);
      if (!notes.has(size)) {
        used.add('timestamps/' + size + '/note');
        notes.set(size, await stampedNote(run, size));
      }
      const token = notes.get(size) === null ? null : await open(name, notes.get(size), stamp[2]);
      if (token !== null) {
        held.push({ ...token, size });
      }
    } else if (renewal) {
      const list = 'timestamps/renewed/' + renewal[1] + '/list';
      used.add(list);
      await readRenewal(run, name, list, renewal[2], open, renewals);
    }
  }
  for (const name of files.names.filter((candidate) => /^timestamps\/.*\/(note|list)$/.test(candidate) && !used.has(candidate))) {
    findings.add(layer, 'stranger', name, 'Stranger: ' + name + ' has no token');
  }
  const counting = countingTokens(held, renewals, trust === null ? new Map() : trust.broken);
  run.stamped.broken = held.length - counting.length;
  run.stamped.bounds = new TimeBounds(counting);
}

/** The bytes that were stamped, if they are a checkpoint of this log that the head continues; else null. */
async function stampedNote(run, size) {
  const { files, findings, head } = run;
  const name = 'timestamps/' + size + '/note';
  if (!files.has(name)) {
    findings.add('time', 'missing-file', name, 'Missing file: ' + name);
    return null;
  }
  if (!isWithin(files, name, SIZE.note, (...finding) => findings.add('time', ...finding))) {
    return null;
  }
  try {
    const bytes = await files.read(name);
    const stamped = await openCheckpoint(bytes, run.log, run.ring);
    if (stamped.size !== size || stamped.lines > 1) {
      throw new Refused('bad-checkpoint', "it is not the checkpoint of its size with the log's own line alone");
    }
    if (size > head.size) {
      throw new Refused('two-histories', 'it is larger than this head');
    }
    if (size === head.size) {
      if (!sameBytes(stamped.root, head.root)) {
        throw new Refused('two-histories', 'it is another head of this size');
      }
      return bytes;
    }
    const proof = 'proofs/consistency/' + size;
    if (!files.has(proof)) {
      throw new Refused('two-histories', 'nothing here shows that this head continues it');
    }
    const roots = rootsByConsistency(size, head.size, stamped.root, await readConsistency(files, proof));
    if (!sameBytes(roots.old, stamped.root) || !sameBytes(roots.now, head.root)) {
      throw new Refused('two-histories', 'this head does not continue it');
    }
    return bytes;
  } catch (wrong) {
    if (wrong instanceof NotCheckable) {
      findings.caught('time', wrong, name);
    } else if (wrong instanceof Refused) {
      findings.add('time', wrong.finding === 'bad-checkpoint' ? 'bad-checkpoint' : 'two-histories', name, name + ' is refused: ' + wrong.message);
    } else if (wrong instanceof Malformed) {
      const ofProof = wrong.file !== undefined && wrong.file.startsWith('proofs/');
      findings.add('time', ofProof ? 'two-histories' : 'bad-checkpoint', name, name + ' is refused: ' + wrong.message);
    } else {
      throw wrong;
    }
    return null;
  }
}

async function readRenewal(run, name, list, second, open, renewals) {
  const { files, findings } = run;
  if (!files.has(list)) {
    findings.add('time', 'malformed', list, list + ' is missing');
    return;
  }
  if (!isWithin(files, list, SIZE.tokenList, (...finding) => findings.add('time', ...finding))) {
    return;
  }
  const bytes = await files.read(list);
  const token = await open(name, bytes, second);
  if (token === null) {
    return;
  }
  try {
    renewals.push({ ...token, older: parseTokenList(bytes) });
  } catch (wrong) {
    findings.caught('time', wrong instanceof Malformed ? new Refused('bad-token', list + ' is refused: ' + wrong.message, list) : wrong, list);
  }
}

/** `<hex>  <name of a token>` a line, as sha256sum writes it, ascending. */
function parseTokenList(bytes) {
  const older = new Map();
  const text = decodeUtf8(bytes);
  let last = '';
  for (const line of text.split('\n').slice(0, -1)) {
    const name = line.substr(66);
    if (!isHex(line.substr(0, 64), 32) || line.substr(64, 2) !== '  ' || !(STAMP.test(name) || RENEWAL.test(name)) || name <= last) {
      throw new Malformed('has a line that is none of a list of tokens');
    }
    older.set(name, line.substr(0, 64));
    last = name;
  }
  if (!text.endsWith('\n') || older.size === 0 || older.size > TOKEN_LIST_MAX) {
    throw new Malformed('is no list of tokens');
  }
  return older;
}

/**
 * The tokens of `held` that count: whose algorithms nobody calls broken, and those that a renewal which counts itself lists
 * and shows to be older than the break. How the times of two tokens compare does not matter: no two authorities share a clock.
 */
function countingTokens(held, renewals, broken) {
  const breaks = ({ algorithms }) => [...algorithms].reduce((time, name) => (broken.has(name) ? Math.min(time, Date.parse(broken.get(name))) : time), Infinity);
  const byName = new Map([...held, ...renewals].map((token) => [token.name, { token, first: breaks(token) }]));
  const counting = new Set([...byName.values()].filter(({ first }) => first === Infinity).map(({ token }) => token));
  // A Set is walked in the order of its members, those added on the way included.
  for (const renewal of counting) {
    for (const [name, digest] of renewal.older || []) {
      const listed = byName.get(name);
      if (listed !== undefined && listed.token.digest === digest && renewal.time < listed.first) {
        counting.add(listed.token);
      }
    }
  }
  return held.filter((token) => counting.has(token));
}

/** The interval of every entry, and claims outside it. */
async function readTimes(run) {
  const { stamped, entries, findings } = run;
  const { bounds } = stamped;
  const quotes = await quotedTimes(run);
  let notBefore = null;
  let last = null;
  run.intervals = [];
  run.lags = [];
  for (const entry of entries) {
    await run.breathe();
    const own = quotes.has(entry.index) ? quotes.get(entry.index) : null;
    notBefore = own !== null && (notBefore === null || own > notBefore) ? own : notBefore;
    const notAfter = bounds.notAfter(entry.index);
    if (last !== null && last.notBefore === notBefore && last.notAfter === notAfter) {
      last.last = entry.index;
    } else if (last !== null || notBefore !== null || notAfter !== null) {
      last = { first: entry.index, last: entry.index, notBefore, notAfter };
      run.intervals.push(last);
    }
    if (entry.received === undefined) {
      continue;
    }
    const claim = (what, time, from) => {
      const late = notAfter !== null && time > notAfter + TOLERANCE;
      if (late || (from !== null && time < from - TOLERANCE)) {
        findings.add('time', 'time-outside', entry.file, 'entry ' + entry.index + ' says it ' + what + ' at ' + isoTime(time) + '; '
          + (late ? 'a token shows that it was in the log by ' + isoTime(notAfter) : 'it came after a head that witnesses saw at ' + isoTime(from)));
      }
    };
    claim('was received', entry.received, notBefore);
    claim('occurred', entry.occurred, own);
    bounds.of(entry.index).forEach(({ time }) => run.lags.push(time - entry.received));
  }
}

/** By entry: when a quorum of the reader's witnesses had seen the head that it quotes. */
async function quotedTimes(run) {
  const { seen, trust, log } = run;
  const out = new Map();
  if (trust === null || trust.policy === null || trust.policy.met(new Set())) {
    return out;
  }
  for (const { index, size, root, cosignatures } of seen) {
    const text = log.origin + '\n' + size + '\n' + base64(root) + '\n';
    const times = [];
    try {
      for (const line of cosignatures.slice(0, 16).map(parseNoteLine)) {
        for (const [name, witness] of trust.policy.witnesses) {
          if (line.name === witness.name && line.id === witness.id) {
            const seconds = await openCosignature(line, witness, text);
            if (seconds === null) {
              throw new Malformed('quotes a cosignature that does not hold');
            }
            times.push({ name, time: seconds * 1000 });
          }
        }
      }
    } catch (boundsNothing) {
      if (boundsNothing instanceof Malformed || boundsNothing instanceof NotCheckable) {
        continue;
      }
      throw boundsNothing;
    }
    const met = times.filter(({ time }) => trust.policy.met(new Set(times.filter((other) => other.time >= time).map(({ name }) => name))));
    if (met.length > 0) {
      out.set(index, met.reduce((latest, { time }) => Math.max(latest, time), 0));
    }
  }
  return out;
}

function concludeTime(run) {
  const { findings, trust, stamped, manifest, lags } = run;
  const { bounds, tokens, strangers, broken } = stamped;
  const layer = 'time';
  const wanted = trust !== null && trust.timeAuthorities.length > 0;
  const count = bounds.stamps.length;
  if (wanted && count === 0) {
    findings.add(layer, 'token-missing', 'timestamps/', 'the trust file names time authorities, and no time-stamp token by one of them is here');
  } else if (wanted && bounds.covered < manifest.last + 1) {
    findings.add(layer, 'token-missing', 'timestamps/', 'the trust file names time authorities, and their newest token here is over a head of size ' + bounds.covered + '; entry ' + manifest.last + ' is newer');
  }
  if (count > 0) {
    const roots = [...new Set(bounds.stamps.map(({ root }) => root))].sort().join(', ');
    const least = lags.reduce((one, other) => Math.min(one, other), Infinity) / 1000;
    const most = lags.reduce((one, other) => Math.max(one, other), -Infinity) / 1000;
    const skew = lags.length === 0 ? '' : "; by the log's clock the newest entry came " + least + (least === most ? '' : ' to ' + most) + ' s before its token';
    findings.valid(layer, counted(count, 'token', 'tokens') + ' under ' + roots + ', up to entry ' + (bounds.covered - 1) + skew);
  } else if (tokens === 0) {
    findings.notCovered(layer, 'not covered: no token');
  } else if (broken > 0) {
    findings.notCovered(layer, 'not covered: ' + counted(broken, 'token is', 'tokens are') + ' signed by what the trust file calls broken');
  } else {
    findings.notCovered(layer, 'not trusted: ' + counted(tokens, 'token', 'tokens') + ' by ' + [...strangers].join(', ') + '; a trust file names the roots you believe (timeAuthorities)');
  }
}

/** `entries 0–37: not before …, not after …`, a line each. */
function intervalTexts(intervals) {
  return intervals.map(({ first, last, notBefore, notAfter }) => (first === last ? 'entry ' + first : 'entries ' + first + '–' + last)
    + ': not before ' + (notBefore === null ? '(unknown)' : isoTime(notBefore)) + ', not after ' + (notAfter === null ? '(no token yet)' : isoTime(notAfter)));
}
