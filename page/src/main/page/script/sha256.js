/*
 * SHA-256 (FIPS 180-4), written out because WebCrypto's is asynchronous and takes whole buffers only: a tree of 100,000
 * leaves has 300,000 small hashes, and population.csv is hashed as it is derived. Large files go to WebCrypto. Before the
 * page answers anything, `selfTest` compares the two.
 */

const ROUND = new Int32Array(64);
const START = new Int32Array(8);

(function constants() {
  // The fractional parts of the cube roots (rounds) and square roots (start) of the first primes.
  let found = 0;
  for (let n = 2; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) {
      prime = prime && n % d !== 0;
    }
    if (prime) {
      ROUND[found] = fraction(n, 3);
      if (found < 8) {
        START[found] = fraction(n, 2);
      }
      found++;
    }
  }

  /** The first 32 bits after the point of the root, by exact integers: floor(root(n · 2^(32·degree))) mod 2^32. */
  function fraction(n, degree) {
    const wanted = BigInt(n) << BigInt(32 * degree);
    let low = 0n;
    let high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(degree) <= wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Number(BigInt.asIntN(32, low));
  }
})();

class Sha256 {
  constructor() {
    this.state = START.slice();
    this.schedule = new Int32Array(64);
    this.block = new Uint8Array(64);
    this.reset();
  }

  reset() {
    this.state.set(START);
    this.length = 0;
    this.filled = 0;
    return this;
  }

  /** Goes on from the state after `length` bytes, a multiple of 64. */
  resume(state, length) {
    this.state.set(state);
    this.length = length;
    this.filled = 0;
  }

  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.filled > 0) {
      const take = Math.min(64 - this.filled, bytes.length);
      this.block.set(bytes.subarray(0, take), this.filled);
      this.filled += take;
      at = take;
      if (this.filled < 64) {
        return this;
      }
      this.compress(this.block, 0);
      this.filled = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) {
      this.compress(bytes, at);
    }
    if (at < bytes.length) {
      this.block.set(bytes.subarray(at));
      this.filled = bytes.length - at;
    }
    return this;
  }

  digest() {
    const bits = this.length * 8;
    this.block[this.filled++] = 0x80;
    if (this.filled > 56) {
      this.block.fill(0, this.filled);
      this.compress(this.block, 0);
      this.filled = 0;
    }
    this.block.fill(0, this.filled);
    const view = new DataView(this.block.buffer);
    view.setUint32(56, Math.floor(bits / 0x100000000));
    view.setUint32(60, bits >>> 0);
    this.compress(this.block, 0);
    const out = new Uint8Array(32);
    for (let i = 0; i < 8; i++) {
      const word = this.state[i];
      out[4 * i] = word >>> 24;
      out[4 * i + 1] = word >>> 16;
      out[4 * i + 2] = word >>> 8;
      out[4 * i + 3] = word;
    }
    return out;
  }

  compress(bytes, at) {
    const w = this.schedule;
    const s = this.state;
    for (let i = 0; i < 16; i++, at += 4) {
      w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + small0 + w[i - 7] + small1) | 0;
    }
    let a = s[0];
    let b = s[1];
    let c = s[2];
    let d = s[3];
    let e = s[4];
    let f = s[5];
    let g = s[6];
    let h = s[7];
    for (let i = 0; i < 64; i++) {
      const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + big1 + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
      const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    s[0] += a;
    s[1] += b;
    s[2] += c;
    s[3] += d;
    s[4] += e;
    s[5] += f;
    s[6] += g;
    s[7] += h;
  }
}

const HASHER = new Sha256();

function sha256(...parts) {
  HASHER.reset();
  for (const part of parts) {
    HASHER.update(part);
  }
  return HASHER.digest();
}

/** The SHA-256 of a whole file, as hex: by WebCrypto where that is quicker. */
async function fileDigest(bytes) {
  if (bytes.length < 65536) {
    return hex(sha256(bytes));
  }
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Refuses to work where this code and the browser's own do not hash alike. */
async function selfTest() {
  if (!globalThis.crypto || !crypto.subtle) {
    throw new NotCheckable('this browser offers no WebCrypto to this page; open the file itself, or use another browser');
  }
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    const theirs = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    if (!sameBytes(sha256(bytes), theirs)) {
      throw new NotCheckable('SHA-256 of this page and of this browser differ at ' + length + ' bytes');
    }
  }
}
