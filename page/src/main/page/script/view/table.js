/* The entries as a table, fifty at a time, so that 100,000 of them are no burden. */

const PAGE_ROWS = 50;

function drawTable(verdict, standing) {
  const { entries } = verdict.view;
  const body = el('tbody');
  const caption = el('caption', { 'aria-live': 'polite' });
  const search = el('input', { type: 'search', 'aria-label': 'Show entries that contain', placeholder: 'stream, id, ticket, outcome, hash…', oninput: () => turn(0) });
  const earlier = el('button', { type: 'button', onclick: () => turn(page - 1) }, 'Earlier');
  const later = el('button', { type: 'button', onclick: () => turn(page + 1) }, 'Later');
  let page = 0;

  function turn(to) {
    const words = search.value.trim().toLowerCase();
    const found = words === '' ? entries : entries.filter((entry) => matches(entry, words));
    const pages = Math.max(1, Math.ceil(found.length / PAGE_ROWS));
    page = Math.min(Math.max(0, to), pages - 1);
    const rows = found.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
    body.replaceChildren(...rows.map((entry) => row(entry, standing)));
    caption.textContent = found.length === 0 ? 'No entry contains this.' : 'Entries ' + (page * PAGE_ROWS + 1) + ' to ' + (page * PAGE_ROWS + rows.length) + ' of ' + found.length;
    earlier.disabled = page === 0;
    later.disabled = page === pages - 1;
  }

  turn(0);
  const head = ['Entry', 'Received', 'Stream', 'Type', 'Id', 'Outcome', 'Ticket', 'Hash', 'Stands'];
  return el('section', { class: 'card', 'aria-labelledby': 'entries-title' },
    el('h2', { id: 'entries-title' }, 'Entries'),
    el('div', { class: 'pager' }, search, earlier, later),
    el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of entries' },
      el('table', {}, caption, el('thead', {}, el('tr', {}, head.map((name, i) => el('th', { scope: 'col', class: i === 0 ? 'number' : null }, name)))), body)),
  );
}

function matches(entry, words) {
  return [entry.index, entry.stream, entry.kind, entry.id, entry.outcome, entry.ticket, entry.entryHash].some((value) => value !== undefined && String(value).toLowerCase().includes(words));
}

function row(entry, standing) {
  const fault = standing.faults.get(entry.index);
  return el('tr', { class: fault ? 'broken' : null },
    el('td', { class: 'number' }, entry.index),
    el('td', {}, entry.receivedAt ? entry.receivedAt.substr(0, 19).replace('T', ' ') : ''),
    el('td', { class: 'long' }, entry.stream || ''),
    el('td', {}, entry.kind ? entry.kind.replace('/v1', '') : ''),
    el('td', { class: 'long' }, entry.id || ''),
    el('td', {}, entry.outcome || ''),
    el('td', { class: 'long' }, shorten(entry.ticket || '', 200)),
    el('td', { class: 'mono', title: entry.entryHash || null }, entry.entryHash ? entry.entryHash.substr(0, 8) : ''),
    el('td', { class: fault ? 'failure' : null, title: fault || null }, { broken: 'no', holds: 'yes', unknown: 'not known' }[standing.of(entry)]),
  );
}
