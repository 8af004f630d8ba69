/* The chain as a drawing: a block an entry, the broken link in red, and the neighbours that still hold. */

const BLOCK = { width: 92, height: 44, gap: 34, perRow: 8, around: 4, ends: 8 };
const STRIP = { width: 960, height: 18, columns: 480 };

/**
 * Why an entry does not stand, by index. A broken link is the fault of the entry before where that one is known to be
 * changed; else the entry that names another hash is marked.
 */
function faultsOf(verdict) {
  const faults = new Map();
  const { entries, broken } = verdict.view;
  for (const finding of verdict.findings) {
    const found = /^artifacts\/0*([0-9]+)\.json$/.exec(finding.file);
    if (finding.failure && found && finding.name !== 'broken-link' && finding.name !== 'broken-stream' && !faults.has(Number(found[1]))) {
      faults.set(Number(found[1]), finding.message);
    }
  }
  for (const entry of entries) {
    if (!faults.has(entry.index) && broken.has(entry.file) && entry.file.endsWith('.json')) {
      faults.set(entry.index, 'its file is not the one in SHA256SUMS');
    }
  }
  for (const entry of entries) {
    if (entry.holds === false && !faults.has(entry.index) && !faults.has(entry.index - 1)) {
      faults.set(entry.index, 'its link to the entry before does not hold');
    }
  }
  return faults;
}

function drawChain(verdict) {
  const { entries } = verdict.view;
  const faults = faultsOf(verdict);
  const shown = chosenEntries(entries, faults);
  const card = el('section', { class: 'card', 'aria-labelledby': 'chain-title' }, el('h2', { id: 'chain-title' }, 'The chain'));
  if (entries.length > BLOCK.perRow * 4) {
    card.append(strip(entries, faults));
  }
  card.append(el('div', { class: 'scroll' }, blocks(shown, faults)));
  card.append(el('p', { class: 'note' }, chainWords(entries, shown, faults)));
  return card;
}

/** All of few; of many the first, the last and what lies around the first faults. */
function chosenEntries(entries, faults) {
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
    if (faults.has(entry.index) && around < 3) {
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

function blocks(shown, faults) {
  const step = BLOCK.width + BLOCK.gap;
  const rows = Math.ceil(shown.length / BLOCK.perRow);
  const width = Math.min(shown.length, BLOCK.perRow) * step;
  const height = rows * (BLOCK.height + 26) + 6;
  const out = svg('svg', { viewBox: '0 0 ' + width + ' ' + height, width, height, role: 'img', 'aria-label': 'The entries as a chain of blocks' });
  shown.forEach((entry, i) => {
    const x = (i % BLOCK.perRow) * step + BLOCK.gap;
    const y = Math.floor(i / BLOCK.perRow) * (BLOCK.height + 26) + 6;
    const fault = faults.get(entry.index);
    const before = shown[i - 1];
    const adjacent = entry.index === 0 || (before && before.index === entry.index - 1);
    const broken = entry.holds === false;
    out.append(link(x, y + BLOCK.height / 2, broken, !adjacent));
    out.append(
      svg('g', {},
        svg('title', {}, 'entry ' + entry.index + (entry.stream ? ', ' + entry.stream : '') + (fault ? ': ' + fault : ': holds')),
        svg('rect', { class: 'block' + (fault ? ' broken' : ''), x, y, width: BLOCK.width, height: BLOCK.height, rx: 6 }),
        svg('text', { class: 'block-text' + (fault ? ' broken' : ''), x: x + BLOCK.width / 2, y: y + 18 }, (fault ? '✗ ' : '') + entry.index),
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
function strip(entries, faults) {
  const columns = Math.min(STRIP.columns, entries.length);
  const bad = new Set();
  entries.forEach((entry, i) => {
    if (faults.has(entry.index)) {
      bad.add(Math.floor((i * columns) / entries.length));
    }
  });
  const out = svg('svg', { viewBox: '0 0 ' + STRIP.width + ' ' + (STRIP.height + 8), role: 'img', 'aria-label': 'All ' + entries.length + ' entries in one line, ' + (faults.size === 0 ? 'none of them broken' : faults.size + ' of them broken') });
  for (let i = 0; i < columns; i++) {
    const x = (i * STRIP.width) / columns;
    out.append(svg('rect', { class: 'strip' + (bad.has(i) ? ' broken' : ''), x, y: bad.has(i) ? 0 : 4, width: STRIP.width / columns - (columns > 240 ? 0 : 0.6) + (bad.has(i) ? 2 : 0), height: bad.has(i) ? STRIP.height + 8 : STRIP.height }));
  }
  return out;
}

function chainWords(entries, shown, faults) {
  const some = shown.length < entries.length ? shown.length + ' of ' + entries.length + ' entries are drawn. ' : '';
  if (faults.size === 0) {
    return some + 'Every entry names the hash of the one before it, and all of these links hold. A dotted link leads to an entry that is not drawn or not in this bundle.';
  }
  const broken = [...faults.keys()].sort((one, other) => one - other);
  const listed = broken.slice(0, 10).join(', ') + (broken.length > 10 ? ' and ' + (broken.length - 10) + ' more' : '');
  const around = entries.filter((entry) => !faults.has(entry.index) && (faults.has(entry.index - 1) || faults.has(entry.index + 1))).map((entry) => entry.index);
  const still = around.length === 0 ? '' : ' Of their neighbours ' + around.slice(0, 10).join(', ') + ' still hold.';
  return some + 'Broken: ' + listed + '.' + still;
}
