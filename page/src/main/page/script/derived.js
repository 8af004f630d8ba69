/*
 * Derived files (docs/formats.md section 8): population.csv, the counts of manifest.json and the data of report.html are
 * made again from the artifacts and compared, whoever sealed them.
 */

const COLUMNS = ['sequence', 'streamSequence', 'stream', 'type', 'id', 'occurredAt', 'receivedAt', 'issuer', 'subject', 'ticket', 'planSha256', 'outcome', 'entryHash', 'prevHash'];
const ROWS_MAX = 10000;
const DATA_OPEN = '<script type="application/json" id="data">';

/** The cells of an artifact's row, by column; absent ones are left out. */
function rowOf(statement) {
  const { event, body } = statement;
  const cells = {
    sequence: statement.sequence,
    streamSequence: statement.streamSequence,
    stream: statement.stream,
    type: statement.type,
    id: event.id,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    issuer: textAt(event, 'source', 'verified', 'issuer'),
    subject: textAt(event, 'source', 'verified', 'subject'),
    ticket: textAt(body, 'change', 'ticket'),
    planSha256: textAt(body, 'plan', 'sha256'),
    outcome: textAt(body, 'outcome'),
    entryHash: statement.entryHash,
    prevHash: statement.prevHash,
  };
  for (const name of COLUMNS) {
    if (cells[name] === undefined || cells[name] === '') {
      delete cells[name];
    }
  }
  return cells;
}

/**
 * A cell of CSV: what a spreadsheet would take for a formula gets a `'` before it, then what needs quotes gets them. Also
 * within a cell: where `;` or TAB separates, a cell goes on as the next one, and behind CR or LF as the next row.
 */
