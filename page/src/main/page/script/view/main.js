/* What people give: files dropped or chosen, the genesis, and more to ask for. */

let given = null;
let running = 0;

/** The files below a directory that was dropped, by their path in it. */
async function filesOfEntry(entry) {
  const blobs = new Map();
  const walk = async (directory, prefix) => {
    const reader = directory.createReader();
    for (;;) {
      // A reader gives at most 100 at a time, and none when it is done.
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) {
        return;
      }
      for (const child of some) {
        if (child.isDirectory) {
          await walk(child, prefix + child.name + '/');
        } else {
          blobs.set(prefix + child.name, await new Promise((resolve, reject) => child.file(resolve, reject)));
        }
      }
    }
  };
  await walk(entry, '');
  return blobs;
}

/** As filesOfEntry, by the newer interface: Chromium lets a page from disk read a dropped folder by this one alone. */
async function filesOfHandle(handle) {
  const blobs = new Map();
  const walk = async (directory, prefix) => {
    for await (const [name, child] of directory.entries()) {
      if (child.kind === 'directory') {
        await walk(child, prefix + name + '/');
      } else {
        blobs.set(prefix + name, await child.getFile());
      }
    }
  };
  await walk(handle, '');
  return blobs;
}

/** The files of a chosen folder, by their path below it. */
function filesOfFolder(list) {
  const blobs = new Map();
  for (const file of list) {
    blobs.set(file.webkitRelativePath.substr(file.webkitRelativePath.indexOf('/') + 1), file);
  }
  return blobs;
}

function take(content, name) {
  given = { content, name };
  byId('chosen').textContent = visible(name);
  byId('verify').disabled = false;
  start();
}

async function dropped(event) {
  event.preventDefault();
  byId('drop').classList.remove('over');
  // Entries have to be taken before the event is over.
  const items = [...event.dataTransfer.items].filter((item) => item.kind === 'file');
  const entry = items.length > 0 && items[0].webkitGetAsEntry ? items[0].webkitGetAsEntry() : null;
  const handle = entry && entry.isDirectory && items[0].getAsFileSystemHandle ? items[0].getAsFileSystemHandle() : null;
  const file = event.dataTransfer.files[0];
  if (items.length > 1) {
    problem('Drop one thing: the zip, or the folder of the bundle.');
  } else if (entry && entry.isDirectory) {
    try {
      const blobs = handle ? await filesOfHandle(await handle) : await filesOfEntry(entry);
      take({ files: blobs }, entry.name + ', ' + counted(blobs.size, 'file', 'files'));
    } catch (unreadable) {
      problem('This browser does not let the page read a folder that was dropped (' + unreadable.message + '). Choose it with the button, or drop the zip.');
    }
  } else if (file) {
    take({ zip: file }, file.name);
  }
}

function problem(text) {
  byId('problem').textContent = visible(text || '');
  show(byId('problem'), Boolean(text));
}

/** Everything asked, or a message about what cannot be understood. */
async function readOptions() {
  const bytesOf = async (id) => (byId(id).files.length > 0 ? new Uint8Array(await byId(id).files[0].arrayBuffer()) : null);
  const options = { genesis: readGenesis(byId('genesis').value) || null, all: byId('list-all').checked, explain: true, atLeast: null, coversUntil: null };
  const size = byId('at-least').value.trim();
  const until = byId('covers-until').value.trim();
  if (size !== '') {
    if (!/^[0-9]{1,15}$/.test(size)) {
      throw new Malformed('"At least" is a number of entries.');
    }
    options.atLeast = Number(size);
  }
  if (until !== '') {
    if (!isTime(until)) {
      throw new Malformed('"Until" is a time in UTC like 2026-11-22T01:02:03.000Z.');
    }
    options.coversUntil = until;
  }
  options.fromCheckpoint = await bytesOf('from-checkpoint');
  options.trust = await bytesOf('trust');
  return options;
}

function working(layer, done, of) {
  byId('working-text').textContent = LAYERS.get(layer) + ': ' + done + ' of ' + of;
  byId('progress').value = of === 0 ? 0 : done / of;
}

/** Verifies what was given. A second start while one runs makes the first one's answer void. */
async function start() {
  const mine = ++running;
  problem('');
  byId('verdict').replaceChildren();
  byId('result').replaceChildren();
  let options;
  try {
    options = await readOptions();
    show(byId('working'), true);
    const verdict = await verifyGiven(given.content, options, (layer, done, of) => {
      if (mine === running) {
        working(layer, done, of);
      }
    });
    if (mine === running) {
      drawResult(verdict, { ...options, name: given.name });
      byId('verdict').focus();
    }
  } catch (wrong) {
    if (mine === running) {
      problem(wrong instanceof Malformed ? wrong.message : 'This page failed, and that is no verdict: ' + (wrong.stack || wrong));
    }
  } finally {
    if (mine === running) {
      show(byId('working'), false);
    }
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

function begin() {
  const drop = byId('drop');
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  document.addEventListener('dragleave', () => drop.classList.remove('over'));
  document.addEventListener('drop', dropped);
  byId('zip').addEventListener('change', (event) => {
    if (event.target.files.length > 0) {
      take({ zip: event.target.files[0] }, event.target.files[0].name);
    }
  });
  byId('folder').addEventListener('change', (event) => {
    const list = event.target.files;
    if (list.length > 0) {
      take({ files: filesOfFolder(list) }, list[0].webkitRelativePath.split('/')[0] + ', ' + counted(list.length, 'file', 'files'));
    }
  });
  byId('form').addEventListener('submit', (event) => {
    event.preventDefault();
    if (given !== null) {
      start();
    }
  });
  sayAbilities();
}

begin();
