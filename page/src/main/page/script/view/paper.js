/* What identifies a check, and the work paper: the verdict as text, to be kept with the files. */

/** Pairs of name and text, under the names that the work paper of `terraseal verify` has, so that the two can be matched. */
function factsOf(verdict, { name, zip, question, files }) {
  const of = (file) => file && file.name + ', SHA-256 ' + hex(sha256(file.bytes));
  const asked = [
    question.atLeast === null ? null : 'at least ' + question.atLeast + ' entries',
    question.coversUntil === null ? null : 'entries until ' + question.coversUntil,
    question.all ? 'every finding' : null,
  ].filter((text) => text !== null);
  return [
    ['Checked', name],
    ['SHA-256 of the file', zip === null ? 'it could not be read' : zip],
    ['SHA-256 of SHA256SUMS', verdict.sums],
    ['Checked at', new Date(question.now).toISOString().replace(/\.[0-9]+/, '') + ', by the clock of the machine that checked'],
    ['Verifier', 'verify.html ' + VERSION],
    ['Genesis given', question.genesis || (files.trust ? 'in the trust file' : 'none')],
    ['Trust file', of(files.trust)],
    ['Earlier checkpoint', of(files.earlier)],
    ['Asked', asked.length === 0 ? 'nothing more' : asked.join('; ')],
    ['Log', verdict.origin || 'unknown'],
    ['Genesis', verdict.genesis || 'unknown'],
    ['Head', verdict.size === undefined ? 'none that holds' : 'size ' + verdict.size + ', root ' + verdict.root],
    ['Entries', verdict.count === undefined ? null : verdict.count + ' from ' + verdict.first + ' on'],
    ['verify.html inside', verdict.verifyHtml ? verdict.verifyHtml + ' (not checked: compare it with the release page)' : null],
  ].filter(([, text]) => Boolean(text));
}

function paperText(verdict, asked) {
  const lines = ['Terraseal work paper', ''];
  const list = (title, items) => {
    if (items.length > 0) {
      lines.push('', title, ...items.map((item) => '  - ' + item));
    }
  };
  for (const [name, text] of factsOf(verdict, asked)) {
    lines.push(name.padEnd(24) + text);
  }
  lines.push('', verdict.title, verdict.meaning, '');
  for (const layer of verdict.layers) {
    lines.push(MARKS[layer.state][0] + ' ' + layer.text.padEnd(32) + layer.detail);
    // Those of state continuity come below, and every one.
    for (const finding of verdict.findings.filter((found) => found.layer === layer.layer && layer.layer !== 'continuity')) {
      lines.push('    ' + finding.name + ': ' + finding.message, ...finding.details.map((detail) => '      ' + detail));
    }
  }
  list('When', verdict.intervals || []);
  list('State continuity', verdict.view ? verdict.view.breaks.map(gapText) : []);
  list('Proven', verdict.proven);
  list('Not proven', verdict.notProven);
  return lines.map(visible).join('\n') + '\n';
}

function gapText({ name, from, to, message }) {
  return name + ' between entries ' + from + ' and ' + to + ': ' + message;
}

function savePaper(verdict, asked) {
  const url = URL.createObjectURL(new Blob([paperText(verdict, asked)], { type: 'text/plain' }));
  const link = el('a', { href: url, download: 'terraseal-work-paper.txt' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
