/*
 * SHAKE128 and SHAKE256 (FIPS 202), which WebCrypto has not: what ML-DSA is made of.
 */

/** SHAKE128 or SHAKE256 by its rate in bytes, over all the parts; afterwards its output is read piece by piece. */
class Shake {
  constructor(rate, ...parts) {
    this.rate = rate;
    // Lane i is words 2i (low half) and 2i + 1 (high half).
    this.words = new Int32Array(50);
    this.place = 0;
    for (const part of parts) {
      for (const byte of part) {
        this.mix(byte);
        if (++this.place === rate) {
          keccak(this.words);
          this.place = 0;
        }
      }
    }
    this.mix(0x1f);
    this.place = rate - 1;
    this.mix(0x80);
    this.place = rate;
  }

  mix(byte) {
    this.words[this.place >> 2] ^= byte << (8 * (this.place & 3));
  }

  byte() {
    if (this.place === this.rate) {
      keccak(this.words);
      this.place = 0;
    }
    const byte = (this.words[this.place >> 2] >>> (8 * (this.place & 3))) & 255;
    this.place++;
    return byte;
  }

  bytes(count) {
    return Uint8Array.from({ length: count }, () => this.byte());
  }
}

function shake128(...parts) {
  return new Shake(168, ...parts);
}

function shake256(...parts) {
  return new Shake(136, ...parts);
}

// Rotation of lane x + 5y (rho) and where it goes (pi): (x, y) to (y, 2x + 3y), walked as FIPS 202 section 3.2.2 does.
const RHO = new Int32Array(25);
const PI = new Int32Array(25);
// Round constants, low and high halves in turn.
const IOTA = new Int32Array(48);

(function keccakTables() {
  for (let x = 0; x < 5; x++) {
    for (let y = 0; y < 5; y++) {
      PI[x + 5 * y] = y + 5 * ((2 * x + 3 * y) % 5);
    }
  }
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    RHO[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  // rc(t): bits of the register x^8 + x^6 + x^5 + x^4 + 1.
  let register = 1;
  for (let round = 0; round < 24; round++) {
    for (let j = 0; j <= 6; j++) {
      if (register & 1) {
        const bit = 2 ** j - 1;
        IOTA[2 * round + (bit >> 5)] |= 1 << (bit & 31);
      }
      register = register & 0x80 ? ((register << 1) ^ 0x171) & 0xff : register << 1;
    }
  }
})();

const COLUMN = new Int32Array(10);
const MOVED = new Int32Array(50);

/** Keccak-f[1600] in place. */
function keccak(a) {
  const c = COLUMN;
  const b = MOVED;
  for (let round = 0; round < 24; round++) {
    for (let i = 0; i < 10; i++) {
      c[i] = a[i] ^ a[i + 10] ^ a[i + 20] ^ a[i + 30] ^ a[i + 40];
    }
    for (let x = 0; x < 5; x++) {
      const before = 2 * ((x + 4) % 5);
      const after = 2 * ((x + 1) % 5);
      const low = c[before] ^ ((c[after] << 1) | (c[after + 1] >>> 31));
      const high = c[before + 1] ^ ((c[after + 1] << 1) | (c[after] >>> 31));
      for (let i = 2 * x; i < 50; i += 10) {
        a[i] ^= low;
        a[i + 1] ^= high;
      }
    }
    for (let lane = 0; lane < 25; lane++) {
      const by = RHO[lane] & 31;
      const swap = RHO[lane] >> 5;
      const low = a[2 * lane + swap];
      const high = a[2 * lane + 1 - swap];
      const to = 2 * PI[lane];
      b[to] = by === 0 ? low : (low << by) | (high >>> (32 - by));
      b[to + 1] = by === 0 ? high : (high << by) | (low >>> (32 - by));
    }
    for (let row = 0; row < 50; row += 10) {
      for (let i = 0; i < 10; i++) {
        a[row + i] = b[row + i] ^ (~b[row + ((i + 2) % 10)] & b[row + ((i + 4) % 10)]);
      }
    }
    a[0] ^= IOTA[2 * round];
    a[1] ^= IOTA[2 * round + 1];
  }
}
