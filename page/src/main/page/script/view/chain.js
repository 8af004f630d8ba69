/* The chain as a drawing: a block an entry, the broken link in red, and the neighbours that still hold. */

const BLOCK = { width: 92, height: 44, gap: 34, perRow: 8, around: 4, ends: 8 };
const STRIP = { width: 960, height: 18, columns: 480 };

/**
 * How entries stand. One holds where a key of this log signed its bytes for its place; it is broken where something was found
 * of it, and of the rest nobody knows: a check did not come to them, or what it rests on is itself in doubt.
 */
class Standing {
  constructor({ entries, blamed, held, keysKnown, included }) {
    const faults = faultsOf(entries, blamed);
    this.held = held;
    /** What is wrong with an entry, by its index. */
    this.faults = faults.size > 0 ? faults : new Map([...blamed].map(([index, { later }]) => [index, later]));
    // With a changed entry no head fits; where none is changed, these are not the entries of the log.
    this.decided = keysKnown && (included || faults.size > 0);
  }

  of({ index }) {
    return this.faults.has(index) ? 'broken' : this.decided && this.held.has(index) ? 'holds' : 'unknown';
  }
}

/**
 * Why an entry by itself does not stand, by index. A broken link is the fault of the entry before where that one is known to be
 * changed; else the entry that names another hash is marked.
 */
function faultsOf(entries, blamed) {
  const faults = new Map();
  for (const [index, { own }] of blamed) {
    if (own !== null) {
      faults.set(index, own);
    }
  }
  const newest = new Map();
  let unreadable = -1;
  for (const { index, stream } of entries) {
    const blame = blamed.get(index);
    if (blame !== undefined && !faults.has(index)) {
      const before = Math.max(unreadable, newest.has(stream) ? newest.get(stream) : -1);
      if (blame.link !== null && !faults.has(index - 1)) {
        faults.set(index, blame.link);
      } else if (blame.streamLink !== null && !faults.has(before)) {
        faults.set(index, blame.streamLink);
      }
    }
    if (stream === undefined) {
      unreadable = index;
    } else {
      newest.set(stream, index);
    }
  }
  return faults;
}

function drawChain(verdict, standing) {
  const { entries } = verdict.view;
  const shown = chosenEntries(entries, standing);
  const card = el('section', { class: 'card', 'aria-labelledby': 'chain-title' }, el('h2', { id: 'chain-title' }, 'The chain'));
  if (entries.length > BLOCK.perRow * 4) {
    card.append(strip(entries, standing));
  }
  card.append(el('div', { class: 'scroll' }, blocks(shown, standing)));
  card.append(el('p', { class: 'note' }, chainWords(entries, shown, standing)));
  return card;
}

/** All of few; of many the first, the last and what lies around the first faults. */
function chosenEntries(entries, standing) {
  if (entries.length <= BLOCK.perRow * 4) {
    return entries;
  }
  const wanted = new Set();
  const add = (from, to) => {
    for (let i = Math.max(0, from); i <= Math.min(entries.length - 1, to); i++) {
      wanted.add(i);
    }
  };
  let around = 0;
  entries.forEach((entry, i) => {
    if (standing.of(entry) === 'broken' && around < 3) {
      add(i - BLOCK.around, i + BLOCK.around);
      around++;
    }
  });
  if (around === 0) {
    add(0, BLOCK.ends - 1);
  }
  add(entries.length - BLOCK.ends, entries.length - 1);
  return [...wanted].sort((one, other) => one - other).map((i) => entries[i]);
}

