// dgst, enc (base64), rand, passwd: OpenSSL's commands that need no certificate.
import { hmac } from '@noble/hashes/hmac.js';
import { decodeBase64, decodeUtf8, encodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import { FileError } from '../../../base/files.ts';
import { readPublicKey, signatureProblem } from '../../../base/keys.ts';
import { decodePem } from '../../../base/pem.ts';
import { type Hash, hashNames, hashOf } from '../algorithms.ts';
import { libraryError, type OpensslCall, type OpensslCommand, OpensslError } from '../call.ts';
import { digits } from '../hex-text.ts';
import { type PasswordScheme, passwordHash } from '../password-hash.ts';
import { signWith } from '../private-key.ts';

export const dgst: OpensslCommand = {
  name: 'dgst',
  valued: ['out', 'sign', 'verify', 'signature', 'hmac'],
  switches: ['hex', 'binary', 'r', 'c'],
  refused: ['prverify', 'sigopt', 'mac', 'macopt', 'keyform', 'passin', 'engine'],
  hashes: true,
  unknown: 'Unknown option or message digest',
  async run(call) {
    const hash = digestOf(call);
    if (call.value('sign') !== undefined) return sign(call, hash);
    if (call.value('verify') !== undefined) return verify(call, hash);
    return print(call, hash);
  },
};

/** `openssl sha256 …`. */
export const digestCommands: readonly OpensslCommand[] = hashNames.map((name) => ({
  ...dgst,
  name,
  run: (call) => print(call, hashOf(call.value('digest') ?? name) ?? digestOf(call)),
}));

const enciphering = [
  'aes-256-cbc',
  'aes-128-cbc',
  'aes256',
  'aes128',
  'des3',
  'K',
  'iv',
  'k',
  'pass',
  'pbkdf2',
  'salt',
  'kfile',
  'iter',
];

export const enc: OpensslCommand = {
  name: 'enc',
  valued: ['in', 'out'],
  switches: ['base64', 'a', 'd', 'e', 'A', 'none'],
  refused: enciphering,
  unknown: 'Unknown cipher',
  run(call) {
    if (!call.has('base64') && !call.has('a') && call.command.name === 'enc')
      throw new OpensslError('enc: ciphers are not simulated, base64 is: openssl enc -base64');
    return base64Text(call);
  },
};

export const base64: OpensslCommand = { ...enc, name: 'base64' };

export const rand: OpensslCommand = {
  name: 'rand',
  valued: ['out'],
  switches: ['hex', 'base64'],
  refused: ['rand', 'writerand', 'engine'],
  async run(call) {
    const [text] = call.operands;
    if (text === undefined || call.operands.length > 1) throw new OpensslError('rand: Use -help for summary.');
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < 1 || count > randMax)
      throw new OpensslError(`rand: Can't parse "${text}" as a number`);
    const bytes = call.random.bytes(count);
    if (call.has('hex')) await call.output(`${digits(bytes)}\n`);
    else if (call.has('base64')) await call.output(folded(bytes));
    else await call.output(bytes);
    return 0;
  },
};

export const passwd: OpensslCommand = {
  name: 'passwd',
  valued: ['salt', 'in'],
  switches: ['1', '5', '6', 'apr1', 'stdin', 'quiet', 'noverify', 'table', 'reverse'],
  refused: ['aixmd5', 'crypt'],
  async run(call) {
    const scheme = (['6', '5', 'apr1', '1'] as const).find((name) => call.has(name)) ?? '1';
    if (scheme === '5') throw new OpensslError('passwd: the option -5 is not simulated');
    const salt = call.value('salt') ?? saltOf(call, scheme);
    const given = call.operands.length > 0 ? call.operands : lines(await inputOf(call));
    for (const password of given) await call.out(`${passwordHash(scheme, password, salt)}\n`);
    return 0;
  },
};

const randMax = 1 << 24;
const base64Line = 64;
const saltLetters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function digestOf(call: OpensslCall): Hash {
  const hash = hashOf(call.value('digest') ?? 'sha256');
  if (!hash) throw call.misuse(`Unknown option or message digest: ${call.value('digest')}`);
  return hash;
}

