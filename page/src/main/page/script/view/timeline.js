/* When entries were received, by stream and by the log's own clock, and where the claimed states do not join. */

const TIMELINE = { width: 960, left: 190, lane: 26, columns: 160, lanes: 8, bottom: 24 };

function drawTimeline(verdict) {
  const entries = verdict.view.entries.filter((entry) => entry.receivedAt);
  const card = el('section', { class: 'card', 'aria-labelledby': 'time-title' }, el('h2', { id: 'time-title' }, 'When entries were received'));
  if (entries.length === 0) {
    card.append(el('p', { class: 'note' }, 'No entry here says when it was received.'));
    return card;
  }
  const times = entries.map((entry) => Date.parse(entry.receivedAt));
  const from = times.reduce((least, time) => Math.min(least, time), Infinity);
  const to = times.reduce((most, time) => Math.max(most, time), -Infinity);
  const lanes = busiest(entries);
  card.append(el('div', { class: 'scroll' }, lanesDrawing(entries, times, lanes, from, to, verdict.view.breaks)));
  const streams = new Set(entries.map((entry) => entry.stream)).size;
  // What tokens vouch for is under "When"; in a bundle that fails nobody knows.
  const alone = verdict.intervals && verdict.intervals.length === 0 ? ', which no token vouches for.' : '.';
  card.append(el('p', { class: 'note' }, counted(entries.length, 'entry', 'entries') + ' in ' + counted(streams, 'stream', 'streams') + ', from ' + new Date(from).toISOString() + ' to ' + new Date(to).toISOString() + " by the log's clock" + alone + (streams > lanes.length ? ' The ' + lanes.length + ' busiest streams have a line of their own.' : '')));
  return card;
}

function busiest(entries) {
  const counts = new Map();
  for (const { stream } of entries) {
    counts.set(stream, (counts.get(stream) || 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1] || byBytes(one[0], other[0])).slice(0, TIMELINE.lanes).map(([stream]) => stream);
}

function lanesDrawing(entries, times, lanes, from, to, breaks) {
  const places = new Map(lanes.map((stream, i) => [stream, i]));
  const rows = lanes.length + (entries.some((entry) => !places.has(entry.stream)) ? 1 : 0);
  const height = rows * TIMELINE.lane + TIMELINE.bottom;
  const room = TIMELINE.width - TIMELINE.left - 10;
  const column = (time) => (to === from ? 0 : Math.min(TIMELINE.columns - 1, Math.floor(((time - from) / (to - from)) * TIMELINE.columns)));
  const laneOf = (stream) => (places.has(stream) ? places.get(stream) : lanes.length);
  const cells = new Map();
  const received = new Map();
  entries.forEach((entry, i) => {
    const key = laneOf(entry.stream) * TIMELINE.columns + column(times[i]);
    cells.set(key, (cells.get(key) || 0) + 1);
    received.set(entry.index, times[i]);
  });
  const most = [...cells.values()].reduce((top, count) => Math.max(top, count), 1);
  const out = svg('svg', { class: 'timeline', viewBox: '0 0 ' + TIMELINE.width + ' ' + height, role: 'img', 'aria-label': 'A line for each stream, marks where entries were received' });
  for (let i = 0; i < rows; i++) {
    const y = i * TIMELINE.lane + TIMELINE.lane / 2;
    out.append(svg('line', { class: 'lane-line', x1: TIMELINE.left, x2: TIMELINE.width, y1: y, y2: y }));
    out.append(svg('text', { class: 'lane-text', x: 0, y: y + 4 }, i < lanes.length ? shorten(lanes[i], 28) : 'other streams'));
  }
  const width = room / TIMELINE.columns;
  for (const [key, count] of cells) {
    const lane = Math.floor(key / TIMELINE.columns);
    const size = 5 + 13 * Math.sqrt(count / most);
    const x = TIMELINE.left + (key % TIMELINE.columns) * width + 1;
    out.append(svg('rect', { class: 'lane', x, y: lane * TIMELINE.lane + (TIMELINE.lane - size) / 2, width: Math.max(4, width - 1), height: size, rx: 1.5 }, svg('title', {}, counted(count, 'entry', 'entries'))));
  }
  for (const { to: at, stream, message } of breaks.slice(0, 200)) {
    if (received.has(at)) {
      const x = TIMELINE.left + column(received.get(at)) * width + Math.max(4, width - 1) / 2 + 1;
      const y = laneOf(stream) * TIMELINE.lane;
      out.append(svg('path', { class: 'gap-mark', d: 'M' + x + ' ' + (y + 9) + 'l-6 -9h12z' }, svg('title', {}, message)));
    }
  }
  out.append(svg('text', { class: 'lane-text', x: TIMELINE.left, y: height - 6 }, new Date(from).toISOString().substr(0, 16).replace('T', ' ')));
  out.append(svg('text', { class: 'lane-text', x: TIMELINE.width - 2, y: height - 6, 'text-anchor': 'end' }, new Date(to).toISOString().substr(0, 16).replace('T', ' ') + ' UTC'));
  return out;
}

/** Where the states that applies claim do not join. */
function drawGaps(verdict) {
  const { breaks } = verdict.view;
  const card = el('section', { class: 'card', 'aria-labelledby': 'gaps-title' }, el('h2', { id: 'gaps-title' }, 'State continuity'));
  if (breaks.length === 0) {
    card.append(el('p', { class: 'note' }, 'No gap: wherever an apply says which state it found, it is the one the apply before it left.'));
    return card;
  }
  card.append(el('ul', {}, firstOf(breaks, 100, (gap) => el('li', {}, gapText(gap)))));
  card.append(el('p', { class: 'note' }, 'Such a gap fails nothing: it says that a state changed and no entry here tells how.'));
  return card;
}
