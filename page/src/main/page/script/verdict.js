/* Findings, layers, the verdict (docs/formats.md section 9). The names are those of `terraseal verify --json`. */

const LAYERS = new Map([
  ['seal', 'Seal'],
  ['file-hashes', 'File hashes'],
  ['declaration', 'Declaration'],
  ['chain', 'Hash chain'],
  ['signatures', 'Artifact signatures'],
  ['checkpoint', 'Checkpoint'],
  ['inclusion', 'Inclusion'],
  ['stream-heads', 'Stream heads'],
  ['key-events', 'Key events'],
  ['derived', 'Derived files'],
  ['time', 'Time'],
  ['witnesses', 'Witnesses'],
  ['continuity', 'State continuity'],
  ['requests', 'Requested'],
]);

/** Findings about the world and not about what was given: they fail nothing. */
const NO_FAILURE = new Set(['state-gap', 'lineage-changed', 'lineage-in-two-streams', 'equal-serial-other-state', 'seen-other-history', 'time-outside', 'left-over']);

const OUTCOMES = {
  trusted: [0, 'TRUSTED (0)', 'everything asked for holds, under the genesis or trust file that was given'],
  'not-evaluated': [3, 'NOT EVALUATED (3)', 'it could not be evaluated, for a reason outside what was given'],
  failed: [4, 'VERIFICATION FAILED (4)', 'something inside what was given was changed, removed, reordered, forged, or is not what it claims to be'],
  'not-yet-trusted': [5, 'INTACT, NOT YET TRUSTED (5)', 'all consistent, but nothing was given to trust it by'],
};

const KEPT_PER_LAYER = 200;

class Findings {
  constructor() {
    this.found = new Map([...LAYERS.keys()].map((layer) => [layer, []]));
    this.beyond = new Map();
    this.results = new Map();
  }

  add(layer, name, file, message, ...details) {
    const list = this.found.get(layer);
    if (list.length < KEPT_PER_LAYER) {
      list.push({ layer, name, failure: !NO_FAILURE.has(name), file: file || '', message, details });
    } else {
      this.beyond.set(layer, (this.beyond.get(layer) || 0) + 1);
    }
  }

  /** Adds what a step threw; anything but the three kinds of failure is a fault of this page and goes on. */
  caught(layer, thrown, file) {
    if (thrown instanceof Refused) {
      this.add(layer, thrown.finding, thrown.file || file, thrown.message);
    } else if (thrown instanceof Malformed) {
      this.add(layer, 'malformed', thrown.file || file, thrown.message);
    } else if (thrown instanceof NotCheckable) {
      this.add(layer, 'not-checkable', file, thrown.message);
    } else {
      throw thrown;
    }
  }

  failed(layer) {
    return this.found.get(layer).some((finding) => finding.failure);
  }

  anyFailed() {
    return [...LAYERS.keys()].some((layer) => this.failed(layer));
  }

  valid(layer, detail, text) {
    this.results.set(layer, { layer, state: 'valid', text: text || LAYERS.get(layer) + ' valid', detail: detail || '' });
  }

  notCovered(layer, detail) {
    this.results.set(layer, { layer, state: 'not-covered', text: LAYERS.get(layer), detail });
  }

  notChecked(layer, detail) {
    this.results.set(layer, { layer, state: 'not-checked', text: LAYERS.get(layer) + ' not checked', detail });
  }

  /** The layers in order. After the first that failed nothing is claimed to hold, and without `all` nothing is shown. */
  layers(all) {
    const out = [];
    let over = false;
    for (const [layer, title] of LAYERS) {
      if (this.failed(layer) && (all || !over)) {
        const unknown = this.found.get(layer).every((finding) => !finding.failure || finding.name === 'not-checkable');
        out.push({ layer, state: unknown ? 'not-checked' : 'failed', text: title + (unknown ? ' not checked' : ' failed'), detail: '' });
        over = over || !unknown;
      } else if (over || !this.results.has(layer)) {
        if (!['declaration', 'witnesses', 'requests'].includes(layer)) {
          out.push({ layer, state: 'not-reached', text: title, detail: 'not reached' });
        }
      } else if (layer !== 'declaration') {
        // That the declaration is in order is seen by what follows from it; it has a line only where it fails.
        out.push(this.results.get(layer));
      }
    }
    return out;
  }

  /** Everything found, in the order of layers, up to the first layer that failed unless all are wanted. */
  inOrder(all) {
    const out = [];
    for (const layer of LAYERS.keys()) {
      const failed = this.found.get(layer).some((finding) => finding.failure && finding.name !== 'not-checkable');
      out.push(...this.found.get(layer));
      if (this.beyond.has(layer)) {
        out.push({ layer, name: 'more', failure: false, file: '', message: this.beyond.get(layer) + ' more of this layer', details: [] });
      }
      if (failed && !all) {
        break;
      }
    }
    return out;
  }
}

/** The verdict from what was found; `trusted` says whether a genesis or a trust file was given. */
function conclude(findings, trusted, all, facts, proven, notProven) {
  const found = findings.inOrder(all);
  const failures = found.filter((finding) => finding.failure);
  let outcome = trusted ? 'trusted' : 'not-yet-trusted';
  if (failures.length > 0) {
    outcome = failures.every((finding) => finding.name === 'not-checkable') ? 'not-evaluated' : 'failed';
  }
  const [code, title, meaning] = OUTCOMES[outcome];
  const holds = failures.length === 0;
  return {
    code,
    verdict: outcome,
    title,
    meaning,
    kind: 'bundle',
    ...facts,
    layers: findings.layers(all),
    findings: found,
    proven: holds ? proven : [],
    notProven: holds ? notProven : [],
  };
}
