/* What people give and ask, and the one thing that is under way: whatever was begun before it is stopped. */

const NOTHING_CHOSEN = 'Nothing chosen yet.';

let given = null;
let task = new AbortController();

/** Stops what is under way and takes from the page what it said. */
function clear(note) {
  task.abort(new Stopped());
  task = new AbortController();
  problem('');
  byId('verdict').replaceChildren();
  byId('result').replaceChildren();
  show(byId('working'), false);
  byId('note').textContent = note;
}

/** Begins something in place of what is under way; the signal says when something newer took its place. */
function takeUp(text) {
  clear('');
  byId('working-text').textContent = text;
  byId('progress').removeAttribute('value');
  show(byId('working'), true);
  return task.signal;
}

/** Ends with a message and without a verdict, unless something newer is under way: then nobody asks. */
function giveUp(signal, text) {
  if (!signal.aborted) {
    show(byId('working'), false);
    problem(text);
  }
}

function problem(text) {
  byId('problem').textContent = visible(text || '');
  show(byId('problem'), Boolean(text));
}

function setGiven(content, name) {
  given = content === null ? null : { content, name };
  byId('chosen').textContent = visible(name);
  byId('verify').disabled = given === null;
}

function take(content, name) {
  setGiven(content, name);
  start();
}

async function dropped(event) {
  event.preventDefault();
  heldOver(null);
  const field = fieldAt(event.target);
  const asked = field && field.querySelector('input');
  // Entries have to be taken before the event is over.
  const items = [...event.dataTransfer.items].filter((item) => item.kind === 'file');
  const entry = items.length > 0 && items[0].webkitGetAsEntry ? items[0].webkitGetAsEntry() : null;
  const file = event.dataTransfer.files[0];
  if (items.length > 1) {
    problem(asked ? 'Drop one file there.' : 'Drop one thing: the zip, or the folder of the bundle.');
  } else if (asked && entry && entry.isDirectory) {
    problem('A folder was dropped where one file is asked for.');
  } else if (asked && file) {
    asked.files = event.dataTransfer.files;
    asked.dispatchEvent(new Event('input', { bubbles: true }));
  } else if (entry && entry.isDirectory) {
    await takeFolder(entry, items[0].getAsFileSystemHandle ? items[0].getAsFileSystemHandle() : null);
  } else if (file) {
    take({ zip: file }, file.name);
  }
}

/** A folder is listed before it can be verified; what was given before is given no longer. */
async function takeFolder(entry, handle) {
  const signal = takeUp('Reading the folder…');
  setGiven(null, entry.name + ' is being read.');
  const each = (count) => {
    signal.throwIfAborted();
    byId('working-text').textContent = 'Reading the folder: ' + counted(count, 'file', 'files');
  };
  let blobs;
  try {
    blobs = handle ? await filesOfHandle(await handle, each) : await filesOfEntry(entry, each);
    signal.throwIfAborted();
  } catch (unreadable) {
    if (!signal.aborted) {
      setGiven(null, NOTHING_CHOSEN);
    }
    giveUp(signal, 'This browser does not let the page read a folder that was dropped (' + unreadable.message + '). Choose it with the button, or drop the zip.');
    return;
  }
  take({ files: blobs }, entry.name + ', ' + counted(blobs.size, 'file', 'files'));
}

/** Where files are held over the page: a file of the question, or else the bundle. */
function heldOver(target) {
  document.querySelectorAll('.over').forEach((former) => former.classList.remove('over'));
  if (target !== null) {
    (fieldAt(target) || byId('drop')).classList.add('over');
  }
}

/** The field of a file of the question that lies there; a bundle is taken everywhere else. */
function fieldAt(target) {
  return target instanceof Element ? target.closest('.asked') : null;
}

