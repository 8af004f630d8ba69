/* The verdict on the page: what it is, a line a layer, what is proven and what is not. */

const MARKS = { valid: ['✓', 'holds'], failed: ['✗', 'fails'], 'not-covered': ['–', 'not covered'], 'not-checked': ['?', 'not checked'], 'not-reached': ['·', 'not reached'] };

/** @param asked `{name, zip, question, files}`: what was verified and by which question */
function drawResult(verdict, asked) {
  const banner = byId('verdict');
  banner.replaceChildren(drawVerdict(verdict, asked));
  const parts = [drawLayers(verdict)];
  if (verdict.proven.length > 0) {
    parts.push(drawLists(verdict));
  }
  if (verdict.intervals && verdict.intervals.length > 0) {
    parts.push(drawTimes(verdict.intervals));
  }
  parts.push(drawFacts(verdict, asked));
  if (verdict.view && verdict.view.entries.length > 0) {
    const standing = new Standing(verdict.view);
    parts.push(drawChain(verdict, standing), drawTimeline(verdict), drawGaps(verdict), drawTable(verdict, standing));
  }
  byId('result').replaceChildren(...parts);
}

function drawVerdict(verdict, asked) {
  const first = verdict.findings.find((finding) => finding.failure);
  const box = el('section', { class: 'verdict ' + verdict.verdict }, el('h2', {}, verdict.title), el('p', {}, sentence(verdict.meaning)));
  if (first) {
    box.append(el('p', {}, el('strong', {}, first.name + ': '), first.message));
  }
  if (verdict.verdict === 'not-yet-trusted') {
    box.append(el('p', {}, 'Every signature fits the keys inside what you gave, and anyone could have made those. Compare this genesis with one you got another way, put that one in above, and verify again:'));
    box.append(el('p', {}, el('code', {}, verdict.genesis)));
  }
  box.append(el('p', {}, el('button', { type: 'button', onclick: () => savePaper(verdict, asked) }, 'Save the work paper')));
  return box;
}

function sentence(text) {
  return text[0].toUpperCase() + text.substr(1) + '.';
}

function drawLayers(verdict) {
  const lines = verdict.layers.map((layer) => {
    const [mark, word] = MARKS[layer.state];
    const findings = verdict.findings.filter((finding) => finding.layer === layer.layer);
    const line = el('li', { class: layer.state },
      el('span', { class: 'mark', role: 'img', 'aria-label': word }, mark),
      el('span', { class: 'name' }, layer.text),
      el('span', { class: 'detail' }, layer.detail),
    );
    if (findings.length > 0) {
      line.append(el('ul', {}, firstOf(findings, 50, drawFinding)));
    }
    return line;
  });
  return el('section', { class: 'card', 'aria-labelledby': 'layers-title' }, el('h2', { id: 'layers-title' }, 'Layer by layer'), el('ol', { class: 'layers' }, lines));
}

/** So many as a page can show well, and how many more the work paper has. */
function firstOf(all, most, draw) {
  const drawn = all.slice(0, most).map(draw);
  const left = all.length - most;
  return left > 0 ? [...drawn, el('li', { class: 'note' }, left + (left === 1 ? ' more is' : ' more are') + ' in the work paper.')] : drawn;
}

function drawFinding(finding) {
  return el('li', { class: finding.failure ? 'failure' : null }, el('span', { class: 'mono' }, finding.name), ' ' + finding.message, finding.details.map((detail) => el('div', { class: 'note' }, detail)));
}

/** Between which times entries came into the log, as others than the log say. */
function drawTimes(intervals) {
  return el('section', { class: 'card', 'aria-labelledby': 'times-title' }, el('h2', { id: 'times-title' }, 'When'), el('ul', {}, firstOf(intervals, 200, (line) => el('li', {}, line))));
}

function drawLists(verdict) {
  const list = (title, items) => el('div', {}, el('h3', {}, title), el('ul', {}, items.map((item) => el('li', {}, sentence(item)))));
  const title = verdict.code === 0 ? 'What this proves, and what not' : 'What this would prove, were the genesis the right one, and what not';
  return el('section', { class: 'card', 'aria-labelledby': 'proven-title' }, el('h2', { id: 'proven-title' }, title), el('div', { class: 'two' }, list('Proven', verdict.proven), list('Not proven', verdict.notProven)));
}

function drawFacts(verdict, asked) {
  const list = el('dl', {}, factsOf(verdict, asked).map(([name, text]) => [el('dt', {}, name), el('dd', { class: 'mono' }, text)]).flat());
  return el('section', { class: 'card', 'aria-labelledby': 'facts-title' }, el('h2', { id: 'facts-title' }, 'What was verified'), list);
}
