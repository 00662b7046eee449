// s_client: greets a TLS server, tells what it shows of itself, and then carries what is typed.
import { type Connection, ConnectionError } from '../../../api/ports.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { encodePem } from '../../../base/pem.ts';
import { encodeHello, HelloReader } from '../../../base/tls.ts';
import { signatureName } from '../algorithms.ts';
import { libraryError, type OpensslCall, type OpensslCommand, OpensslError } from '../call.ts';
import type { FullCertificate } from '../certificate.ts';
import { certificateTime, keySummary } from '../certificate-text.ts';
import { type Chain, chainOf } from '../chain.ts';
import { printName } from '../names.ts';
import { readAllIn, trustedBy } from './verify.ts';

export const sClient: OpensslCommand = {
  name: 's_client',
  valued: ['connect', 'servername', 'CAfile', 'cert', 'key', 'verify'],
  switches: [
    'showcerts',
    'brief',
    'quiet',
    'ign_eof',
    'no_ign_eof',
    'tls1_2',
    'tls1_3',
    'verify_return_error',
    'crlf',
    'prexit',
    'noservername',
    'status',
    'verify_quiet',
  ],
  refused: [
    'host',
    'port',
    'starttls',
    'proxy',
    'alpn',
    'CApath',
    'reconnect',
    'msg',
    'debug',
    'trace',
    'verify_hostname',
    'sess_out',
    'cipher',
    'ciphersuites',
    'tls1',
    'tls1_1',
    'dtls',
  ],
  async run(call) {
    const target = call.value('connect') ?? call.operands[0] ?? 'localhost:4433';
    const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(target) ?? [];
    if (host === '') throw new OpensslError(`s_client: -connect argument or target parameter malformed or ambiguous`);
    const connection = await dial(call, { host, port: Number(port) });
    if (!call.has('brief') && !call.has('quiet')) await call.out('CONNECTED(00000003)\n');
    const { pem, rest } = await greet(call, connection, host);
    const shown = readAllIn(pem);
    const [leaf] = shown;
    if (!leaf) throw new OpensslError('no peer certificate available');
    const chain = chainOf(leaf, { trusted: trustedBy(call), untrusted: shown.slice(1), at: call.process.clock.now() });
    await tellChain(call, chain);
    const [problem] = chain.problems.slice(-1);
    if (problem && call.has('verify_return_error')) {
      connection.close();
      throw new OpensslError(
        libraryError(
          '0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:../ssl/statem/statem_clnt.c:1889:',
        ),
      );
    }
    if (call.has('brief')) await call.warn(brief(leaf, chain));
    else if (!call.has('quiet')) await call.out(report(call, shown, chain));
    await carry(call, connection, rest);
    return 0;
  },
};

async function dial(call: OpensslCall, target: { readonly host: string; readonly port: number }): Promise<Connection> {
  const { network, machine, cancel } = call.process;
  try {
    return await network.dial(machine.id, target, cancel);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    if (/no such host|server misbehaving/.test(error.message))
      throw new OpensslError(
        [
          libraryError(
            '10080002:BIO routines:BIO_lookup_ex:system lib:../crypto/bio/bio_addr.c:738:Name or service not known',
          ),
          'connect:errno=22',
        ].join('\n'),
      );
    const [number, code, words] = /refused/.test(error.message)
      ? [111, '8000006F', 'Connection refused']
      : [110, '8000006E', 'Connection timed out'];
    throw new OpensslError(
      [
        libraryError(`${code}:system library:BIO_connect:${words}:../crypto/bio/bio_sock2.c:114:calling connect()`),
        libraryError('10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:116:'),
        `connect:errno=${number}`,
      ].join('\n'),
    );
  }
}

async function greet(
  call: OpensslCall,
  connection: Connection,
  host: string,
): Promise<{ readonly pem: string; readonly rest: Uint8Array }> {
  const own = call.value('cert');
  const certificate = own === undefined ? undefined : await call.stored(own, 'client certificate');
  if (call.value('key') !== undefined) await call.privateKey(call.value('key'), 'client certificate private key');
  const serverName = call.value('servername') ?? host;
  await connection.write(encodeHello({ serverName, certificate }));
  const reader = new HelloReader();
  for (;;) {
    const bytes = await connection.read();
    const read = bytes ? reader.push(bytes) : 'closed';
    if (read === undefined) continue;
    if (typeof read !== 'string') return { pem: read.hello.certificate ?? '', rest: read.rest };
    connection.close();
    throw new OpensslError(
      read === 'plain'
        ? libraryError('0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl/record/ssl3_record.c:354:')
        : libraryError(
            '0A000126:SSL routines:ssl3_read_n:unexpected eof while reading:../ssl/record/rec_layer_s3.c:317:',
          ),
    );
  }
}