async function print(call: OpensslCall, hash: Hash): Promise<number> {
  const secret = call.value('hmac');
  let status = 0;
  for (const name of call.operands.length > 0 ? call.operands : [undefined]) {
    let bytes: Uint8Array;
    try {
      bytes = await call.inputBytes(name);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await call.warn(unreadable(name ?? '', error.message));
      status = 1;
      continue;
    }
    const sum = secret === undefined ? hash.digest(bytes) : hmac(hash.digest, encodeUtf8(secret), bytes);
    if (call.has('binary')) await call.output(sum);
    else if (call.has('r')) await call.output(`${digits(sum)} *${name ?? 'stdin'}\n`);
    else {
      const title = secret === undefined ? hash.title : `HMAC-${hash.title}`;
      await call.output(`${title}(${name ?? 'stdin'})= ${digits(sum)}\n`);
    }
  }
  return status;
}

async function sign(call: OpensslCall, hash: Hash): Promise<number> {
  const key = await call.privateKey(call.value('sign'));
  await call.output(signWith(key, hash, await call.inputBytes(call.operands[0])).bytes);
  return 0;
}

async function verify(call: OpensslCall, hash: Hash): Promise<number> {
  const key = decodePem('PUBLIC KEY', await call.stored(call.value('verify'), 'public key'));
  if (!key) throw new OpensslError(`Could not read public key from ${call.value('verify')}`);
  const signature = await call.inputBytes(call.value('signature'));
  const publicKey = readPublicKey(key);
  if (publicKey.kind === 'other') throw new OpensslError('dgst: only signatures of RSA and EC keys are verified here');
  const algorithm = hash.signatures[publicKey.kind].id;
  const problem = signatureProblem(publicKey, { algorithm, bytes: await call.inputBytes(call.operands[0]), signature });
  await call.out(problem === undefined ? 'Verified OK\n' : 'Verification failure\n');
  return problem === undefined ? 0 : 1;
}

async function base64Text(call: OpensslCall): Promise<number> {
  const bytes = await inputOf(call);
  if (!call.has('d')) {
    await call.output(call.has('A') ? encodeBase64(bytes) : folded(bytes));
    return 0;
  }
  const text = decodeUtf8(bytes);
  const whole = call.has('A') ? text.trim() : text.replace(/\s/g, '');
  const decoded = decodeBase64(whole);
  // What is no base64 decodes to nothing, and no word is said about it.
  await call.output(decoded ?? new Uint8Array());
  return 0;
}

async function inputOf(call: OpensslCall): Promise<Uint8Array> {
  const name = call.value('in');
  try {
    return await call.inputBytes(name);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new OpensslError(
      [
        `Can't open "${name}" for reading, ${error.message}`,
        libraryError(
          `80000002:system library:BIO_new_file:${error.message}:../crypto/bio/bss_file.c:67:calling fopen(${name}, rb)`,
        ),
        libraryError('10000080:BIO routines:BIO_new_file:no such file:../crypto/bio/bss_file.c:75:'),
      ].join('\n'),
    );
  }
}

function folded(bytes: Uint8Array): string {
  return (encodeBase64(bytes).match(new RegExp(`.{1,${base64Line}}`, 'g')) ?? []).map((line) => `${line}\n`).join('');
}

function lines(bytes: Uint8Array): readonly string[] {
  return decodeUtf8(bytes).replace(/\n$/, '').split('\n');
}

function saltOf(call: OpensslCall, scheme: PasswordScheme): string {
  const length = scheme === '6' ? 16 : 8;
  return [...call.random.bytes(length)].map((byte) => saltLetters.charAt(byte & 63)).join('');
}

function unreadable(name: string, why: string): string {
  return [
    `${name}: ${why}`,
    libraryError(`80000002:system library:file_ctrl:${why}:../crypto/bio/bss_file.c:297:calling fopen(${name}, rb)`),
    libraryError('10080002:BIO routines:file_ctrl:system lib:../crypto/bio/bss_file.c:300:'),
  ].join('\n');
}
