// genrsa, genpkey, ecparam, rsa, ec, pkey: keys made, shown and written in another form.

import { encodeUtf8 } from '../../../base/bytes.ts';
import { identifier } from '../../../base/der.ts';
import { decodePem, encodePem } from '../../../base/pem.ts';
import { curveOf } from '../algorithms.ts';
import { libraryError, type OpensslCall, type OpensslCommand, OpensslError } from '../call.ts';
import { modulusText, privateKeyText, publicKeyText } from '../certificate-text.ts';
import { generateEcKey, generateEdKey, type PrivateKey, privateKeyPem, publicKeyOf } from '../private-key.ts';
import { generateRsaKey } from '../rsa-key.ts';

const ciphers = [
  'aes128',
  'aes192',
  'aes256',
  'aes-128-cbc',
  'aes-192-cbc',
  'aes-256-cbc',
  'des',
  'des3',
  'camellia256',
];
const bitsMin = 512;
const bitsMax = 16_384;
const defaultBits = 2048;
const pluses = '+'.repeat(65);

export const genrsa: OpensslCommand = {
  name: 'genrsa',
  valued: ['out'],
  switches: ['verbose', 'traditional', 'f4', 'F4'],
  refused: [...ciphers, 'passout', '3', 'primes', 'rand', 'writerand', 'engine'],
  unknown: 'Unknown cipher',
  async run(call) {
    const [text, ...more] = call.operands;
    if (more.length > 0) throw new OpensslError('genrsa: Use -help for summary.');
    const key = await makeRsaKey(call, text, { shown: call.has('verbose') });
    await call.output(privateKeyPem(key, call.has('traditional') ? 'traditional' : 'pkcs8'), { secret: true });
    return 0;
  },
};

export const genpkey: OpensslCommand = {
  name: 'genpkey',
  valued: ['out', 'algorithm', 'pkeyopt', 'outform'],
  switches: ['text', 'quiet'],
  refused: [...ciphers, 'pass', 'paramfile', 'genparam', 'engine', 'config'],
  unknown: 'Unknown cipher',
  async run(call) {
    const algorithm = call.value('algorithm');
    if (algorithm === undefined) throw new OpensslError('genpkey: Use -help for summary.');
    needPem(call, 'outform');
    const key = await makeKey(call, algorithm, new Map(call.values('pkeyopt').map(pair)));
    await call.output(privateKeyPem(key, 'pkcs8') + (call.has('text') ? privateKeyText(key) : ''), { secret: true });
    return 0;
  },
};

export const ecparam: OpensslCommand = {
  name: 'ecparam',
  valued: ['name', 'out'],
  switches: ['genkey', 'noout', 'list_curves'],
  refused: ['in', 'inform', 'outform', 'text', 'check', 'param_enc', 'conv_form', 'no_seed'],
  async run(call) {
    if (call.has('list_curves')) {
      const lines = [
        'secp384r1 : NIST/SECG curve over a 384 bit prime field',
        'secp521r1 : NIST/SECG curve over a 521 bit prime field',
        'prime256v1: X9.62/SECG curve over a 256 bit prime field',
      ];
      await call.out(lines.map((line) => `  ${line}\n`).join(''));
      return 0;
    }
    const curve = curveOf(call.value('name') ?? '');
    if (!curve) throw new OpensslError(invalidCurve);
    const parameters = call.has('noout') ? '' : encodePem('EC PARAMETERS', identifier(curve.id));
    const key = call.has('genkey') ? privateKeyPem(generateEcKey(curve, call.random), 'traditional') : '';
    await call.output(parameters + key, { secret: call.has('genkey') });
    return 0;
  },
};

export const rsa = keyCommand({
  name: 'rsa',
  kind: 'rsa',
  more: ['modulus', 'traditional', 'check'],
  async before(call) {
    if (call.has('check')) await call.out('RSA key ok\n');
  },
  writing: 'writing RSA key',
});

export const ec = keyCommand({
  name: 'ec',
  kind: 'ec',
  more: [],
  async before(call) {
    await call.warn('read EC key');
  },
  writing: 'writing EC key',
});

export const pkey = keyCommand({
  name: 'pkey',
  kind: undefined,
  more: ['traditional', 'check', 'text_pub'],
  before: async (call) => {
    if (call.has('check')) await call.out('Key is valid\n');
  },
  writing: undefined,
});

/** What `-newkey` and `genpkey` ask for. */
export async function makeKey(
  call: OpensslCall,
  algorithm: string,
  options: ReadonlyMap<string, string>,
): Promise<PrivateKey> {
  switch (algorithm.toLowerCase()) {
    case 'rsa':
      return makeRsaKey(call, options.get('rsa_keygen_bits'), { shown: !call.has('quiet') });
    case 'ec': {
      const curve = curveOf(options.get('ec_paramgen_curve') ?? '');
      if (!curve) throw new OpensslError(options.size === 0 ? noParameters : invalidCurve);
      return generateEcKey(curve, call.random);
    }
    case 'ed25519':
      return generateEdKey(call.random);
    default:
      throw new OpensslError(
        `Error initializing ${algorithm} context\n${libraryError(
          `0308010C:digital envelope routines:inner_evp_generic_fetch:unsupported:../crypto/evp/evp_fetch.c:386:Global default library context, Algorithm (${algorithm} : 0), Properties (<null>)`,
        )}`,
      );
  }
}

