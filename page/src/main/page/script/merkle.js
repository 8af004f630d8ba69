/*
 * The tree (docs/formats.md section 6; RFC 6962 section 2.1). Leaf SHA-256(0x00 ‖ entry hash), node SHA-256(0x01 ‖ left ‖
 * right). Sizes reach 2^53, so indices are divided and never shifted.
 */

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);

function leafHash(bytes) {
  return sha256(LEAF_PREFIX, bytes);
}

function nodeHash(left, right) {
  return sha256(NODE_PREFIX, left, right);
}

/** The largest power of two below n, n ≥ 2: where RFC 6962 splits a tree of n. */
function splitOf(n) {
  let power = 1;
  while (power * 2 < n) {
    power *= 2;
  }
  return power;
}

/** The height of a whole tree of so many leaves, −1 if they are no power of two. Counted, because a logarithm is rounded. */
function heightOf(leaves) {
  let height = 0;
  let rest = leaves;
  while (rest > 1 && rest % 2 === 0) {
    rest /= 2;
    height++;
  }
  return rest === 1 ? height : -1;
}

/** The root of a list of leaf hashes. */
function rootOf(leaves, from = 0, to = leaves.length) {
  if (to === from) {
    return sha256(new Uint8Array(0));
  }
  if (to - from === 1) {
    return leaves[from];
  }
  const split = splitOf(to - from);
  return nodeHash(rootOf(leaves, from, from + split), rootOf(leaves, from + split, to));
}

/** The root that a leaf and its path lead to (RFC 6962 section 2.1.1); a path of another length is refused. */
function rootByPath(leaf, index, size, path) {
  if (leaf.length !== 32) {
    throw new Refused('not-included', 'a leaf hash has 32 bytes, not ' + leaf.length);
  }
  if (index >= size) {
    throw new Refused('not-included', 'index ' + index + ' is not below size ' + size);
  }
  let at = 0;
  const up = (place, count) => {
    if (count === 1) {
      return leaf;
    }
    const split = splitOf(count);
    const below = place < split ? up(place, split) : up(place - split, count - split);
    if (at === path.length) {
      throw new Refused('not-included', 'the path is too short');
    }
    const beside = path[at++];
    return place < split ? nodeHash(below, beside) : nodeHash(beside, below);
  };
  const root = up(index, size);
  if (at !== path.length) {
    throw new Refused('not-included', 'the path has ' + (path.length - at) + ' hashes too many');
  }
  return root;
}

/**
 * Both roots that a consistency proof leads to (RFC 6962 section 2.1.2), `old` and `now`. Where the old tree is a whole
 * subtree of the new one its root is not in the proof but is taken from the caller.
 */
function rootsByConsistency(oldSize, size, oldRoot, proof) {
  if (oldSize < 1 || oldSize > size) {
    throw new Refused('two-histories', 'there is no consistency proof from size ' + oldSize + ' to ' + size);
  }
  let at = 0;
  const take = () => {
    if (at === proof.length) {
      throw new Refused('two-histories', 'the consistency proof is too short');
    }
    return proof[at++];
  };
  // whole: the subtree looked at is one the old root alone stands for.
  const walk = (m, n, whole) => {
    if (m === n) {
      const hash = whole ? oldRoot : take();
      return { old: hash, now: hash };
    }
    const split = splitOf(n);
    if (m <= split) {
      const left = walk(m, split, whole);
      return { old: left.old, now: nodeHash(left.now, take()) };
    }
    const right = walk(m - split, n - split, false);
    const left = take();
    return { old: nodeHash(left, right.old), now: nodeHash(left, right.now) };
  };
  const roots = walk(oldSize, size, true);
  if (at !== proof.length) {
    throw new Refused('two-histories', 'the consistency proof has ' + (proof.length - at) + ' hashes too many');
  }
  return roots;
}

/** The leaves of [first, end) as they come, with every complete subtree that lies wholly among them. */
class RangeTree {
  constructor(first) {
    this.first = first;
    this.end = first;
    this.levels = [];
  }

  append(leaf) {
    this.end++;
    this.put(0, this.end - 1, leaf);
  }

  put(height, index, hash) {
    if (this.levels.length === height) {
      this.levels.push({ base: index, used: 0, hashes: new Uint8Array(32 * 64) });
    }
    const level = this.levels[height];
    if (32 * level.used === level.hashes.length) {
      const larger = new Uint8Array(2 * level.hashes.length);
      larger.set(level.hashes);
      level.hashes = larger;
    }
    level.hashes.set(hash, 32 * level.used++);
    if (index % 2 === 1 && index > level.base) {
      this.put(height + 1, (index - 1) / 2, nodeHash(this.at(height, index - 1), hash));
    }
  }

  at(height, index) {
    const level = this.levels[height];
    const place = 32 * (index - level.base);
    return level.hashes.subarray(place, place + 32);
  }

  /** The subtree over [low, high) of the tree of a size, with what lies outside of this range taken from lists. */
  subtree(low, high, left, right) {
    const height = heightOf(high - low);
    const whole = height >= 0;
    if (high <= this.first && whole) {
      return takeFirst(left, 'left');
    }
    if (low >= this.end) {
      return takeFirst(right, 'right');
    }
    if (low >= this.first && high <= this.end && whole) {
      return this.at(height, low / (high - low));
    }
    const split = low + splitOf(high - low);
    // In this order, because the lists run from left to right.
    const one = this.subtree(low, split, left, right);
    return nodeHash(one, this.subtree(split, high, left, right));
  }

  /** The root of the tree of `size`, with the hashes of proofs/range.json (section 8); every one of them must be used. */
  root(size, left = [], right = []) {
    if (size === 0) {
      return sha256(new Uint8Array(0));
    }
    const before = left.slice();
    const after = right.slice();
    const root = this.subtree(0, size, before, after);
    if (before.length + after.length > 0) {
      throw new Refused('not-included', 'has ' + (before.length + after.length) + ' hashes too many');
    }
    return root;
  }
}

function takeFirst(list, name) {
  if (list.length === 0) {
    throw new Refused('not-included', "has too few hashes in '" + name + "'");
  }
  return list.shift();
}