/** On standard error, from the authority down. */
async function tellChain(call: OpensslCall, { certificates, problems }: Chain): Promise<void> {
  if (call.has('verify_quiet') && problems.length === 0) return;
  const lines: string[] = [];
  const depthLine = (depth: number): string => {
    const at = certificates[depth];
    return `depth=${depth} ${at ? printName(at.subject) : ''}`;
  };
  for (const { number, text, depth } of problems)
    lines.push(depthLine(depth), `verify error:num=${number}:${text}`, 'verify return:1');
  const told = new Set(problems.filter(({ number }) => number === 19).map(({ depth }) => depth));
  for (let depth = certificates.length - 1; depth >= 0; depth--)
    if (depth === 0 || !told.has(depth) || problems.length > 0) lines.push(depthLine(depth), 'verify return:1');
  await call.warn(lines.join('\n'));
}

function brief(leaf: FullCertificate, { problems }: Chain): string {
  const problem = problems.at(-1);
  return [
    'CONNECTION ESTABLISHED',
    'Protocol version: TLSv1.3',
    'Ciphersuite: TLS_AES_128_GCM_SHA256',
    `Peer certificate: ${printName(leaf.subject)}`,
    'Hash used: SHA256',
    `Signature type: ${peerSignature(leaf)}`,
    problem ? `Verification error: ${problem.text}` : 'Verification: OK',
    'Server Temp Key: X25519, 253 bits',
  ].join('\n');
}

function report(call: OpensslCall, shown: readonly FullCertificate[], { problems }: Chain): string {
  const [leaf] = shown;
  if (!leaf) return '';
  const problem = problems.at(-1);
  const all = call.has('showcerts');
  const pem = (certificate: FullCertificate): string => encodePem('CERTIFICATE', certificate.bytes).trimEnd();
  const { bits } = keySummary(leaf.publicKey);
  const size = shown.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return `${[
    '---',
    'Certificate chain',
    ...shown.flatMap((each, at) => [...chainEntry(each, at), ...(all ? [pem(each)] : [])]),
    '---',
    'Server certificate',
    ...(all ? [] : [pem(leaf)]),
    `subject=${printName(leaf.subject)}`,
    `issuer=${printName(leaf.issuer)}`,
    '---',
    'No client certificate CA names sent',
    'Peer signing digest: SHA256',
    `Peer signature type: ${peerSignature(leaf)}`,
    'Server Temp Key: X25519, 253 bits',
    '---',
    `SSL handshake has read ${size + handshakeBytes} bytes and written ${clientBytes} bytes`,
    problem ? `Verification error: ${problem.text}` : 'Verification: OK',
    '---',
    'New, TLSv1.3, Cipher is TLS_AES_128_GCM_SHA256',
    `Server public key is ${bits} bit`,
    'Secure Renegotiation IS NOT supported',
    'Compression: NONE',
    'Expansion: NONE',
    'No ALPN negotiated',
    'Early data was not sent',
    `Verify return code: ${problem ? `${problem.number} (${problem.text})` : '0 (ok)'}`,
    '---',
  ].join('\n')}\n`;
}

/** What a handshake takes besides certificates. */
const handshakeBytes = 640;
const clientBytes = 377;

function chainEntry({ subject, issuer, publicKey, algorithm, notBefore, notAfter }: FullCertificate, at: number) {
  const { algorithm: key, bits } = keySummary(publicKey);
  const signed = signatureName(algorithm);
  const [, hash = ''] = /(sha\d+|SHA\d+)/.exec(signed) ?? [];
  const sigalg = signed.startsWith('ecdsa') ? signed : `RSA-${hash.toUpperCase()}`;
  return [
    `${String(at).padStart(2)} s:${printName(subject)}`,
    `   i:${printName(issuer)}`,
    `   a:PKEY: ${key}, ${bits} (bit); sigalg: ${sigalg}`,
    `   v:NotBefore: ${certificateTime(notBefore)}; NotAfter: ${certificateTime(notAfter)}`,
  ];
}

function peerSignature({ publicKey }: FullCertificate): string {
  const { algorithm } = keySummary(publicKey);
  if (algorithm === 'rsaEncryption') return 'RSA-PSS';
  return algorithm === 'ED25519' ? 'ed25519' : 'ECDSA';
}

/** Both ways, until either side ends. */
async function carry(call: OpensslCall, connection: Connection, rest: Uint8Array): Promise<void> {
  const { stdin, stdout } = call.process;
  let over = false;
  const fromServer = (async () => {
    if (rest.length > 0) await stdout.write(rest);
    for (let bytes = await connection.read(); bytes; bytes = await connection.read()) await stdout.write(bytes);
    if (!over) await call.warn('closed');
    over = true;
  })();
  const fromUser = (async () => {
    for (let bytes = await stdin.read(); bytes && !over; bytes = await stdin.read())
      await connection.write(call.has('crlf') ? withReturns(bytes) : bytes);
    if (over || call.has('ign_eof') || call.has('quiet')) return fromServer;
    over = true;
    await call.warn('DONE');
  })();
  await Promise.race([fromServer, fromUser]);
  connection.close();
}

function withReturns(bytes: Uint8Array): Uint8Array {
  return concatBytes([...bytes].map((byte) => (byte === 10 ? Uint8Array.of(13, 10) : Uint8Array.of(byte))));
}
