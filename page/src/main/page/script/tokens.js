/* RFC 3161 time-stamp tokens (docs/formats.md section 6): one response, the data it is over, and whom it leads to. */

const TOKEN_BYTES_MAX = 1 << 18;
const TOKEN_CERTIFICATES_MAX = 16;
const SIGNED_DATA = '2a864886f70d010702';
const TST_INFO = '2a864886f70d0109100104';
const CONTENT_TYPE = '2a864886f70d010903';
const MESSAGE_DIGEST = '2a864886f70d010904';
const SIGNING_CERTIFICATE = '2a864886f70d010910020c';
const SIGNING_CERTIFICATE_V2 = '2a864886f70d010910022f';

/** `1.2.3` of the content of an object identifier. */
function dotted(content) {
  const arcs = [];
  let arc = 0;
  for (const octet of content) {
    arc = arc * 128 + (octet & 0x7f);
    if (!(octet & 0x80)) {
      arcs.push(...(arcs.length === 0 ? [Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40))] : [arc]));
      arc = 0;
    }
  }
  return arcs.join('.');
}

function requireObject(der, object, what) {
  if (hex(der.object(what)) !== object) {
    throw new Malformed('is no time-stamp token: ' + what);
  }
}

/** A response taken apart. */
function parseToken(bytes) {
  if (bytes.length > TOKEN_BYTES_MAX) {
    throw new Malformed('has more than ' + TOKEN_BYTES_MAX + ' bytes');
  }
  const outer = new Der(bytes);
  const fields = outer.enter(0x30, 'TimeStampResp');
  outer.end();
  if (fields.enter(0x30, 'PKIStatusInfo').small('status') > 1) {
    throw new Malformed('is a refusal');
  }
  const token = fields.enter(0x30, 'TimeStampToken');
  fields.end();
  requireObject(token, SIGNED_DATA, 'content type');
  const explicit = token.enter(0xa0, 'SignedData');
  token.end();
  const data = explicit.enter(0x30, 'SignedData');
  explicit.end();
  data.small('version');
  data.read(0x31, 'digest algorithms');
  const content = data.enter(0x30, 'content');
  requireObject(content, TST_INFO, 'content type');
  const wrapped = content.enter(0xa0, 'content');
  content.end();
  const info = wrapped.read(0x04, 'TSTInfo');
  wrapped.end();
  const certificates = data.optional(0xa0, 'certificates');
  data.optional(0xa1, 'revocation lists');
  const signers = data.enter(0x31, 'signers');
  data.end();
  const parts = parseSigner(signers.enter(0x30, 'signer'));
  signers.end();
  return { ...parts, info, certificates: readCertificates(certificates), ...parseInfo(info) };
}

function readCertificates(content) {
  const out = [];
  const all = content === null ? null : new Der(content);
  while (all !== null && all.more()) {
    if (out.length === TOKEN_CERTIFICATES_MAX) {
      throw new Malformed('has more than ' + TOKEN_CERTIFICATES_MAX + ' certificates');
    }
    out.push(new Certificate(all.element(0x30, 'certificate')));
  }
  return out;
}

function parseSigner(signer) {
  signer.small('version');
  const byName = signer.peek() === 0x30;
  const id = signer.read(byName ? 0x30 : 0x80, 'signer id');
  const hash = hashOf(signer.enter(0x30, 'hash algorithm'));
  const attributes = signer.element(0xa0, 'signed attributes');
  const form = signatureForm(signer.enter(0x30, 'signature algorithm'));
  const signature = signer.read(0x04, 'signature');
  signer.optional(0xa1, 'unsigned attributes');
  signer.end();
  if (form.object === RSA_PSS) {
    throw new NotCheckable('it is signed with RSA-PSS, which this page does not check in tokens');
  }
  if (form.family === null || (form.hash !== null && form.hash !== hash)) {
    throw new Malformed('is signed with what proves nothing here');
  }
  // RFC 5652 section 5.4: signed as a SET, though they lie there under another tag.
  const signed = concat(Uint8Array.of(0x31), attributes.subarray(1));
  return { byName, id, hash, family: form.family, signature, signed, ...parseAttributes(signed) };
}

