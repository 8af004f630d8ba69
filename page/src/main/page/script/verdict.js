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

const NOT_CHECKABLE = 'not-checkable';

/** The layers that every bundle has; the others have a line only where they fail or somebody asked. */
const ALWAYS_CONCLUDED = [...LAYERS.keys()].filter((layer) => !['witnesses', 'requests'].includes(layer));

/** Findings about the world and not about what was given: they fail nothing. */
const NO_FAILURE = new Set(['state-gap', 'lineage-changed', 'lineage-in-two-streams', 'equal-serial-other-state', 'seen-other-history', 'time-outside', 'left-over']);

const OUTCOMES = {
  trusted: [0, 'TRUSTED (0)', 'everything asked for holds, under the genesis or trust file that was given'],
  'not-evaluated': [3, 'NOT EVALUATED (3)', 'it could not be evaluated, for a reason outside what was given'],
  failed: [4, 'VERIFICATION FAILED (4)', 'something inside what was given was changed, removed, reordered, forged, or is not what it claims to be'],
  'not-yet-trusted': [5, 'INTACT, NOT YET TRUSTED (5)', 'all consistent, but nothing was given to trust it by'],
};

/** Layers that speak of an entry by itself: what those behind them say may follow from another one that was changed. */
const LAYERS_OF_ENTRIES = new Set(['file-hashes', 'chain', 'signatures']);

/** Links are broken at the entry that names another hash, and it may be the one before that was changed. */
const LINKS = new Map([['broken-link', 'link'], ['broken-stream', 'streamLink']]);

/** More of one kind in a layer tell a reader nothing new; of failures and of findings about the world so many each. */
const KEPT_PER_LAYER = 200;

/** The entry whose own file this is, null of any other. */
function entryOf(file) {
  const found = /^artifacts\/0*([0-9]+)\.json$/.exec(file);
  return found ? Number(found[1]) : null;
}

/** Keeps what a reader is shown and counts everything: the verdict follows from the counts, never from what is kept. */
class Findings {
  constructor() {
    this.found = new Map([...LAYERS.keys()].map((layer) => [layer, []]));
    this.counts = new Map([...LAYERS.keys()].map((layer) => [layer, { failures: 0, unknown: 0, world: 0 }]));
    this.results = new Map();
    /** By entry what was found of it, `{own, link, streamLink, later}`: of every one, also where nothing more is kept. */
    this.blamed = new Map();
  }

  /** @param where a file, or `{file, index}` of an entry; a file of its own has the entry's index in its name */
  add(layer, name, where, message, ...details) {
    const failure = !NO_FAILURE.has(name);
    const { file, index } = typeof where === 'string' ? { file: where, index: entryOf(where) } : where;
    if (failure && name !== NOT_CHECKABLE && index !== null) {
      this.blame(layer, name, index, message);
    }
    const count = this.counts.get(layer);
    const before = failure ? count.failures + count.unknown : count.world;
    count[name === NOT_CHECKABLE ? 'unknown' : failure ? 'failures' : 'world']++;
    // Of failures behind many that could not be checked the first is shown all the same: it is the answer.
    if (before < KEPT_PER_LAYER || (count.failures === 1 && failure && name !== NOT_CHECKABLE)) {
      this.found.get(layer).push({ layer, name, failure, file, message, details });
    }
  }

  blame(layer, name, index, message) {
    const blame = this.blamed.get(index) || { own: null, link: null, streamLink: null, later: null };
    const kind = LINKS.get(name) || (LAYERS_OF_ENTRIES.has(layer) ? 'own' : 'later');
    blame[kind] = blame[kind] || message;
    this.blamed.set(index, blame);
  }

  /** Adds what a step threw; anything but the three kinds of failure is a fault of this page and goes on. */
  caught(layer, thrown, file) {
    if (thrown instanceof Refused) {
      this.add(layer, thrown.finding, thrown.file || file, thrown.message);
    } else if (thrown instanceof Malformed) {
      this.add(layer, 'malformed', thrown.file || file, thrown.message);
    } else if (thrown instanceof NotCheckable) {
      this.add(layer, NOT_CHECKABLE, file, thrown.message);
    } else {
      throw thrown;
    }
  }

  /** Whether something in this layer is wrong, or could not be checked: it is not to be called valid. */
  failed(layer) {
    const { failures, unknown } = this.counts.get(layer);
    return failures + unknown > 0;
  }

  /** Whether something in this layer is wrong, and not only beyond what this page can check. */
  refused(layer) {
    return this.counts.get(layer).failures > 0;
  }

  anyFailed() {
    return [...LAYERS.keys()].some((layer) => this.failed(layer));
  }

  anyRefused() {
    return [...LAYERS.keys()].some((layer) => this.refused(layer));
  }

  /** A layer that nobody concluded holds nothing: where nothing else is wrong, that is no answer about the bundle. */
  requireConcluded() {
    if (!this.anyFailed()) {
      for (const layer of ALWAYS_CONCLUDED.filter((name) => !this.results.has(name))) {
        this.add(layer, NOT_CHECKABLE, '', LAYERS.get(layer) + ': this page came to no conclusion');
      }
    }
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
        const unknown = !this.refused(layer);
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
      const kept = this.found.get(layer);
      const { failures, unknown, world } = this.counts.get(layer);
      out.push(...kept);
      if (failures + unknown + world > kept.length) {
        out.push({ layer, name: 'more', failure: false, file: '', message: failures + unknown + world - kept.length + ' more of this layer', details: [] });
      }
      if (failures > 0 && !all) {
        break;
      }
    }
    return out;
  }
}

/** The verdict from what was found; `trusted` says whether a genesis or a trust file was given. */
function conclude(findings, trusted, all, facts, proven, notProven) {
  const holds = !findings.anyFailed();
  const held = trusted ? 'trusted' : 'not-yet-trusted';
  const outcome = findings.anyRefused() ? 'failed' : holds ? held : 'not-evaluated';
  const [code, title, meaning] = OUTCOMES[outcome];
  return {
    code,
    verdict: outcome,
    title,
    meaning,
    kind: 'bundle',
    ...facts,
    layers: findings.layers(all),
    findings: findings.inOrder(all),
    proven: holds ? proven : [],
    notProven: holds ? notProven : [],
  };
}
