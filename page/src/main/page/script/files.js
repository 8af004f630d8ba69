/*
 * The files of a bundle, from a directory, a zip or memory. All three answer `names` (sorted), `odd` (what no bundle
 * holds), `size`, `slice` and `read`.
 */

const NAME = /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/;

const NAME_MAX = 512;

/** Whether a file may be called so in a bundle (section 8): plain characters, no empty, `.` or `..` segment. */
function isFileName(name) {
  return name.length <= NAME_MAX && NAME.test(name) && !name.split('/').some((part) => part === '.' || part === '..');
}

const CHUNK = 4 * 1024 * 1024;

/** A part of a file. What the disk or the browser does not give says nothing about the bundle. */
async function blobBytes(blob, from, to, name) {
  let bytes;
  try {
    bytes = new Uint8Array(await blob.slice(from, to).arrayBuffer());
  } catch (unreadable) {
    throw new NotCheckable((name || 'the file') + ' could not be read: ' + unreadable.message);
  }
  if (bytes.length !== to - from) {
    throw new NotCheckable((name || 'the file') + ' changed while it was read');
  }
  return bytes;
}

/** The SHA-256 of a whole file, as hex, in pieces: it need not fit into memory. `each(done)` is called after each. */
async function blobDigest(blob, each) {
  const hash = new Sha256();
  for (let from = 0; from < blob.size; from += CHUNK) {
    const to = Math.min(blob.size, from + CHUNK);
    hash.update(await blobBytes(blob, from, to));
    await each(to);
  }
  return hex(hash.digest());
}

class BlobFiles {
  /** @param blobs a Map of name to Blob, or File, of a directory */
  constructor(blobs) {
    this.blobs = blobs;
    const all = [...blobs.keys()];
    this.names = all.filter(isFileName).sort(byBytes);
    this.odd = all.filter((name) => !isFileName(name)).sort(byBytes);
  }

  has(name) {
    return this.blobs.has(name);
  }

  size(name) {
    return this.blobs.get(name).size;
  }

  async slice(name, from, to) {
    return blobBytes(this.blobs.get(name), from, to, name);
  }

  async read(name) {
    if (!this.has(name)) {
      throw new Malformed('is missing', name);
    }
    return this.slice(name, 0, this.size(name));
  }
}

/** Files that are in memory already. */
class MemoryFiles {
  constructor(contents) {
    this.contents = contents;
    const all = [...contents.keys()];
    this.names = all.filter(isFileName).sort(byBytes);
    this.odd = all.filter((name) => !isFileName(name)).sort(byBytes);
  }

  has(name) {
    return this.contents.has(name);
  }

  size(name) {
    return this.contents.get(name).length;
  }

  async slice(name, from, to) {
    return this.contents.get(name).subarray(from, to);
  }

  async read(name) {
    if (!this.has(name)) {
      throw new Malformed('is missing', name);
    }
    return this.contents.get(name);
  }
}

/** Of a line without a statement in it (section 9). */
const LINE_MAX = 128 * 1024;

/** The largest files of their kind, in bytes (section 9). */
const SIZE = {
  log: 1 << 20,
  manifest: 16 << 20,
  note: 1 << 20,
  pem: 8 << 10,
  seal: 4 << 10,
  sums: 64 << 20,
  token: 1 << 18,
  tokenList: 2 << 20,
};

/** Refuses a file larger than any of its kind before it is read. */
function requireSize(files, name, most) {
  if (files.has(name) && files.size(name) > most) {
    throw new Refused('malformed', name + ' has ' + files.size(name) + ' bytes; no file of this kind has more than ' + most, name);
  }
}

/** The same where what is larger is a finding and nothing else. */
function isWithin(files, name, most, found) {
  try {
    requireSize(files, name, most);
    return true;
  } catch (larger) {
    found(larger.finding, name, larger.message);
    return false;
  }
}

/** The lines of a file, each without its LF; a last line without one, an empty line or an endless one is refused. */
class LineReader {
  /** @param max the longest line there may be */
  constructor(files, name, max = LINE_MAX) {
    this.files = files;
    this.name = name;
    this.max = max;
    this.chunk = new Uint8Array(0);
    this.at = 0;
    this.read = 0;
    this.number = 0;
  }

  /** The next line, null at the end of the file. */
  async next() {
    let end = this.chunk.indexOf(10, this.at);
    while (end < 0) {
      const rest = this.chunk.subarray(this.at);
      this.bound(rest);
      if (!this.files.has(this.name)) {
        throw new Malformed(this.name + ' is missing', this.name);
      }
      const size = this.files.size(this.name);
      if (this.read >= size) {
        if (rest.length > 0) {
          throw new Malformed('ends without a line end', this.name);
        }
        return null;
      }
      const more = await this.files.slice(this.name, this.read, Math.min(size, this.read + CHUNK));
      this.read += more.length;
      this.chunk = rest.length === 0 ? more : concat(rest, more);
      this.at = 0;
      end = this.chunk.indexOf(10);
    }
    const line = this.chunk.subarray(this.at, end);
    this.at = end + 1;
    this.number++;
    this.bound(line);
    if (line.length === 0) {
      throw new Malformed('has an empty line, number ' + this.number, this.name);
    }
    return line;
  }

  bound({ length }) {
    if (length > this.max) {
      throw new Malformed(this.name + ' has a line of more than ' + this.max + ' bytes', this.name);
    }
  }

  /** The next line as a canonical JSON object, null at the end. */
  async nextObject() {
    const line = await this.next();
    if (line === null) {
      return null;
    }
    return inFile(this.name, () => parseCanonicalObject(line), ' line ' + this.number);
  }
}

/** Runs a step; a form that is wrong is then said to be wrong in this file. */
function inFile(name, step, place = '') {
  try {
    return step();
  } catch (wrong) {
    if (wrong instanceof Malformed && wrong.file === undefined) {
      throw new Malformed(name + place + ' ' + wrong.message, name);
    }
    throw wrong;
  }
}
