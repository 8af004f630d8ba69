/*
 * Heads entries (docs/formats.md section 4): what the log says about the length of every stream. With every entry from 0
 * at hand each is derived again; a stream export shows its end by one leaf, or its absence by the neighbours.
 */

/** The bytes of a leaf: JCS {count, entryHash, id, sequence}. */
function headsLeaf(id, { count, entryHash, sequence }) {
  return '{"count":' + count + ',"entryHash":"' + entryHash + '","id":"' + id + '","sequence":' + sequence + '}';
}

class HeadsCheck {
  /** @param first where the artifacts begin; heads entries can be derived as long as none is missing from 0 on */
  constructor(found, first) {
    this.found = found;
    this.derivable = first === 0;
    this.expected = 0;
    this.streams = new Map();
    this.order = [];
    this.checked = 0;
    this.notDerived = 0;
    /** Body of every heads entry seen, by its sequence. */
    this.bodies = new Map();
  }

  next(entry, statement) {
    this.derivable = this.derivable && entry.index === this.expected++;
    if (statement.kind === 'heads/v1') {
      this.heads(entry, statement);
    }
    const known = this.streams.get(statement.stream);
    const leaf = { count: (known ? known.count : 0) + 1, entryHash: statement.entryHash, sequence: entry.index };
    leaf.text = headsLeaf(statement.stream, leaf);
    leaf.hash = null;
    if (!known) {
      this.order = null;
    }
    this.streams.set(statement.stream, leaf);
  }

  heads(entry, statement) {
    const say = (message) => this.found('bad-heads', entry, 'heads entry ' + entry.index + ' ' + message);
    const { body, event, subjects } = statement;
    let root;
    try {
      root = hashFrom(textOf(body, 'root'));
      countOf(body, 'streams');
    } catch (wrong) {
      say('cannot be read: ' + wrong.message);
      return;
    }
    this.bodies.set(entry.index, { root, streams: body.streams });
    if (event.id !== 'heads-' + entry.index || event.occurredAt !== event.receivedAt || event.source || event.salt || event.seenCheckpoint) {
      say('is not the one a log writes itself');
      return;
    }
    if (subjects.length !== 1 || subjects[0].name !== 'heads') {
      say('has not the one subject called heads');
      return;
    }
    if (!this.derivable) {
      this.notDerived++;
      return;
    }
    this.order = this.order || [...this.streams.keys()].sort(byBytes);
    const leaves = this.order.map((id) => this.streams.get(id));
    for (const leaf of leaves) {
      leaf.hash = leaf.hash || leafHash(utf8(leaf.text));
    }
    if (body.streams !== leaves.length || !sameBytes(rootOf(leaves.map((leaf) => leaf.hash)), root)) {
      say('says ' + body.streams + ' streams and another root than the entries below it give (' + leaves.length + ' streams)');
      return;
    }
    if (hex(sha256(utf8('[' + leaves.map((leaf) => leaf.text).join(',') + ']'))) !== subjects[0].digest.sha256) {
      say('names another list of leaves than the entries below it give');
      return;
    }
    this.checked++;
  }
}

/**
 * What proofs/stream.json proves about a stream: `{heads, count, entryHash, sequence}` of its end, count 0 where it is
 * absent. `bodies` are the heads entries at hand, each shown to be in the log.
 */
function checkStreamProof(json, stream, bodies) {
  requireMembers(json, 'end', 'stream');
  if (textOf(json, 'stream') !== stream) {
    throw new Malformed('speaks of stream ' + shorten(json.stream, 80) + ', not of ' + stream);
  }
  return checkStreamHead(objectOf(json, 'end'), stream, bodies);
}

function checkStreamHead(end, stream, bodies) {
  const at = countOf(end, 'heads');
  const body = bodies.get(at);
  if (body === undefined) {
    throw new Refused('bad-heads', 'names heads entry ' + at + ', which is not among the entries here');
  }
  if (!('absent' in end)) {
    requireMembers(end, 'heads', 'index', 'leaf', 'path');
    const leaf = provenLeaf({ index: end.index, leaf: end.leaf, path: end.path }, body);
    if (leaf.id !== stream) {
      throw new Refused('bad-heads', 'shows the leaf of stream ' + shorten(leaf.id, 80) + ', not of ' + stream);
    }
    return { heads: at, count: leaf.count, entryHash: leaf.entryHash, sequence: leaf.sequence };
  }
  requireMembers(end, 'absent', 'heads');
  const neighbours = objectsOf(end, 'absent').map((line) => ({ index: line.index, ...provenLeaf(line, body) }));
  requireAdjacent(neighbours, stream, body.streams);
  return { heads: at, count: 0 };
}

function provenLeaf(line, body) {
  requireMembers(line, 'index', 'leaf', 'path');
  const leaf = requireMembers(objectOf(line, 'leaf'), 'count', 'entryHash', 'id', 'sequence');
  positiveOf(leaf, 'count');
  countOf(leaf, 'sequence');
  digestOf(leaf, 'entryHash');
  typed(leaf, 'id', 'a stream', isStream);
  let root;
  try {
    root = rootByPath(leafHash(utf8(jcs(leaf))), countOf(line, 'index'), body.streams, hashesOf(line, 'path'));
  } catch (wrong) {
    throw wrong instanceof Refused ? new Refused('bad-heads', 'shows a leaf that cannot be: ' + wrong.message) : wrong;
  }
  if (!sameBytes(root, body.root)) {
    throw new Refused('bad-heads', 'shows a leaf that is not under the root of the heads entry');
  }
  return leaf;
}

/** Between two leaves side by side, before the first or behind the last there is no room for the stream. */
function requireAdjacent(neighbours, stream, streams) {
  const [one, other] = neighbours;
  const fits =
    (neighbours.length === 1 && ((one.index === 0 && stream < one.id) || (one.index === streams - 1 && one.id < stream))) ||
    (neighbours.length === 2 && other.index === one.index + 1 && one.id < stream && stream < other.id);
  if (!fits) {
    throw new Refused('bad-heads', 'does not show that ' + stream + ' is absent: its neighbours are not the adjacent ones');
  }
}
