/*
 * X.509 certificates of time-stamping authorities (docs/formats.md section 6): as much of RFC 5280 as their chains need.
 * What this page does not know and could change the answer is refused, or said to be not checked; never passed over.
 */

const HASHES = { '608648016503040201': 'SHA-256', '608648016503040202': 'SHA-384', '608648016503040203': 'SHA-512' };

/** Signature algorithms by object identifier: the family in the words of log.json, and the hash where it names one. */
const SIGNATURE_FORMS = {
  '2a864886f70d010101': ['RSASSA_PKCS1_V1_5_SHA_256', null],
  '2a864886f70d01010b': ['RSASSA_PKCS1_V1_5_SHA_256', 'SHA-256'],
  '2a864886f70d01010c': ['RSASSA_PKCS1_V1_5_SHA_256', 'SHA-384'],
  '2a864886f70d01010d': ['RSASSA_PKCS1_V1_5_SHA_256', 'SHA-512'],
  '2a8648ce3d040302': ['ECDSA_SHA_256', 'SHA-256'],
  '2a8648ce3d040303': ['ECDSA_SHA_256', 'SHA-384'],
  '2a8648ce3d040304': ['ECDSA_SHA_256', 'SHA-512'],
};
const RSA_PSS = '2a864886f70d01010a';
const CURVES = { '2a8648ce3d030107': ['P-256', 32], '2b81040022': ['P-384', 48], '2b81040023': ['P-521', 66] };

const KEY_IDENTIFIER = '551d0e';
const KEY_USAGE = '551d0f';
const ALTERNATIVE_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';
const POLICIES = '551d20';
const EXTENDED_KEY_USAGE = '551d25';
const TIME_STAMPING = '2b06010505070308';
/** Name constraints, policy mappings, policy constraints, inhibit any policy. */
const NOT_KNOWN_HERE = ['551d1e', '551d21', '551d24', '551d36'];
const MAY_BE_CRITICAL = [KEY_USAGE, ALTERNATIVE_NAME, BASIC_CONSTRAINTS, POLICIES, EXTENDED_KEY_USAGE];

/** The family and hash of an AlgorithmIdentifier, null where it is none that proves something here. */
function signatureForm(algorithm) {
  const object = hex(algorithm.object('signature algorithm'));
  algorithm.optional(0x05, 'NULL');
  if (object === RSA_PSS || !Object.hasOwn(SIGNATURE_FORMS, object)) {
    return { object, family: null, hash: null };
  }
  algorithm.end();
  const [family, hash] = SIGNATURE_FORMS[object];
  return { object, family, hash };
}

function hashOf(algorithm) {
  const object = hex(algorithm.object('hash algorithm'));
  if (!Object.hasOwn(HASHES, object)) {
    throw new Malformed('uses a hash that proves nothing here');
  }
  algorithm.optional(0x05, 'NULL');
  algorithm.end();
  return HASHES[object];
}

async function digestBy(hash, bytes) {
  return new Uint8Array(await crypto.subtle.digest(hash, bytes));
}

const TIME_BYTES_MAX = 32;

/** The text of a time. What has more bytes is none, and more than a call takes as arguments would break this page down. */
function timeText(bytes) {
  if (bytes.length > TIME_BYTES_MAX) {
    throw new Malformed('has a time that is none');
  }
  return String.fromCharCode(...bytes);
}

/** Milliseconds of a UTCTime or GeneralizedTime with seconds and Z. */
function certificateTime(der) {
  const utc = der.peek() === 0x17;
  const text = timeText(der.read(utc ? 0x17 : 0x18, 'time'));
  if (!(utc ? /^[0-9]{12}Z$/ : /^[0-9]{14}Z$/).test(text)) {
    throw new Malformed('has a certificate with a time of another form');
  }
  return derTime(utc ? (Number(text.substr(0, 2)) < 50 ? '20' : '19') + text : text);
}

