/* The files of a folder that people give, by their path in it. */

/** The files below a directory that was dropped; `each(count)` is called after each and may throw to end it. */
async function filesOfEntry(entry, each) {
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
          each(blobs.size);
        }
      }
    }
  };
  await walk(entry, '');
  return blobs;
}

/** As filesOfEntry, by the newer interface: Chromium lets a page from disk read a dropped folder by this one alone. */
async function filesOfHandle(handle, each) {
  const blobs = new Map();
  const walk = async (directory, prefix) => {
    for await (const [name, child] of directory.entries()) {
      if (child.kind === 'directory') {
        await walk(child, prefix + name + '/');
      } else {
        blobs.set(prefix + name, await child.getFile());
        each(blobs.size);
      }
    }
  };
  await walk(handle, '');
  return blobs;
}

/** The files of a chosen folder. */
function filesOfFolder(list) {
  const blobs = new Map();
  for (const file of list) {
    blobs.set(file.webkitRelativePath.substr(file.webkitRelativePath.indexOf('/') + 1), file);
  }
  return blobs;
}
