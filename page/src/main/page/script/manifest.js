/* manifest.json (docs/formats.md section 8): what was asked, and where the artifacts are. Nothing is believed because it says so. */

const SHARD = 10000;

const TIME_TEXT = '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z';
const SAMPLE = new RegExp(
  '^(?:--since ' + TIME_TEXT + ' --until ' + TIME_TEXT + ' )?--from (0|[1-9][0-9]{0,15}) --to ([1-9][0-9]{0,15}) --sample ([1-9][0-9]{0,6}) --seed ([A-Za-z0-9._-]{1,128})$',
);

/** The draw of a sample that the text of a query names: `{from, to, wanted, seed}`; null where it names none. */
function parseDraw(text) {
  const found = SAMPLE.exec(text);
  return found === null ? null : { from: Number(found[1]), to: Number(found[2]), wanted: Number(found[3]), seed: found[4] };
}

function parseManifest(bytes) {
  const json = requireMembers(
    parseCanonicalObject(bytes),
    'checkpointSize', 'count', 'countByOutcome', 'countByType', 'first', 'format', 'last', 'made', 'query', 'shards?', 'version',
  );
  if (json.format !== 1) {
    throw new Malformed('is not of format 1');
  }
  const query = requireMembers(objectOf(json, 'query'), 'end?', 'first?', 'kind', 'stream?', 'text?');
  const kind = typed(query, 'kind', 'all, range, stream or filter', (value) => ['all', 'range', 'stream', 'filter'].includes(value));
  for (const name of ['first', 'end']) {
    if (name in query) {
      countOf(query, name);
    }
  }
  if ('text' in query) {
    textOf(query, 'text');
  }
  if ('stream' in query) {
    typed(query, 'stream', 'a stream', isStream);
  }
  timeOf(json, 'made');
  textOf(json, 'version');
  const manifest = {
    kind,
    query,
    contiguous: kind === 'all' || kind === 'range',
    first: countOf(json, 'first'),
    last: countOf(json, 'last'),
    count: countOf(json, 'count'),
    countByType: objectOf(json, 'countByType'),
    countByOutcome: objectOf(json, 'countByOutcome'),
    checkpointSize: countOf(json, 'checkpointSize'),
    draw: kind === 'filter' && 'text' in query ? parseDraw(query.text) : null,
    shards: 'shards' in json ? objectsOf(json, 'shards').map(parseShard) : [],
  };
  requirePossible(manifest);
  return manifest;
}

function parseShard(json) {
  requireMembers(json, 'count', 'file', 'first', 'last');
  return { file: textOf(json, 'file'), first: countOf(json, 'first'), last: countOf(json, 'last'), count: countOf(json, 'count') };
}

function requirePossible(m) {
  const span = m.last - m.first + 1;
  if (m.count < 1 || span < m.count || (m.contiguous && m.count !== span) || m.last >= m.checkpointSize) {
    throw new Malformed('says entries ' + m.first + ' to ' + m.last + ', ' + m.count + ' of them, under size ' + m.checkpointSize + ', which cannot be');
  }
  const { query } = m;
  const fits = {
    all: () => !('first' in query) && !('end' in query) && m.first === 0 && m.last === m.checkpointSize - 1,
    range: () => query.first === m.first && query.end === m.last + 1,
    stream: () => 'stream' in query,
    filter: () => 'text' in query && (m.draw === null || (m.draw.from < m.draw.to && m.draw.to <= m.checkpointSize)),
  };
  if (!fits[m.kind]()) {
    throw new Malformed('has a query that does not fit its numbers');
  }
  if (m.count > SHARD !== m.shards.length > 0) {
    throw new Malformed('above ' + SHARD + ' artifacts, and only then, there are shards');
  }
  let total = 0;
  m.shards.forEach((shard, i) => {
    const full = i < m.shards.length - 1;
    const begins = i === 0 ? shard.first === m.first : shard.first > m.shards[i - 1].last;
    const close = !m.contiguous || shard.last - shard.first + 1 === shard.count;
    if (shard.file !== 'artifacts/' + padded(shard.first) + '.jsonl' || !begins || !close || shard.count < 1 || shard.last - shard.first + 1 < shard.count || (full ? shard.count !== SHARD : shard.count > SHARD)) {
      throw new Malformed('has a shard that cannot be: ' + shorten(shard.file, 60));
    }
    total += shard.count;
  });
  if (m.shards.length > 0 && (total !== m.count || m.shards[m.shards.length - 1].last !== m.last)) {
    throw new Malformed('has shards that do not add up');
  }
}
