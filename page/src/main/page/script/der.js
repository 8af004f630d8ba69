/*
 * DER: public keys (SPKI) and ECDSA signatures. Strict, because one key in two encodings would count as two keys, and one
 * signature in two encodings would be two files: shortest lengths, no negative numbers, no spare zeros, nothing behind.
 */

class Der {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** The content of the next element, which must have this tag. */
  read(tag, what) {
    const { bytes } = this;
    if (bytes[this.at] !== tag) {
      throw new Malformed('is not DER: no ' + what);
    }
    let length = bytes[this.at + 1];
    let begin = this.at + 2;
    if (length > 0x80 && length <= 0x83) {
      const count = length & 0x7f;
      length = 0;
      for (let i = 0; i < count; i++) {
        length = 256 * length + bytes[begin + i];
      }
      begin += count;
      if (!(length >= 0x80 && (count === 1 || length >= 256 ** (count - 1)))) {
        throw new Malformed('is not DER: a length that is not the shortest');
      }
    } else if (!(length < 0x80)) {
      throw new Malformed('is not DER: no length');
    }
    if (begin + length > bytes.length) {
      throw new Malformed('is not DER: it ends early');
    }
    this.at = begin + length;
    return bytes.subarray(begin, this.at);
  }

  more() {
    return this.at < this.bytes.length;
  }

  /** The tag of the next element, undefined at the end. */
  peek() {
    return this.bytes[this.at];
  }

  /** The next element with its tag and length. */
  element(tag, what) {
    const from = this.at;
    this.read(tag, what);
    return this.bytes.subarray(from, this.at);
  }

  enter(tag, what) {
    return new Der(this.read(tag, what));
  }

  /** The content of the next element if it has this tag, else null. */
  optional(tag, what) {
    return this.peek() === tag ? this.read(tag, what) : null;
  }

  end() {
    if (this.at !== this.bytes.length) {
      throw new Malformed('is not DER: bytes behind the end');
    }
  }

  /** The bytes of a number in its shortest form: two encodings of one number would be two readings of one token. */
  integer(what) {
    const bytes = this.read(0x02, what);
    if (bytes.length === 0 || (bytes.length > 1 && ((bytes[0] === 0 && !(bytes[1] & 0x80)) || (bytes[0] === 0xff && bytes[1] & 0x80)))) {
      throw new Malformed('is not DER: ' + what + ' is no number in its shortest form');
    }
    return bytes;
  }

  /** A number from 0 to 127. */
  small(what) {
    const bytes = this.integer(what);
    if (bytes.length !== 1 || bytes[0] & 0x80) {
      throw new Malformed('is not DER: ' + what + ' is not between 0 and 127');
    }
    return bytes[0];
  }

  /** The bytes of an object identifier: at most 64, every arc in its shortest form. */
  object(what) {
    const bytes = this.read(0x06, what);
    let arc = 0;
    let begins = true;
    for (const octet of bytes) {
      if ((begins && octet === 0x80) || arc >= 2 ** 31) {
        throw new Malformed('is not DER: ' + what + ' has an arc that is too large or not in its shortest form');
      }
      begins = !(octet & 0x80);
      arc = begins ? 0 : 128 * arc + (octet & 0x7f);
    }
    if (bytes.length === 0 || bytes.length > 64 || !begins) {
      throw new Malformed('is not DER: ' + what + ' is no object identifier');
    }
    return bytes;
  }

  /** A number of 0 or more, without the zero that keeps it positive. */
  positive(what) {
    const bytes = this.read(0x02, what);
    if (bytes.length === 0 || bytes[0] & 0x80) {
      throw new Malformed('is not DER: ' + what + ' is negative or empty');
    }
    if (bytes.length > 1 && bytes[0] === 0 && !(bytes[1] & 0x80)) {
      throw new Malformed('is not DER: ' + what + ' has spare zeros');
    }
    return bytes[0] === 0 ? bytes.subarray(1) : bytes;
  }
}

