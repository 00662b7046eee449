// The openssl program: OpenSSL 3.0's commands, as far as keys and certificates go.
import type { Process, Program } from '../../api/program.ts';
import { FileError } from '../../base/files.ts';
import { OpensslCall, type OpensslCommand, OpensslError } from './call.ts';
import { base64, dgst, digestCommands, enc, passwd, rand } from './commands/digests.ts';
import { ec, ecparam, genpkey, genrsa, pkey, rsa } from './commands/keys.ts';
import { req } from './commands/req.ts';
import { sClient } from './commands/s-client.ts';
import { verify } from './commands/verify.ts';
import { x509 } from './commands/x509.ts';

const released = 'OpenSSL 3.0.17 1 Jul 2025';

const version: OpensslCommand = {
  name: 'version',
  valued: [],
  switches: ['a', 'v', 'd', 'p'],
  refused: ['b', 'o', 'f', 'e', 'm', 'r', 'c'],
  async run(call) {
    const first = `${released} (Library: ${released})\n`;
    const platform = 'platform: debian-amd64\n';
    const directory = 'OPENSSLDIR: "/usr/lib/ssl"\n';
    const all = call.has('a');
    const none = call.order.length === 0;
    await call.out(
      (all || none || call.has('v') ? first : '') +
        (all || call.has('p') ? platform : '') +
        (all || call.has('d') ? directory : ''),
    );
    return 0;
  },
};

const commands: readonly OpensslCommand[] = [
  ...[base64, dgst, ec, ecparam, enc, genpkey, genrsa, passwd, pkey, rand, req, rsa, sClient, verify, version, x509],
  ...digestCommands,
];

/** Real ones that are not simulated. */
const refused = [
  ...['asn1parse', 'ca', 'ciphers', 'cmp', 'cms', 'crl', 'crl2pkcs7', 'dhparam', 'dsa', 'dsaparam', 'engine', 'errstr'],
  ...['fipsinstall', 'gendsa', 'info', 'kdf', 'list', 'mac', 'nseq', 'ocsp', 'pkcs12', 'pkcs7', 'pkcs8', 'pkeyparam'],
  ...['pkeyutl', 'prime', 'rehash', 'rsautl', 's_server', 's_time', 'sess_id', 'smime', 'speed', 'spkac', 'srp'],
  ...['storeutl', 'ts'],
];

export const openssl: Program = async (process) => {
  const [, name = 'help', ...words] = process.argv;
  if (name === 'help' || name === '-help' || name === '--help') return help(process);
  const command = commands.find((each) => each.name === name);
  if (!command) {
    const text = refused.includes(name)
      ? `openssl: the command ${name} is not simulated`
      : `Invalid command '${name}'; type "help" for a list.`;
    await process.stderr.write(`${text}\n`);
    return 1;
  }
  try {
    return await command.run(new OpensslCall(process, command, words));
  } catch (error) {
    if (error instanceof OpensslError) await process.stderr.write(`${error.message}\n`);
    else if (error instanceof FileError) await process.stderr.write(`${name}: ${error.path}: ${error.message}\n`);
    else throw error;
    return error instanceof OpensslError ? error.status : 1;
  }
};

async function help(process: Process): Promise<number> {
  const names = commands.map(({ name }) => name).sort();
  let text = 'help:\n\nCommands that are simulated\n';
  names.forEach((name, at) => {
    text += at % 4 === 3 || at === names.length - 1 ? `${name}\n` : name.padEnd(18);
  });
  await process.stderr.write(text);
  return 0;
}