function blocks(shown, standing) {
  const step = BLOCK.width + BLOCK.gap;
  const rows = Math.ceil(shown.length / BLOCK.perRow);
  // With room for the edge of the last one.
  const width = Math.min(shown.length, BLOCK.perRow) * step + 2;
  const height = rows * (BLOCK.height + 26) + 6;
  const out = svg('svg', { class: rows > 1 ? 'rows' : null, viewBox: '0 0 ' + width + ' ' + height, width, height, role: 'img', 'aria-label': 'The entries as a chain of blocks' });
  shown.forEach((entry, i) => {
    const x = (i % BLOCK.perRow) * step + BLOCK.gap;
    const y = Math.floor(i / BLOCK.perRow) * (BLOCK.height + 26) + 6;
    const stands = standing.of(entry);
    const drawnAs = stands === 'holds' ? '' : ' ' + stands;
    const mark = { broken: '✗ ', holds: '', unknown: '? ' }[stands];
    const before = shown[i - 1];
    const adjacent = entry.index === 0 || (before && before.index === entry.index - 1);
    const broken = entry.holds === false;
    out.append(link(x, y + BLOCK.height / 2, broken, !adjacent));
    out.append(
      svg('g', {},
        svg('title', {}, 'entry ' + entry.index + (entry.stream ? ', ' + entry.stream : '') + ': ' + (standing.faults.get(entry.index) || { holds: 'holds', unknown: 'not known' }[stands])),
        svg('rect', { class: 'block' + drawnAs, x, y, width: BLOCK.width, height: BLOCK.height, rx: 6 }),
        svg('text', { class: 'block-text' + drawnAs, x: x + BLOCK.width / 2, y: y + 18 }, mark + entry.index),
        svg('text', { class: 'block-text', x: x + BLOCK.width / 2, y: y + 34 }, entry.entryHash ? entry.entryHash.substr(0, 8) : 'unreadable'),
      ),
    );
  });
  return out;
}

function link(x, y, broken, hidden) {
  const from = x - BLOCK.gap;
  const group = svg('g', {}, svg('line', { class: 'link' + (broken ? ' broken' : hidden ? ' hidden' : ''), x1: from, y1: y, x2: x, y2: y }));
  if (broken) {
    const middle = from + BLOCK.gap / 2;
    group.append(svg('path', { class: 'cross', d: 'M' + (middle - 6) + ' ' + (y - 6) + 'l12 12m0 -12l-12 12', fill: 'none' }));
  }
  return group;
}

/** Every entry in one line, so that it is seen where in a long log something is wrong. */
function strip(entries, standing) {
  const columns = Math.min(STRIP.columns, entries.length);
  const worst = Array(columns).fill('holds');
  const counts = { holds: 0, unknown: 0, broken: 0 };
  entries.forEach((entry, i) => {
    const at = Math.floor((i * columns) / entries.length);
    const stands = standing.of(entry);
    counts[stands]++;
    worst[at] = worst[at] === 'broken' || stands === 'holds' ? worst[at] : stands;
  });
  const label = 'All ' + entries.length + ' entries in one line: ' + counts.holds + ' hold, ' + counts.broken + ' are broken, of ' + counts.unknown + ' it is not known';
  const out = svg('svg', { viewBox: '0 0 ' + STRIP.width + ' ' + (STRIP.height + 8), role: 'img', 'aria-label': label });
  worst.forEach((stands, i) => {
    const bad = stands === 'broken';
    const width = STRIP.width / columns - (columns > 240 ? 0 : 0.6) + (bad ? 2 : 0);
    out.append(svg('rect', { class: 'strip' + (stands === 'holds' ? '' : ' ' + stands), x: (i * STRIP.width) / columns, y: bad ? 0 : 4, width, height: bad ? STRIP.height + 8 : STRIP.height }));
  });
  return out;
}

function chainWords(entries, shown, standing) {
  const { faults } = standing;
  const words = shown.length < entries.length ? [shown.length + ' of ' + entries.length + ' entries are drawn.'] : [];
  const unknown = entries.filter((entry) => standing.of(entry) === 'unknown').length;
  if (faults.size > 0) {
    const broken = [...faults.keys()].sort((one, other) => one - other);
    words.push('Broken: ' + firstTen(broken) + '.');
    const around = entries.filter((entry) => standing.of(entry) === 'holds' && (faults.has(entry.index - 1) || faults.has(entry.index + 1)));
    if (around.length > 0) {
      words.push('Of their neighbours ' + firstTen(around.map((entry) => entry.index)) + ' still ' + (around.length === 1 ? 'holds.' : 'hold.'));
    }
  } else if (unknown === 0) {
    words.push('Every entry names the hash of the one before it, and all of these links hold. A dotted link leads to an entry that is not drawn or not in this bundle.');
  }
  if (unknown > 0) {
    words.push('Not known: ' + counted(unknown, 'entry', 'entries') + ', for a check did not come so far, or rests on what does not hold.');
  }
  return words.join(' ');
}

function firstTen(indices) {
  return indices.slice(0, 10).join(', ') + (indices.length > 10 ? ' and ' + (indices.length - 10) + ' more' : '');
}
