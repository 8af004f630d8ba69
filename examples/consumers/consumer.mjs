// Reads a Terraseal log over HTTP and checks every entry before it believes it: its link to the entry before, its
// signature, or its place in a signed batch. Node 18 or newer, nothing else.
//
//   node consumer.mjs http://127.0.0.1:8480 GENESIS [FROM PREVIOUS_HASH]      (TERRASEAL_TOKEN, where the log asks for one)
//
// The genesis comes from somebody else than this server. It prints a line an entry, and last what to go on with.
import {createHash, createPublicKey, verify} from 'node:crypto'

const [server, genesis, from = '0', previous = genesis] = process.argv.slice(2)
const STATEMENT = 'application/vnd.in-toto+json'
const BATCH = 'application/vnd.terraseal.batch.v1+json'

const sha = (...parts) => createHash('sha256').update(Buffer.concat(parts.map(part => Buffer.from(part)))).digest()
const bytes = base64 => Buffer.from(base64, 'base64')

async function get(path) {
  const token = process.env.TERRASEAL_TOKEN
  const answer = await fetch(server + path, {headers: token ? {authorization: `Bearer ${token}`} : {}})
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return Buffer.from(await answer.arrayBuffer())
}

/** The keys that log.json declares for statements. P-256 is what a log has unless somebody chose otherwise. */
async function declared() {
  const text = await get('/v1/log')
  if (sha(text).toString('hex') !== genesis) throw new Error('this server has another log')
  const log = JSON.parse(text)
  const keys = new Map()
  for (const {use, algorithm, keyid, spki} of log.keys) {
    if (use === 'attest' && algorithm === 'ECDSA_SHA_256') {
      keys.set(keyid, createPublicKey({key: bytes(spki), format: 'der', type: 'spki'}))
    }
  }
  return {origin: log.origin, keys}
}

/** DSSE: every signature is by a key we know, and holds. */
function requireSigned(log, type, payload, signatures, what) {
  const message = Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload])
  if (!signatures?.length) throw new Error(`${what} carries no signature`)
  for (const {keyid, sig} of signatures) {
    const key = log.keys.get(keyid)
    if (!key) throw new Error(`${what} is signed by key ${keyid}, which log.json does not declare (see docs/consumers.md)`)
    if (!verify('sha256', message, key, bytes(sig))) throw new Error(`the signature of ${what} does not hold`)
  }
}

/** The root that a path leads to from a leaf (RFC 9162, section 2.1.3.2). */
function rootOf(leaf, path, index, size) {
  let [fn, sn, node] = [index, size - 1, leaf]
  for (const beside of path) {
    if (sn === 0) throw new Error('a path is too long')
    if (fn % 2 === 1 || fn === sn) {
      node = sha([1], beside, node)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    } else {
      node = sha([1], node, beside)
    }
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
  }
  if (sn !== 0) throw new Error('a path is too short')
  return node
}

const batches = new Map()
async function batchAt(log, first) {
  if (!batches.has(first)) {
    const envelope = JSON.parse(await get(`/v1/batches/${first}`))
    const payload = bytes(envelope.payload)
    requireSigned(log, BATCH, payload, envelope.signatures, `batch ${first}`)
    batches.clear()
    batches.set(first, JSON.parse(payload))
  }
  return batches.get(first)
}

async function requireInBatch(log, envelope, statement, sequence) {
  const batch = await batchAt(log, envelope.batch)
  const index = sequence - batch.first
  if (batch.log !== log.origin || batch.genesis !== genesis || index < 0 || index >= batch.count) {
    throw new Error(`batch ${envelope.batch} is not one of entry ${sequence}`)
  }
  const root = rootOf(sha([0], sha(statement)), envelope.path.map(bytes), index, batch.count)
  if (!root.equals(bytes(batch.root))) throw new Error(`entry ${sequence} is not in batch ${envelope.batch}`)
}

const log = await declared()
let next = Number(from)
let last = previous
const lines = (await get(`/v1/entries?from=${next}`)).toString().split('\n').filter(line => line !== '')
for (const line of lines) {
  const {envelope} = JSON.parse(line)
  const payload = bytes(envelope.payload)
  const statement = JSON.parse(payload)
  const {chain, event} = statement.predicate
  if (chain.log !== log.origin || chain.sequence !== next || chain.prevHash !== last) {
    throw new Error(`what came as entry ${next} does not follow the entry before it`)
  }
  if ('batch' in envelope) await requireInBatch(log, envelope, payload, next)
  else requireSigned(log, STATEMENT, payload, envelope.signatures, `entry ${next}`)
  console.log(`${next} ${chain.stream.id} ${event.id} ${statement.predicateType}`)
  last = sha(payload).toString('hex')
  next++
}
console.log(`checked; go on with: ${next} ${last}`)
