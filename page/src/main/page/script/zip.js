/*
 * A zip in canonical form (docs/formats.md section 8). Every byte but the contents is prescribed, so the headers are
 * written again from names, sizes and checksums and compared: what is read here is what every other reader sees.
 */

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) {
    c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return c;
});

function crc32(bytes) {
  let c = -1;
  for (let i = 0; i < bytes.length; i++) {
    c = (c >>> 8) ^ CRC_TABLE[(c ^ bytes[i]) & 255];
  }
  return ~c >>> 0;
}

/** Beyond that a bundle is a directory (section 8): 4 GiB − 1 in the fields of a zip means that the number is elsewhere. */
const ZIP_BYTES_MAX = 0xfffffffe;

/** Little-endian fields: pairs of a number of bytes and a value. */
function fields(...pairs) {
  const out = [];
  for (const [length, value] of pairs) {
    for (let i = 0, rest = value; i < length; i++, rest = Math.floor(rest / 256)) {
      out.push(rest % 256);
    }
  }
  return Uint8Array.from(out);
}

/** What follows "version needed" in both headers of a member: flags, method, time, date, checksum, sizes, lengths. */
function memberFields(member) {
  return fields([2, 10], [2, 0], [2, 0], [2, 0], [2, 0x21], [4, member.crc], [4, member.size], [4, member.size], [2, member.name.length], [2, 0]);
}

function localHeader(member) {
  return concat(fields([4, 0x04034b50]), memberFields(member), utf8(member.name));
}

function centralHeader(member) {
  const tail = fields([2, 0], [2, 0], [2, 0], [4, 0x81a40000], [4, member.at]);
  return concat(fields([4, 0x02014b50], [2, 0x0314]), memberFields(member), tail, utf8(member.name));
}

function endRecord(count, size, at) {
  return fields([4, 0x06054b50], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, at], [2, 0]);
}

class ZipFiles {
  constructor(blob, members) {
    this.blob = blob;
    this.members = new Map(members.map((member) => [member.name, member]));
    this.names = members.map((member) => member.name);
    this.odd = [];
  }

  has(name) {
    return this.members.has(name);
  }

  size(name) {
    return this.members.get(name).size;
  }

  async slice(name, from, to) {
    const member = this.members.get(name);
    return blobBytes(this.blob, member.begin + from, member.begin + to);
  }

  async read(name) {
    if (!this.has(name)) {
      throw new Malformed('is missing', name);
    }
    const bytes = await this.slice(name, 0, this.size(name));
    if (crc32(bytes) !== this.members.get(name).crc) {
      throw new Malformed('has another content than the checksum in the zip says', name);
    }
    return bytes;
  }
}

/** Opens a zip and holds every header to its one form; `signal` ends it. */
async function openZip(blob, signal) {
  const wrong = (what) => {
    throw new Malformed('is not a zip in canonical form: ' + what);
  };
  if (blob.size < 22) {
    wrong('it is too short');
  }
  const end = await blobBytes(blob, blob.size - 22, blob.size);
  const view = new DataView(end.buffer, end.byteOffset, 22);
  const count = view.getUint16(10, true);
  const length = view.getUint32(12, true);
  const begin = view.getUint32(16, true);
  if (blob.size > ZIP_BYTES_MAX) {
    wrong('it has more than ' + ZIP_BYTES_MAX + ' bytes');
  }
  // Before anything is read by these numbers: they say where the directory is.
  if (count > 65534 || begin + length + 22 !== blob.size || !sameBytes(end, endRecord(count, length, begin))) {
    wrong('its end record is not the prescribed one, or something lies behind it');
  }
  const members = centralMembers(await blobBytes(blob, begin, begin + length), count, wrong);
  let at = 0;
  for (const member of members) {
    await breathe(signal);
    const expected = localHeader(member);
    member.begin = at + expected.length;
    if (member.at !== at || member.begin + member.size > begin) {
      wrong('member ' + member.name + ' is not where the one before it ends');
    }
    if (!sameBytes(await blobBytes(blob, at, member.begin), expected)) {
      wrong('the local header of ' + member.name + ' is not that of the directory');
    }
    at = member.begin + member.size;
  }
  if (at !== begin) {
    wrong('something lies between the last member and the directory');
  }
  return new ZipFiles(blob, members);
}

function centralMembers(bytes, count, wrong) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const members = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 46 > bytes.length || at + 46 + view.getUint16(at + 28, true) > bytes.length) {
      wrong('its directory ends early');
    }
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    // A byte more than a name may have is enough to refuse it, and few enough to be arguments of one call.
    const name = String.fromCharCode(...bytes.subarray(at + 46, Math.min(nameEnd, at + 47 + NAME_MAX)));
    if (!isFileName(name)) {
      wrong('a member is called ' + shorten(JSON.stringify(name), 80));
    }
    if (members.length > 0 && name <= members[members.length - 1].name) {
      wrong('member ' + name + ' is there twice or out of order');
    }
    const member = { name, crc: view.getUint32(at + 16, true), size: view.getUint32(at + 24, true), at: view.getUint32(at + 42, true) };
    if (!sameBytes(bytes.subarray(at, nameEnd), centralHeader(member))) {
      wrong('the directory entry of ' + name + ' is not the prescribed one');
    }
    members.push(member);
    at = nameEnd;
  }
  if (members.length !== count || count === 0) {
    wrong('its end record counts ' + count + ' members, the directory ' + members.length);
  }
  return members;
}