/** Milliseconds of `YYYYMMDDHHMMSS[.fraction]Z`. */
function derTime(text) {
  const found = /^([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(\.[0-9]{0,8}[1-9])?Z$/.exec(text);
  const iso = found ? found[1] + '-' + found[2] + '-' + found[3] + 'T' + found[4] + ':' + found[5] + ':' + found[6] : '';
  const time = Date.parse(iso + '.000Z');
  if (!found || Number.isNaN(time) || new Date(time).toISOString() !== iso + '.000Z') {
    throw new Malformed('has a time that is none');
  }
  return time + (found[7] ? Math.floor(Number('0' + found[7]) * 1000 + 1e-6) : 0);
}

class Certificate {
  constructor(der) {
    const outer = new Der(der);
    const whole = outer.enter(0x30, 'certificate');
    outer.end();
    this.der = der;
    this.signed = whole.element(0x30, 'fields of a certificate');
    this.form = signatureForm(whole.enter(0x30, 'signature algorithm'));
    const bits = whole.read(0x03, 'signature');
    whole.end();
    this.signature = bits.subarray(1);
    const fields = new Der(this.signed).enter(0x30, 'fields of a certificate');
    if (fields.optional(0xa0, 'version') === null) {
      throw new Malformed('has a certificate before version 3');
    }
    this.serial = fields.integer('serial number');
    fields.read(0x30, 'signature algorithm');
    this.issuer = fields.element(0x30, 'issuer');
    const validity = fields.enter(0x30, 'validity');
    this.from = certificateTime(validity);
    this.until = certificateTime(validity);
    this.subject = fields.element(0x30, 'subject');
    this.spki = fields.element(0x30, 'key');
    fields.optional(0x81, 'issuer id');
    fields.optional(0x82, 'subject id');
    this.extensions = new Map();
    const list = fields.optional(0xa3, 'extensions');
    fields.end();
    this.readExtensions(list);
  }

  readExtensions(list) {
    const all = list === null ? null : new Der(list).enter(0x30, 'extensions');
    while (all !== null && all.more()) {
      const extension = all.enter(0x30, 'extension');
      const object = hex(extension.read(0x06, 'extension'));
      const critical = extension.optional(0x01, 'critical');
      if (this.extensions.has(object)) {
        throw new Malformed('has a certificate with one extension twice');
      }
      this.extensions.set(object, { critical: critical !== null && critical[0] !== 0, value: extension.read(0x04, 'extension') });
      extension.end();
    }
  }

  /** The last common name of the subject, for people. */
  get name() {
    let name = 'somebody without a name';
    const parts = new Der(this.subject).enter(0x30, 'subject');
    while (parts.more()) {
      const part = parts.enter(0x31, 'name').enter(0x30, 'name');
      const common = hex(part.read(0x06, 'name')) === '550403';
      const text = new TextDecoder().decode(part.read(part.peek(), 'name'));
      name = common ? text : name;
    }
    return name;
  }

  validAt(time) {
    if (time < this.from || time > this.until) {
      throw new Malformed('has the certificate of ' + this.name + ', which was not valid at the time of the token');
    }
  }

  /** RFC 3161 section 2.3: a critical extended key usage with time stamping and nothing else. */
  requireTimeStamping() {
    const usage = this.extensions.get(EXTENDED_KEY_USAGE);
    const list = usage ? new Der(usage.value).enter(0x30, 'usages') : null;
    if (!usage || !usage.critical || hex(list.read(0x06, 'usage')) !== TIME_STAMPING || list.more()) {
      throw new Malformed('is signed by ' + this.name + ', whose certificate is not one for time stamps alone');
    }
  }

  requireAuthority() {
    const usage = this.extensions.get(KEY_USAGE);
    if (this.authorityDepth() === null || (usage && !(new Der(usage.value).read(0x03, 'key usage')[1] & 0x04))) {
      throw new Malformed('leads over ' + this.name + ', whose certificate may not issue others');
    }
  }

  /** How many certificates may lie between this authority and a signer; null if it is no authority. */
  authorityDepth() {
    const constraints = this.extensions.get(BASIC_CONSTRAINTS);
    if (!constraints) {
      return null;
    }
    const fields = new Der(constraints.value).enter(0x30, 'basic constraints');
    const authority = fields.optional(0x01, 'authority');
    const depth = fields.optional(0x02, 'path length');
    return authority === null || authority[0] === 0 ? null : depth === null ? Infinity : Number('0x' + hex(depth));
  }

  requireKnownExtensions() {
    for (const [object, { critical }] of this.extensions) {
      if (NOT_KNOWN_HERE.includes(object)) {
        throw new NotCheckable('the certificate of ' + this.name + ' has name or policy constraints, which this page does not know');
      }
      if (critical && !MAY_BE_CRITICAL.includes(object)) {
        throw new Malformed('leads over ' + this.name + ', whose certificate has a critical extension nobody here knows');
      }
    }
  }

  /** Whether a signature by this certificate's key holds. A key of another kind signs nothing. */
  async holds(family, hash, message, signature) {
    const parts = new Der(this.spki).enter(0x30, 'key');
    const algorithm = parts.enter(0x30, 'algorithm of a key');
    const object = hex(algorithm.read(0x06, 'algorithm of a key'));
    let name;
    let bytes = signature;
    if (family === 'RSASSA_PKCS1_V1_5_SHA_256' && object === '2a864886f70d010101') {
      requireRsa(this.spki);
      name = { name: 'RSASSA-PKCS1-v1_5', hash };
    } else if (family === 'ECDSA_SHA_256' && object === '2a8648ce3d0201') {
      const curve = CURVES[hex(algorithm.read(0x06, 'curve'))];
      if (!curve) {
        throw new Malformed('is signed on a curve nobody here knows');
      }
      try {
        bytes = ecdsaToP1363(signature, curve[1]);
      } catch (notDer) {
        return false;
      }
      name = { name: 'ECDSA', namedCurve: curve[0], hash };
    } else {
      return false;
    }
    try {
      const key = await crypto.subtle.importKey('spki', this.spki, name, false, ['verify']);
      return await crypto.subtle.verify(name, key, bytes, message);
    } catch (unsupported) {
      if (unsupported.name === 'NotSupportedError') {
        throw new NotCheckable('this browser cannot check the signature of ' + this.name);
      }
      return false;
    }
  }

  async isSignedBy(other) {
    return this.form.hash !== null && other.holds(this.form.family, this.form.hash, this.signed, this.signature);
  }
}

/** The way from a signer to the certificate that the root signed, by names byte for byte and signatures; or null. */
async function findPath(signer, pool, root) {
  const left = [...pool];
  const extend = async (path) => {
    const last = path[path.length - 1];
    if (sameBytes(last.issuer, root.subject) && (await last.isSignedBy(root))) {
      return path;
    }
    for (const candidate of [...left]) {
      const fits = path.length < 8 && left.includes(candidate) && !path.some((one) => sameBytes(one.der, candidate.der));
      if (fits && sameBytes(last.issuer, candidate.subject) && (await last.isSignedBy(candidate))) {
        left.splice(left.indexOf(candidate), 1);
        const found = await extend([...path, candidate]);
        if (found !== null) {
          return found;
        }
      }
    }
    return null;
  };
  return extend([signer]);
}

function requireValidPath(path, root, time) {
  root.validAt(time);
  let below = 0;
  path.forEach((certificate, i) => {
    certificate.validAt(time);
    certificate.requireKnownExtensions();
    if (i > 0) {
      certificate.requireAuthority();
      if (below > certificate.authorityDepth()) {
        throw new Malformed('leads over ' + certificate.name + ', which may not have so many authorities below it');
      }
      below += sameBytes(certificate.issuer, certificate.subject) ? 0 : 1;
    }
  });
}

/** `{root, policy}` of a trust file: one certificate in PEM that may issue others. */
function readAuthority(pem, policy) {
  const found = /^-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n-----END CERTIFICATE-----\n?$/.exec(pem);
  if (!found) {
    throw new Malformed('has a root that is not one certificate in PEM, with LF line ends');
  }
  if (policy !== null && !/^[0-2](\.(0|[1-9][0-9]{0,9}))+$/.test(policy)) {
    throw new Malformed('has a policy that is no dotted object identifier');
  }
  const root = new Certificate(fromBase64(found[1].replaceAll('\n', '')));
  root.requireAuthority();
  return { root, policy };
}
