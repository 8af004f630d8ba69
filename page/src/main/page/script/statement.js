/* The statement (docs/formats.md sections 2 to 4): its form, and the digest of the event it was made of. */

const TYPE_PREFIX = 'https://terraseal.dev/';
const BODIES = {
  'terraform-apply/v1': ['invocation?', 'engine?', 'configuration?', 'workspace?', 'plan?', 'state?', 'changes?', 'outcome', 'diagnostics?', 'dependencies?', 'change?', 'capture?'],
  'terraform-plan/v1': ['invocation?', 'engine?', 'configuration?', 'workspace?', 'plan?', 'changes?', 'dependencies?', 'change?', 'capture?'],
  'recorded/v1': ['bytes', 'mediaType', 'predicateType', 'sha256', 'signed'],
  'key-event/v1': ['authorisation'],
  'heads/v1': ['root', 'streams'],
};
const EVENT_ID = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/;
const STREAM = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;

function isStream(text) {
  return typeof text === 'string' && text.length <= 256 && STREAM.test(text) && !text.split('/').some((part) => part === '.' || part === '..');
}

function isReserved(stream) {
  return stream.startsWith('_');
}

/** Reads the bytes of one artifact; anything the form does not allow is refused. */
function parseStatement(bytes) {
  const root = requireMembers(parseCanonicalObject(bytes), '_type', 'predicate', 'predicateType', 'subject');
  if (root._type !== 'https://in-toto.io/Statement/v1') {
    throw new Malformed("'_type' is not https://in-toto.io/Statement/v1");
  }
  const type = textOf(root, 'predicateType');
  const kind = type.startsWith(TYPE_PREFIX) ? type.substr(TYPE_PREFIX.length) : '';
  if (!Object.hasOwn(BODIES, kind)) {
    throw new Malformed("'predicateType' is not in the closed list: " + shorten(type, 80));
  }
  const subjects = objectsOf(root, 'subject');
  if (subjects.length < 1 || subjects.length > 1000) {
    throw new Malformed('has ' + subjects.length + ' subjects, not 1 to 1,000');
  }
  for (const subject of subjects) {
    textOf(requireMembers(subject, 'digest', 'name'), 'name');
    digestOf(requireMembers(objectOf(subject, 'digest'), 'sha256'), 'sha256');
  }
  const predicate = requireMembers(objectOf(root, 'predicate'), 'body', 'chain', 'event');
  const body = requireMembers(objectOf(predicate, 'body'), ...BODIES[kind]);
  const event = parseEvent(objectOf(predicate, 'event'));
  const chain = requireMembers(objectOf(predicate, 'chain'), 'log', 'prevHash', 'sequence', 'stream');
  const inStream = requireMembers(objectOf(chain, 'stream'), 'id', 'prevHash', 'sequence');
  return {
    type,
    kind,
    subjects,
    body,
    event,
    log: originOf(chain, 'log'),
    sequence: countOf(chain, 'sequence'),
    prevHash: digestOf(chain, 'prevHash'),
    stream: typed(inStream, 'id', 'a stream', isStream),
    streamSequence: countOf(inStream, 'sequence'),
    streamPrevHash: digestOf(inStream, 'prevHash'),
    entryHash: hex(sha256(bytes)),
  };
}

function parseEvent(event) {
  requireMembers(event, 'contentSha256', 'id', 'occurredAt', 'receivedAt', 'salt?', 'seenCheckpoint?', 'source?');
  typed(event, 'id', 'an event id', (value) => typeof value === 'string' && EVENT_ID.test(value));
  digestOf(event, 'contentSha256');
  timeOf(event, 'occurredAt');
  timeOf(event, 'receivedAt');
  if ('salt' in event) {
    typed(event, 'salt', '16 bytes in hex', (value) => isHex(value, 16));
  }
  if ('seenCheckpoint' in event) {
    objectOf(event, 'seenCheckpoint');
  }
  if ('source' in event) {
    const source = requireMembers(objectOf(event, 'source'), 'claimed?', 'verified?', 'verifiedBy?');
    if ('verified' in source !== 'verifiedBy' in source) {
      throw new Malformed("has 'verified' without 'verifiedBy', or the other way round");
    }
  }
  return event;
}

/** Whether an `ingest` key's word on who submitted the event is in it, which then has to hold. */
function hasIdentity({ event }) {
  return Boolean(event.source && 'verified' in event.source);
}

/** SHA-256 of JCS {type, stream, id, occurredAt, subjects, predicate, claimed} (section 2). */
function contentDigest(statement) {
  const { event } = statement;
  const claimed = event.source && 'claimed' in event.source ? event.source.claimed : undefined;
  return hex(
    sha256(
      utf8(
        jcs({
          type: statement.type,
          stream: statement.stream,
          id: event.id,
          occurredAt: event.occurredAt,
          subjects: statement.subjects,
          predicate: statement.body,
          claimed,
        }),
      ),
    ),
  );
}

/** A string at a path of members, `undefined` where there is none: the cells of population.csv are read so. */
function textAt(object, ...path) {
  let value = object;
  for (const name of path) {
    value = isObject(value) && name in value ? value[name] : undefined;
  }
  return typeof value === 'string' ? value : undefined;
}
