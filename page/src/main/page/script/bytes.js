/* Bytes and text: hexadecimal, base64, UTF-8, the three ways in which something can be wrong, and turns of the page. */

/** What was given is not in the form docs/formats.md prescribes. `file` is the bundle's file, where one is known. */
class Malformed extends Error {
  constructor(message, file) {
    super(message);
    this.file = file;
  }
}

/** This browser cannot answer the question. That is never an answer: the verdict is then neither "valid" nor 0. */
class NotCheckable extends Error {}

/** Two things that must agree do not; `finding` is the name of what was found (docs/formats.md section 9). */
class Refused extends Error {
  constructor(finding, message, file) {
    super(message);
    this.finding = finding;
    this.file = file;
  }
}

/** Nobody waits for the answer any more: it ends where it is, and is no answer. */
class Stopped extends Error {}

const ENCODER = new TextEncoder();
// ignoreBOM keeps a byte order mark as a character, so that it is refused where JSON or a name must begin.
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

function utf8(text) {
  return ENCODER.encode(text);
}

/** Text of bytes that are UTF-8 without overlong forms or surrogates; anything else is refused. */
function decodeUtf8(bytes) {
  try {
    return DECODER.decode(bytes);
  } catch (invalid) {
    throw new Malformed('is not valid UTF-8');
  }
}

function hex(bytes) {
  let out = '';
  for (let i = 0; i < bytes.length; i++) {
    out += HEX[bytes[i]];
  }
  return out;
}

function fromHex(text) {
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) {
    out[i] = parseInt(text.substr(2 * i, 2), 16);
  }
  return out;
}

/** Whether the text is the lower-case hexadecimal form of `length` bytes. */
function isHex(text, length) {
  return typeof text === 'string' && text.length === 2 * length && /^[0-9a-f]*$/.test(text);
}

function base64(bytes) {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(binary);
}

/** RFC 4648 section 4 with padding, in its one form: no line ends, no other alphabet, no spare bits set at the end. */
function fromBase64(text) {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new Malformed('is not base64 with padding: ' + shorten(text, 60));
  }
  const binary = atob(text);
  const out = new Uint8Array(binary.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = binary.charCodeAt(i);
  }
  const tail = text.length - 4;
  if (tail >= 0 && base64(out.subarray(3 * (tail / 4))) !== text.substr(tail)) {
    throw new Malformed('is base64 with bits set that no byte needs');
  }
  return out;
}

function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function sameBytes(one, other) {
  return firstDifference(one, other) < 0;
}

/** The index of the first byte that differs, −1 where there is none. */
function firstDifference(one, other) {
  const length = Math.min(one.length, other.length);
  for (let i = 0; i < length; i++) {
    if (one[i] !== other[i]) {
      return i;
    }
  }
  return one.length === other.length ? -1 : length;
}

/** Where a sequence of bytes begins at or after a place, −1 where it does not. */
function indexOfBytes(bytes, sought, from) {
  for (let at = bytes.indexOf(sought[0], from); at >= 0; at = bytes.indexOf(sought[0], at + 1)) {
    if (sameBytes(bytes.subarray(at, at + sought.length), sought)) {
      return at;
    }
  }
  return -1;
}

/** Order of names as bytes. Code units agree with bytes here because names outside ASCII are refused before. */
function byBytes(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}

function shorten(text, length) {
  return text.length <= length ? text : text.substr(0, length) + '…';
}

/** Sequences in names have 20 digits (section 7). */
function padded(sequence) {
  return String(sequence).padStart(20, '0');
}

/** A plain decimal of 0 to 2^53 − 1 without leading zeros. */
function decimal(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new Malformed('is not a decimal number: ' + shorten(text, 40));
  }
  return Number(text);
}

/** `1 entry`, `2 entries`: the word for one and the word for more. */
function counted(count, one, more) {
  return count + ' ' + (count === 1 ? one : more);
}

const TURNS = new MessageChannel();
const breathing = [];
let lastBreath = 0;

TURNS.port1.onmessage = () => breathing.shift()();

/**
 * Lets the page draw and answer, at most every 25 ms, so that a long bundle freezes nothing. By a message and not by a timer:
 * a page in the background gets a timer once a second, later once a minute.
 * @param signal an AbortSignal by which whoever waits ends it, absent where nobody can
 */
async function breathe(signal) {
  const now = performance.now();
  if (now - lastBreath > 25) {
    await new Promise((resolve) => {
      breathing.push(resolve);
      TURNS.port2.postMessage(null);
    });
    lastBreath = performance.now();
  }
  if (signal) {
    signal.throwIfAborted();
  }
}
