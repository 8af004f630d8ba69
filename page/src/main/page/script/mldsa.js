/*
 * ML-DSA verification (FIPS 204, pure, with an empty context), written out because few browsers have it. Everything here is
 * public. Algorithms are numbered as in FIPS 204.
 */

const Q = 8380417;
const ML_DSA_SETS = {
  ML_DSA_44: { k: 4, l: 4, tau: 39, beta: 78, omega: 80, hash: 32, gamma1: 2 ** 17, gamma2: (Q - 1) / 88 },
  ML_DSA_65: { k: 6, l: 5, tau: 49, beta: 196, omega: 55, hash: 48, gamma1: 2 ** 19, gamma2: (Q - 1) / 32 },
};

/** a · b modulo q: the product is below 2^53, so it is exact. */
function times(a, b) {
  const product = a * b;
  const rest = product - Q * Math.floor(product / Q);
  // The quotient may be rounded up to the next whole number.
  return rest < 0 ? rest + Q : rest;
}

// Appendix B: 1753 to the power of the index with its eight bits reversed.
const ZETAS = new Int32Array(256);

(function zetas() {
  let power = 1;
  for (let i = 0; i < 256; i++) {
    let reversed = 0;
    for (let bit = 0; bit < 8; bit++) {
      reversed |= ((i >> bit) & 1) << (7 - bit);
    }
    ZETAS[reversed] = power;
    power = times(power, 1753);
  }
})();

/** Algorithm 41, in place. */
function ntt(w) {
  let m = 0;
  for (let len = 128; len >= 1; len /= 2) {
    for (let start = 0; start < 256; start += 2 * len) {
      const zeta = ZETAS[++m];
      for (let j = start; j < start + len; j++) {
        const t = times(zeta, w[j + len]);
        w[j + len] = (w[j] - t + Q) % Q;
        w[j] = (w[j] + t) % Q;
      }
    }
  }
  return w;
}

/** Algorithm 42, in place. */
function inverseNtt(w) {
  let m = 256;
  for (let len = 1; len < 256; len *= 2) {
    for (let start = 0; start < 256; start += 2 * len) {
      const zeta = Q - ZETAS[--m];
      for (let j = start; j < start + len; j++) {
        const t = w[j];
        w[j] = (t + w[j + len]) % Q;
        w[j + len] = times(zeta, (t - w[j + len] + Q) % Q);
      }
    }
  }
  return w.map((each) => times(8347681, each));
}

/** 256 numbers of so many bits each, the lowest bit first (the reading half of algorithms 18 and 19). */
function unpackBits(bytes, bits) {
  const out = new Int32Array(256);
  for (let i = 0; i < 256 * bits; i++) {
    out[Math.floor(i / bits)] |= ((bytes[i >> 3] >> (i & 7)) & 1) << (i % bits);
  }
  return out;
}

/** Algorithm 30: an entry of the matrix, which is in the transformed domain from the start. */
function rejectedNtt(rho, column, row) {
  const stream = shake128(rho, Uint8Array.of(column, row));
  const out = new Int32Array(256);
  for (let filled = 0; filled < 256; ) {
    const value = stream.byte() + 256 * stream.byte() + 65536 * (stream.byte() & 127);
    if (value < Q) {
      out[filled++] = value;
    }
  }
  return out;
}

/** Algorithm 29. */
function sampleInBall(seed, tau) {
  const stream = shake256(seed);
  const signs = stream.bytes(8);
  const c = new Int32Array(256);
  for (let i = 256 - tau; i < 256; i++) {
    let j = stream.byte();
    while (j > i) {
      j = stream.byte();
    }
    const sign = i + tau - 256;
    c[i] = c[j];
    c[j] = (signs[sign >> 3] >> (sign & 7)) & 1 ? Q - 1 : 1;
  }
  return c;
}

/** Algorithm 21: for each row the set of places, or null for what is not the one encoding of any. */
function unpackHints(y, { k, omega }) {
  const rows = [];
  let index = 0;
  for (let i = 0; i < k; i++) {
    const end = y[omega + i];
    if (end < index || end > omega) {
      return null;
    }
    for (let at = index + 1; at < end; at++) {
      if (y[at - 1] >= y[at]) {
        return null;
      }
    }
    rows.push(new Set(y.subarray(index, end)));
    index = end;
  }
  return y.subarray(index, omega).every((rest) => rest === 0) ? rows : null;
}

/** Algorithms 36, 37 and 40: the high part of r, moved by one where the hint says so. */
function hintedHighBits(r, hinted, gamma2) {
  const m = (Q - 1) / (2 * gamma2);
  let low = r % (2 * gamma2);
  if (low > gamma2) {
    low -= 2 * gamma2;
  }
  let high = (r - low) / (2 * gamma2);
  if (r - low === Q - 1) {
    high = 0;
    low -= 1;
  }
  if (!hinted) {
    return high;
  }
  return low > 0 ? (high + 1) % m : (high - 1 + m) % m;
}

/** Algorithm 28: the high parts of 256 coefficients as bytes. */
function packHighBits(high, gamma2) {
  const bits = 32 - Math.clz32((Q - 1) / (2 * gamma2) - 1);
  const out = new Uint8Array(32 * bits);
  high.forEach((value, i) => {
    for (let bit = 0; bit < bits; bit++) {
      const at = i * bits + bit;
      out[at >> 3] |= ((value >> bit) & 1) << (at & 7);
    }
  });
  return out;
}

/** A public key, its matrix made once: that takes longer than a verification. */
class MlDsaKey {
  constructor(algorithm, raw) {
    this.set = ML_DSA_SETS[algorithm];
    const { k, l } = this.set;
    const rho = raw.subarray(0, 32);
    this.hash = shake256(raw).bytes(64);
    this.matrix = Array.from({ length: k }, (_, row) => Array.from({ length: l }, (__, column) => rejectedNtt(rho, column, row)));
    this.high = Array.from({ length: k }, (_, row) => ntt(unpackBits(raw.subarray(32 + 320 * row), 10).map((t) => t * 8192)));
  }

  /** Algorithms 3 and 8; a signature of the wrong form is false. */
  verify(message, signature) {
    const { k, l, tau, beta, omega, hash, gamma1, gamma2 } = this.set;
    const bits = Math.log2(gamma1) + 1;
    if (signature.length !== hash + l * 32 * bits + omega + k) {
      return false;
    }
    const seed = signature.subarray(0, hash);
    const z = Array.from({ length: l }, (_, i) => unpackBits(signature.subarray(hash + i * 32 * bits), bits).map((each) => gamma1 - each));
    const hints = unpackHints(signature.subarray(hash + l * 32 * bits), this.set);
    if (hints === null || z.some((part) => part.some((each) => Math.abs(each) >= gamma1 - beta))) {
      return false;
    }
    const responses = z.map((part) => ntt(part.map((each) => (each + Q) % Q)));
    const c = ntt(sampleInBall(seed, tau));
    const packed = hints.map((places, row) => {
      const w = new Int32Array(256);
      for (let i = 0; i < 256; i++) {
        let sum = Q - times(c[i], this.high[row][i]);
        for (let column = 0; column < l; column++) {
          sum += times(this.matrix[row][column][i], responses[column][i]);
        }
        w[i] = sum % Q;
      }
      return packHighBits(inverseNtt(w).map((r, i) => hintedHighBits(r, places.has(i), gamma2)), gamma2);
    });
    const mu = shake256(this.hash, Uint8Array.of(0, 0), message).bytes(64);
    return sameBytes(seed, shake256(mu, ...packed).bytes(hash));
  }
}