/** `text`: how many bits; undefined: the default. `shown`: the search is, with dots. */
export async function makeRsaKey(
  call: OpensslCall,
  text: string | undefined,
  { shown }: { readonly shown: boolean },
): Promise<PrivateKey> {
  if (text !== undefined && !/^\d+$/.test(text))
    throw new OpensslError(`${call.command.name}: Can't parse "${text}" as a number`);
  const bits = text === undefined ? defaultBits : Number(text);
  if (bits < bitsMin) throw new OpensslError(`Error setting RSA length\n${libraryError(tooSmall)}`);
  if (bits > bitsMax)
    throw new OpensslError(`${call.command.name}: RSA keys of more than ${bitsMax} bits are not simulated`);
  let marks = '';
  const key = generateRsaKey({
    bits,
    random: call.random,
    progress(mark) {
      call.process.step();
      marks += mark === '+' ? `${pluses}*\n` : mark;
    },
  });
  if (shown) await call.process.stderr.write(marks);
  return key;
}

export function pair(text: string): readonly [string, string] {
  const at = text.indexOf(':');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

const tooSmall =
  '1C8000AB:Provider routines:rsa_gen_set_params:key size too small:../providers/implementations/keymgmt/rsa_kmgmt.c:509:';
const invalidCurve = `unable to generate key\n${libraryError('0800008D:elliptic curve routines:group_new_from_name:invalid curve:../crypto/ec/ec_lib.c:1490:')}`;
const noParameters = `genpkey: Error generating EC key\n${libraryError('1C8000B0:Provider routines:ec_gen:no parameters set:../providers/implementations/keymgmt/ec_kmgmt.c:1227:')}`;

function needPem(call: OpensslCall, option: string): void {
  const form = call.value(option);
  if (form !== undefined && form.toUpperCase() !== 'PEM')
    throw new OpensslError(`${call.command.name}: -${option} ${form} is not simulated`);
}

interface KeyCommand {
  readonly name: string;
  readonly kind: PrivateKey['kind'] | undefined;
  readonly more: readonly string[];
  before(call: OpensslCall): Promise<void>;
  readonly writing: string | undefined;
}

/** rsa, ec and pkey differ in little. */
function keyCommand({ name, kind, more, before, writing }: KeyCommand): OpensslCommand {
  return {
    name,
    valued: ['in', 'out', 'inform', 'outform', 'passin'],
    switches: ['text', 'noout', 'pubin', 'pubout', ...more],
    refused: [
      ...ciphers,
      'passout',
      'check',
      'pubcheck',
      'param_out',
      'conv_form',
      'RSAPublicKey_in',
      'RSAPublicKey_out',
    ],
    unknown: 'Unknown cipher',
    async run(call) {
      needPem(call, 'inform');
      needPem(call, 'outform');
      if (call.has('pubin')) return showPublicKey(call);
      const key = await call.privateKey(call.value('in'));
      if (kind !== undefined && key.kind !== kind) throw new OpensslError(`Not an ${kind.toUpperCase()} key`);
      await before(call);
      const info = publicKeyOf(key);
      const publicPem = encodePem('PUBLIC KEY', info);
      const form = kind === 'ec' || call.has('traditional') ? 'traditional' : 'pkcs8';
      const pieces = [
        ...(call.has('text') ? [privateKeyText(key)] : []),
        ...(call.has('text_pub') ? [publicKeyText(info)] : []),
        ...(call.has('modulus') ? [`Modulus=${modulusText(info) ?? ''}\n`] : []),
      ];
      if (!call.has('noout')) {
        if (writing) await call.warn(writing);
        pieces.push(call.has('pubout') ? publicPem : privateKeyPem(key, form));
        // pkey writes the key before its text.
        if (name === 'pkey') pieces.unshift(pieces.pop() ?? '');
      }
      await call.output(pieces.join(''), { secret: !call.has('pubout') });
      return 0;
    },
  };
}

async function showPublicKey(call: OpensslCall): Promise<number> {
  const bytes = decodePem('PUBLIC KEY', await call.stored(call.value('in'), 'public key'));
  if (!bytes) throw new OpensslError(`Could not read public key from ${call.value('in') ?? '<stdin>'}`);
  const pieces = [
    ...(call.has('noout') ? [] : [encodePem('PUBLIC KEY', bytes)]),
    ...(call.has('text') || call.has('text_pub') ? [publicKeyText(bytes)] : []),
    ...(call.has('modulus') ? [`Modulus=${modulusText(bytes) ?? ''}\n`] : []),
  ];
  await call.output(encodeUtf8(pieces.join('')));
  return 0;
}
