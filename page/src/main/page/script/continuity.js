/* State continuity (docs/formats.md section 4): whether the states that applies claim join. Findings about the world. */

class Continuity {
  constructor(found) {
    this.found = found;
    this.lineages = new Map();
    this.applies = new Map();
    this.streams = new Map();
    this.gaps = 0;
    this.unknown = 0;
    /** Every one, for the drawing and the work paper: `{name, from, to, stream, message}`. */
    this.breaks = [];
  }

  next(entry, statement) {
    const { stream, streamSequence } = statement;
    const before = this.streams.get(stream);
    const joined = before === undefined || streamSequence === before + 1;
    this.streams.set(stream, streamSequence);
    if (!joined) {
      // An entry between them is not shown: nothing can be said across it.
      this.applies.delete(stream);
    }
    if (statement.kind !== 'terraform-apply/v1') {
      return;
    }
    const state = isObject(statement.body.state) ? statement.body.state : {};
    const lineage = typeof state.lineage === 'string' ? state.lineage : null;
    if (lineage === null) {
      this.unknown++;
      return;
    }
    this.compare(entry, stream, lineage, state);
  }

  compare({ index, file }, stream, lineage, state) {
    const owner = this.lineages.get(lineage);
    if (owner === undefined) {
      this.lineages.set(lineage, stream);
    } else if (owner !== stream) {
      this.say('lineage-in-two-streams', index, index, stream, file, 'lineage ' + lineage + ' belongs to stream ' + owner + ' and appears in ' + stream);
    }
    const last = this.applies.get(stream);
    const { serialBefore, serialAfter, sha256Before, sha256After } = state;
    if (last !== undefined && last.lineage !== lineage) {
      this.say('lineage-changed', last.index, index, stream, file, 'stream ' + stream + ' goes on with lineage ' + lineage + '; entry ' + last.index + ' had ' + last.lineage);
    } else if (last !== undefined && bothKnown(serialBefore, last.serialAfter)) {
      if (serialBefore !== last.serialAfter) {
        this.say('state-gap', last.index, index, stream, file, 'stream ' + stream + ' begins at serial ' + serialBefore + '; entry ' + last.index + ' ended at ' + last.serialAfter);
      } else if (bothKnown(sha256Before, last.sha256After) && sha256Before !== last.sha256After) {
        this.say('equal-serial-other-state', last.index, index, stream, file, 'stream ' + stream + ' begins at serial ' + serialBefore + ' with another state than entry ' + last.index + ' left');
      }
    }
    if (bothKnown(serialBefore, serialAfter) && serialBefore === serialAfter && bothKnown(sha256Before, sha256After) && sha256Before !== sha256After) {
      this.say('equal-serial-other-state', index, index, stream, file, 'stream ' + stream + ' has serial ' + serialAfter + ' before and after, with two different states');
    }
    this.applies.set(stream, { index, lineage, serialAfter, sha256After });
  }

  say(name, from, to, stream, file, message) {
    this.gaps++;
    this.breaks.push({ name, from, to, stream, message });
    this.found(name, file, message);
  }
}

function bothKnown(one, other) {
  return one !== undefined && other !== undefined;
}