function csvCell(value) {
  if (value === undefined) {
    return '';
  }
  let text = String(value);
  if (/^[=+\-@\t\r]/.test(text)) {
    text = "'" + text;
  }
  text = text.replace(/([;\t\r\n]"*)(?=[=+\-@])/g, "$1'");
  return /[,"\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

class Derived {
  constructor() {
    this.types = new Map();
    this.outcomes = new Map();
    this.count = 0;
    this.rows = [];
    this.parts = [utf8(COLUMNS.join(',') + '\n')];
    this.pending = [];
    this.sequences = [];
    this.reserved = new Set();
  }

  next(statement) {
    const row = rowOf(statement);
    this.count++;
    this.types.set(statement.type, (this.types.get(statement.type) || 0) + 1);
    // An empty one is an empty cell, and counted all the same, as every exporter does.
    const outcome = textAt(statement.body, 'outcome');
    if (outcome !== undefined) {
      this.outcomes.set(outcome, (this.outcomes.get(outcome) || 0) + 1);
    }
    if (this.rows.length <= ROWS_MAX) {
      this.rows.push(row);
    }
    this.sequences.push(statement.sequence);
    if (isReserved(statement.stream)) {
      this.reserved.add(statement.sequence);
    }
    this.pending.push(COLUMNS.map((name) => csvCell(row[name])).join(',') + '\n');
    if (this.pending.length === 1000) {
      this.flush();
    }
  }

  flush() {
    this.parts.push(utf8(this.pending.join('')));
    this.pending = [];
  }

  /** population.csv as it has to be. */
  population() {
    this.flush();
    return concat(...this.parts);
  }
}

async function checkDerived(run) {
  const { files, findings, manifest, derived, log } = run;
  const layer = 'derived';
  const differs = (file, message, finding = 'count-mismatch') => findings.add(layer, finding, file, message);
  const here = ['manifest counts'];
  const open = [];
  try {
    checkCounts(manifest, derived, differs);
    const { entries } = run;
    if (!manifest.contiguous && entries.length > 0 && (entries[0].index !== manifest.first || entries[entries.length - 1].index !== manifest.last)) {
      differs('manifest.json', 'the artifacts run from ' + entries[0].index + ' to ' + entries[entries.length - 1].index + ', manifest.json says ' + manifest.first + ' to ' + manifest.last);
    }
    if (run.head !== null && run.head.size !== manifest.checkpointSize) {
      differs('manifest.json', 'manifest.json says checkpointSize ' + manifest.checkpointSize + ', the checkpoint has size ' + run.head.size);
    }
    await checkKeyFiles(files, log, run.ring, differs);
    here.push('key files');
    const population = derived.population();
    const sum = await fileDigest(population);
    if (files.has('population.csv')) {
      here.unshift('population.csv');
      await compareDerived(files, 'population.csv', population, differs);
    } else {
      open.push('population.csv');
    }
    if (files.has('report.html')) {
      here.splice(files.has('population.csv') ? 1 : 0, 0, 'report.html');
      checkReport(await files.read('report.html'), reportData(run, sum), differs);
    } else {
      open.push('report.html');
    }
    if (files.has('attestations.intoto.jsonl')) {
      here.push('attestations.intoto.jsonl');
      await checkEnvelopes(run, differs);
    }
    await checkSample(run, differs);
    if (run.drawn !== null) {
      here.push('the sample drawn again');
    }
    const absent = open.length > 0 ? '; ' + open.join(' and ') + (open.length > 1 ? ' are' : ' is') + ' not in this bundle' : '';
    const page = run.facts.verifyHtml ? '; verify.html is not checked, its SHA-256 is ' + run.facts.verifyHtml : '';
    findings.valid(layer, here.join(', ') + absent + page);
  } catch (wrong) {
    findings.caught(layer, wrong, 'manifest.json');
  }
}

function checkCounts(manifest, derived, differs) {
  const compare = (member, said, counted) => {
    const text = jcs(Object.fromEntries(counted));
    if (jcs(said) !== text) {
      differs('manifest.json', 'manifest.json says ' + member + ' ' + shorten(jcs(said), 200) + ', the artifacts give ' + text);
    }
  };
  if (manifest.count !== derived.count) {
    differs('manifest.json', 'manifest.json says count ' + manifest.count + ', the artifacts give ' + derived.count);
  }
  compare('countByType', manifest.countByType, derived.types);
  compare('countByOutcome', manifest.countByOutcome, derived.outcomes);
}

/** keys/<keyid>.pem are copies for convenience; a copy that is no key of the log is a lie. */
async function checkKeyFiles(files, log, ring, differs) {
  for (const name of files.names.filter((candidate) => candidate.startsWith('keys/'))) {
    const keyid = name.substr(5, 64);
    const span = ring.spans.get(keyid);
    const bytes = await files.read(name);
    if (span === undefined) {
      differs(name, name + ' is not a key that ' + log.origin + ' declared');
      continue;
    }
    let same = false;
    try {
      same = sameBytes(spkiFromPem(bytes), span.key.spki);
    } catch (notPem) {
      same = false;
    }
    if (!same) {
      differs(name, name + ' is not the key it is named after');
    }
  }
}

async function compareDerived(files, name, expected, differs) {
  const bytes = await files.read(name);
  const at = firstDifference(bytes, expected);
  if (at >= 0) {
    const line = expected.subarray(0, at).reduce((count, byte) => count + (byte === 10 ? 1 : 0), 1);
    differs(name, name + ' is not what the artifacts give: first difference at byte ' + at + ', line ' + line, 'derived-mismatch');
  }
}

/** The data of report.html as it has to be. */
function reportData({ manifest, derived, log }, populationSha256) {
  const rows = derived.count <= ROWS_MAX ? derived.rows : undefined;
  const text = jcs({
    checkpointSize: manifest.checkpointSize,
    count: derived.count,
    countByOutcome: Object.fromEntries(derived.outcomes),
    countByType: Object.fromEntries(derived.types),
    first: manifest.first,
    format: 1,
    genesis: log.genesis,
    last: manifest.last,
    origin: log.origin,
    populationSha256,
    rows,
  });
  return utf8(text.replaceAll('<', '\\u003c'));
}

/** Bytes and not text: what else the page holds is the exporter's, whatever its encoding. */
function checkReport(bytes, expected, differs) {
  const open = utf8(DATA_OPEN);
  const at = indexOfBytes(bytes, open, 0);
  if (at < 0 || indexOfBytes(bytes, open, at + 1) >= 0) {
    differs('report.html', 'report.html has not the one element with its data', 'derived-mismatch');
    return;
  }
  const from = at + open.length;
  const to = indexOfBytes(bytes, utf8('<\/script>'), from);
  if (to < 0) {
    differs('report.html', 'report.html has data that do not end', 'derived-mismatch');
    return;
  }
  const difference = firstDifference(bytes.subarray(from, to), expected);
  if (difference >= 0) {
    differs('report.html', 'the data of report.html are not what the artifacts give: first difference at byte ' + difference + ' of them', 'derived-mismatch');
  }
}

/** attestations.intoto.jsonl: the envelope of every artifact with a signature of its own, again. */
async function checkEnvelopes(run, differs) {
  const { files } = run;
  const name = 'attestations.intoto.jsonl';
  const envelopes = new LineReader(files, name, 4 * Math.ceil(run.log.statementBytes / 3) + LINE_MAX);
  const lines = new SignatureLines(files, 'signatures.jsonl');
  let wrong = null;
  await run.artifacts.forEach(() => {}, async ({ index, bytes }) => {
    const line = await lines.of(index, () => {});
    if (wrong !== null || line === null || 'batch' in line) {
      return;
    }
    const signatures = line.signatures.map(({ keyid, sig }) => ({ keyid, sig: base64(sig) }));
    const expected = utf8(jcs({ payload: base64(bytes), payloadType: STATEMENT_TYPE, signatures }));
    const found = await envelopes.next();
    if (found === null || !sameBytes(found, expected)) {
      wrong = 'line ' + (envelopes.number || 1) + ' is not the envelope of entry ' + index;
    }
    await breathe();
  });
  if (wrong === null && (await envelopes.next()) !== null) {
    wrong = 'has more lines than there are artifacts with a signature of their own';
  }
  if (wrong !== null) {
    differs(name, name + ' ' + wrong);
  }
}

const POPULATION_MAX = 10000000;

/** A sample is drawn again: rank of n is SHA-256("S/n"), the smallest first, until K entries of ordinary streams. */
async function checkSample(run, differs) {
  const { manifest, derived } = run;
  run.sample = null;
  run.drawn = null;
  if (manifest.kind !== 'filter' || !/(^| )--sample /.test(manifest.query.text)) {
    return;
  }
  const { draw } = manifest;
  if (draw === null || draw.to - draw.from > POPULATION_MAX) {
    run.sample = 'that the draw of the sample is the one its seed gives (not checked)';
    return;
  }
  const { from, to, wanted, seed } = draw;
  const rank = (n) => sha256(utf8(seed + '/' + n));
  const drawn = new Set(derived.sequences);
  let last = null;
  let lastRank = null;
  for (const n of drawn) {
    const own = rank(n);
    if (lastRank === null || compareBytes(own, lastRank) > 0) {
      last = n;
      lastRank = own;
    }
  }
  let ordinary = 0;
  for (const n of drawn) {
    ordinary += derived.reserved.has(n) ? 0 : 1;
  }
  let smaller = 0;
  for (let n = from; n < to; n++) {
    smaller += compareBytes(rank(n), lastRank) <= 0 ? 1 : 0;
    if (n % 1000 === 0) {
      await run.progress('derived', n - from, to - from);
    }
  }
  const inside = [...drawn].every((n) => n >= from && n < to);
  if (ordinary !== wanted || !inside || smaller !== drawn.size || derived.reserved.has(last)) {
    differs('manifest.json', 'the sample is not the one its seed draws: ' + manifest.query.text, 'other-sample');
    return;
  }
  run.drawn = 'the sample is the one that seed ' + seed + ' draws from entries ' + from + '–' + (to - 1);
}

function compareBytes(one, other) {
  const at = firstDifference(one, other);
  return at < 0 ? 0 : one[at] - other[at];
}