/** An ECDSA signature as WebCrypto wants it: r and s, as many bytes each as the curve has (IEEE P1363). */
function ecdsaToP1363(signature, length = 32) {
  const outer = new Der(signature);
  const inner = new Der(outer.read(0x30, 'SEQUENCE'));
  outer.end();
  const out = new Uint8Array(2 * length);
  for (const [name, end] of [['r', length], ['s', 2 * length]]) {
    const number = inner.positive(name);
    if (number.length > length) {
      throw new Malformed('is no signature on its curve: ' + name + ' has more than ' + length + ' bytes');
    }
    out.set(number, end - number.length);
  }
  inner.end();
  return out;
}

// AlgorithmIdentifier of each kind of key, and of the curve.
const P256_HEAD = '3059301306072a8648ce3d020106082a8648ce3d030107034200';
const ED25519_HEAD = '302a300506032b6570032100';
const RSA_ALGORITHM = '06092a864886f70d0101010500';
const ML_DSA = { ML_DSA_44: ['0609608648016503040311', 1312], ML_DSA_65: ['0609608648016503040312', 1952] };

/** Refuses an SPKI that is not the one encoding of a key of this algorithm (section 1). */
function requireSpki(spki, algorithm) {
  const text = hex(spki.subarray(0, 64));
  if (algorithm === 'ECDSA_SHA_256') {
    if (spki.length !== 91 || !text.startsWith(P256_HEAD + '04')) {
      throw new Malformed('is no P-256 key with a named curve and an uncompressed point');
    }
  } else if (algorithm === 'ED25519_SHA_512') {
    if (spki.length !== 44 || !text.startsWith(ED25519_HEAD)) {
      throw new Malformed('is no Ed25519 key');
    }
  } else if (algorithm.startsWith('RSASSA')) {
    requireRsa(spki);
  } else {
    const [oid, length] = ML_DSA[algorithm];
    const key = spkiParts(spki);
    if (hex(key.algorithm) !== oid || key.key.length !== length) {
      throw new Malformed('is no key of ' + algorithm);
    }
  }
}

function spkiParts(spki) {
  const outer = new Der(spki);
  const inner = new Der(outer.read(0x30, 'SEQUENCE'));
  outer.end();
  const algorithm = inner.read(0x30, 'AlgorithmIdentifier');
  const bits = inner.read(0x03, 'BIT STRING');
  inner.end();
  if (bits[0] !== 0) {
    throw new Malformed('is not DER: a key of a broken number of bytes');
  }
  return { algorithm, key: bits.subarray(1) };
}

function requireRsa(spki) {
  const { algorithm, key } = spkiParts(spki);
  if (hex(algorithm) !== RSA_ALGORITHM) {
    throw new Malformed('is no RSA key with NULL parameters');
  }
  const outer = new Der(key);
  const numbers = new Der(outer.read(0x30, 'RSAPublicKey'));
  outer.end();
  const modulus = numbers.positive('modulus');
  const exponent = numbers.positive('exponent');
  numbers.end();
  const bits = 8 * modulus.length - Math.clz32(modulus[0]) + 24;
  if (bits < 2048 || bits > 16384) {
    throw new Malformed('is an RSA key of ' + bits + ' bits, not of 2048 to 16384');
  }
  const last = exponent[exponent.length - 1];
  if (exponent.length > 4 || last % 2 === 0 || (exponent.length === 1 && last < 3)) {
    throw new Malformed('is an RSA key with an exponent that is not odd and from 3 to 2^32 - 1');
  }
}

/** The DER in a PEM file of one public key, in the one form `openssl` and we write: lines of 64, LF at every end. */
function spkiFromPem(bytes) {
  const text = decodeUtf8(bytes);
  const found = /^-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]+)\n-----END PUBLIC KEY-----\n$/.exec(text);
  const body = found ? found[1].replaceAll('\n', '') : '';
  if (!found || found[1] !== body.replace(/.{64}(?=.)/g, '$&\n')) {
    throw new Malformed('is no PEM file of one public key');
  }
  return fromBase64(body);
}
