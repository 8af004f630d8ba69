/* The work paper: the verdict as text, to be kept with the files. */

function paperText(verdict, options, now) {
  const lines = [
    'Terraseal work paper, by verify.html ' + VERSION,
    'made            ' + now.toISOString(),
    'bundle          ' + options.name,
    'SHA256SUMS      ' + (verdict.sums || 'not there') + ' (SHA-256 of that file, which names every other)',
    'genesis given   ' + (options.genesis || (options.trust ? 'in the trust file' : 'none')),
    'genesis here    ' + (verdict.genesis || 'unknown'),
    'log             ' + (verdict.origin || 'unknown') + (verdict.size === undefined ? '' : ', head of size ' + verdict.size + ', root ' + verdict.root),
    '',
    verdict.title,
    verdict.meaning,
    '',
  ];
  for (const layer of verdict.layers) {
    lines.push(MARKS[layer.state][0] + ' ' + layer.text.padEnd(32) + layer.detail);
    for (const finding of verdict.findings.filter((found) => found.layer === layer.layer)) {
      lines.push('    ' + finding.name + ': ' + finding.message, ...finding.details.map((detail) => '      ' + detail));
    }
  }
  lines.push('', 'Proven', ...verdict.proven.map((item) => '  - ' + item), '', 'Not proven', ...verdict.notProven.map((item) => '  - ' + item));
  return lines.map(visible).join('\n') + '\n';
}

function savePaper(verdict, options) {
  const text = paperText(verdict, options, new Date());
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = el('a', { href: url, download: 'terraseal-work-paper.txt' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