function parseAttributes(signed) {
  const values = new Map();
  const all = new Der(signed).enter(0x31, 'signed attributes');
  while (all.more()) {
    const attribute = all.enter(0x30, 'attribute');
    const type = hex(attribute.object('attribute'));
    if (values.has(type)) {
      throw new Malformed('has a signed attribute twice');
    }
    values.set(type, attribute.read(0x31, 'values of an attribute'));
    attribute.end();
  }
  const value = (type) => {
    if (!values.has(type)) {
      throw new Malformed('lacks a signed attribute');
    }
    return new Der(values.get(type));
  };
  const kind = value(CONTENT_TYPE);
  requireObject(kind, TST_INFO, 'content type');
  kind.end();
  const digest = value(MESSAGE_DIGEST);
  const messageDigest = digest.read(0x04, 'message digest');
  digest.end();
  const second = values.has(SIGNING_CERTIFICATE_V2);
  const named = value(second ? SIGNING_CERTIFICATE_V2 : SIGNING_CERTIFICATE).enter(0x30, 'signing certificate').enter(0x30, 'signing certificates').enter(0x30, 'signing certificate');
  let certificateHash = second ? 'SHA-256' : 'SHA-1';
  if (second && named.peek() === 0x30) {
    certificateHash = hashOf(named.enter(0x30, 'hash algorithm'));
  }
  return { messageDigest, certificateHash, certificateDigest: named.read(0x04, 'hash of the signing certificate') };
}

function parseInfo(bytes) {
  const outer = new Der(bytes);
  const fields = outer.enter(0x30, 'TSTInfo');
  outer.end();
  if (fields.small('version') !== 1) {
    throw new Malformed('is not of version 1');
  }
  const policy = dotted(fields.object('policy'));
  const imprinted = fields.enter(0x30, 'message imprint');
  const imprintHash = hashOf(imprinted.enter(0x30, 'hash algorithm'));
  const imprint = imprinted.read(0x04, 'message imprint');
  imprinted.end();
  fields.integer('serial number');
  const text = timeText(fields.read(0x18, 'genTime'));
  fields.optional(0x30, 'accuracy');
  fields.optional(0x01, 'ordering');
  if (fields.peek() === 0x02) {
    fields.integer('nonce');
  }
  fields.optional(0xa0, 'tsa');
  const extensions = fields.optional(0xa1, 'extensions');
  fields.end();
  const all = extensions === null ? null : new Der(extensions);
  while (all !== null && all.more()) {
    const extension = all.enter(0x30, 'extension');
    extension.object('extension');
    if (extension.optional(0x01, 'critical') !== null) {
      throw new Malformed('has a critical extension nobody here knows');
    }
  }
  return { policy, imprintHash, imprint, time: derTime(text), second: text.substr(0, 8) + 'T' + text.substr(8, 6) + 'Z' };
}

/** A token over the data that holds, by a certificate made for time stamps that was valid then; anything else is thrown. */
async function openToken(bytes, data) {
  const token = parseToken(bytes);
  if (token.imprintHash !== 'SHA-256' || !sameBytes(token.imprint, sha256(data))) {
    throw new Malformed('is a time stamp of other bytes');
  }
  if (!sameBytes(token.messageDigest, await digestBy(token.hash, token.info))) {
    throw new Malformed('has signed attributes of another TSTInfo');
  }
  token.signer = await signerOf(token);
  if (!(await token.signer.holds(token.family, token.hash, token.signed, token.signature))) {
    throw new Malformed('has a signature that does not hold');
  }
  token.signer.requireTimeStamping();
  token.signer.validAt(token.time);
  return token;
}

async function signerOf(token) {
  for (const candidate of token.certificates) {
    if (!sameBytes(await digestBy(token.certificateHash, candidate.der), token.certificateDigest)) {
      continue;
    }
    if (token.byName) {
      const id = new Der(token.id);
      const named = sameBytes(id.element(0x30, 'issuer'), candidate.issuer) && sameBytes(id.integer('serial number'), candidate.serial);
      id.end();
      if (named) {
        return candidate;
      }
    } else {
      const own = candidate.extensions.get(KEY_IDENTIFIER);
      if (own && sameBytes(new Der(own.value).read(0x04, 'key identifier'), token.id)) {
        return candidate;
      }
    }
    throw new Malformed("has a signer's id of another certificate than its signed attributes name");
  }
  throw new Malformed('does not hold the certificate that signed it');
}

/** `{root, algorithms}` of the first authority the token leads to under its policy, else null. */
async function tokenUnder(token, authorities) {
  for (const { root, policy } of authorities) {
    const path = await findPath(token.signer, token.certificates, root);
    if (path === null || (policy !== null && policy !== token.policy)) {
      continue;
    }
    requireValidPath(path, root, token.time);
    return { root: root.name, algorithms: new Set([token.family, ...path.map((certificate) => certificate.form.family)]) };
  }
  return null;
}