/** A file of the question, `{name, bytes}`; null where there is none. */
async function askedFile(id, what) {
  const [file] = byId(id).files;
  if (file === undefined) {
    return null;
  }
  try {
    return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch (unreadable) {
    throw new Malformed(what + ' cannot be read (' + unreadable.message + '): was it changed since? Remove it and choose it again.');
  }
}

/** Everything asked, or a message about what cannot be understood. */
async function readQuestion(signal) {
  const question = { genesis: readGenesis(byId('genesis').value) || null, all: byId('list-all').checked, explain: true, atLeast: null, coversUntil: null, now: Date.now(), signal };
  const size = byId('at-least').value.trim();
  const until = byId('covers-until').value.trim();
  if (size !== '') {
    if (!/^[0-9]{1,15}$/.test(size)) {
      throw new Malformed('"At least" is a number of entries.');
    }
    question.atLeast = Number(size);
  }
  if (until !== '') {
    question.coversUntil = until.length === 20 ? until.replace(/Z$/, '.000Z') : until;
    if (!isTime(question.coversUntil)) {
      throw new Malformed('"Until" is a time in UTC like 2026-11-22T01:02:03Z.');
    }
  }
  const files = { trust: await askedFile('trust', 'the trust file'), earlier: await askedFile('from-checkpoint', 'the earlier checkpoint') };
  question.trust = files.trust && files.trust.bytes;
  question.fromCheckpoint = files.earlier && files.earlier.bytes;
  return { question, files };
}

function working(text, done, of) {
  byId('working-text').textContent = text + ': ' + done + ' of ' + of;
  byId('progress').value = of === 0 ? 0 : done / of;
}

/** Verifies what was given. */
async function start() {
  const signal = takeUp('Working…');
  const { content, name } = given;
  try {
    const { question, files } = await readQuestion(signal);
    const verdict = await verifyGiven(content, question, (layer, done, of) => working(LAYERS.get(layer), done, of));
    const zip = content.zip ? await digestOfZip(content.zip, signal) : undefined;
    signal.throwIfAborted();
    show(byId('working'), false);
    drawResult(verdict, { name, zip, question, files });
    byId('verdict').focus();
  } catch (wrong) {
    const told = wrong instanceof Malformed || wrong instanceof NotCheckable;
    giveUp(signal, told ? wrong.message : 'This page failed, and that is no verdict: ' + (wrong.stack || wrong));
  }
}

/** What tells whether somebody else holds the same file; null where it cannot be read, which the verdict says. */
async function digestOfZip(zip, signal) {
  const megabytes = (bytes) => Math.ceil(bytes / 1e6);
  try {
    return await blobDigest(zip, async (done) => {
      working('SHA-256 of the file, MB', megabytes(done), megabytes(zip.size));
      await breathe(signal);
    });
  } catch (wrong) {
    if (wrong instanceof NotCheckable) {
      return null;
    }
    throw wrong;
  }
}

function stop() {
  clear('Stopped before there was a verdict.');
  if (given === null) {
    setGiven(null, NOTHING_CHOSEN);
  }
  byId(given === null ? 'zip' : 'verify').focus();
}

/** A verdict, or one that is being made, answers the question as it was. */
function questionChanged() {
  const answered = !byId('working').hidden || !byId('problem').hidden || byId('verdict').firstChild !== null;
  if (given !== null && answered) {
    clear('The question was changed: press Verify for the answer to it.');
  }
}

/** Says what this browser can check, before anybody relies on it. */
async function sayAbilities() {
  let text;
  try {
    await selfTest();
    const key = new Key('log', 'ED25519_SHA_512', '', fromHex(ED25519_HEAD + '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'));
    await key.verify(new Uint8Array(0), new Uint8Array(64));
    text = 'this browser checks ECDSA P-256, Ed25519, RSA and ML-DSA';
  } catch (wrong) {
    text = wrong instanceof NotCheckable ? wrong.message : 'this browser cannot check: ' + wrong.message;
  }
  byId('abilities').textContent = text;
}

/** Calls `each` with the files that are chosen; the same ones may be chosen again, which without a reset is no change. */
function whenChosen(id, each) {
  byId(id).addEventListener('change', ({ target }) => {
    const files = [...target.files];
    target.value = '';
    if (files.length > 0) {
      each(files);
    }
  });
}

/** The way back of a file of the question. */
function makeRemovable(id) {
  const input = byId(id);
  const remove = byId(id + '-remove');
  const changed = () => show(remove, input.files.length > 0);
  input.addEventListener('input', changed);
  remove.addEventListener('click', () => {
    input.value = '';
    changed();
    questionChanged();
    input.focus();
  });
  // A browser may bring back what was chosen before the page was loaded again.
  changed();
}

function begin() {
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    heldOver(event.target);
  });
  document.addEventListener('dragleave', () => heldOver(null));
  document.addEventListener('drop', dropped);
  whenChosen('zip', ([zip]) => take({ zip }, zip.name));
  whenChosen('folder', (files) => take({ files: filesOfFolder(files) }, files[0].webkitRelativePath.split('/')[0] + ', ' + counted(files.length, 'file', 'files')));
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (given !== null) {
      start();
    }
  });
  byId('form').addEventListener('input', ({ target }) => {
    if (target.matches('#genesis, #at-least, #covers-until, #from-checkpoint, #trust')) {
      questionChanged();
    }
  });
  ['from-checkpoint', 'trust'].forEach(makeRemovable);
  byId('stop').addEventListener('click', stop);
  sayAbilities();
}

begin();
