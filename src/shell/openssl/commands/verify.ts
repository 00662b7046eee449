// verify: whether certificates lead to an authority that is trusted.
import { decodeUtf8 } from '../../../base/bytes.ts';
import { DerError } from '../../../base/der.ts';
import { FileError } from '../../../base/files.ts';
import { pemBlocks } from '../../../base/pem.ts';
import { libraryError, type OpensslCall, type OpensslCommand, OpensslError } from '../call.ts';
import { type FullCertificate, readFullCertificate } from '../certificate.ts';
import { chainOf } from '../chain.ts';
import { printName } from '../names.ts';

/** Where a Debian machine keeps the authorities that it trusts. */
const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt';

export const verify: OpensslCommand = {
  name: 'verify',
  valued: ['CAfile', 'trusted', 'untrusted'],
  switches: ['verbose', 'show_chain', 'no-CAfile', 'no-CApath', 'x509_strict'],
  refused: [
    'CApath',
    'CRLfile',
    'crl_check',
    'purpose',
    'verify_hostname',
    'verify_ip',
    'partial_chain',
    'attime',
    'policy',
  ],
  async run(call) {
    const untrusted = call.values('untrusted').flatMap((name) => certificatesOf(call, name));
    const trusted = trustedBy(call);
    let status = 0;
    for (const name of call.operands.length > 0 ? call.operands : [undefined])
      if (!(await verifyOne(call, name, { trusted, untrusted }))) status = 2;
    return status;
  },
};

/** Certificates that `-CAfile` names, or that the machine trusts. */
export function trustedBy(call: OpensslCall): readonly FullCertificate[] {
  const given = [...call.values('CAfile'), ...call.values('trusted')];
  if (given.length > 0) return given.flatMap((name) => certificatesOf(call, name));
  const { files } = call.process.machine;
  return files.exists(systemAuthorities) ? readAllIn(files.readText(systemAuthorities)) : [];
}

/** All certificates of a PEM text; what is none is passed over. */
export function readAllIn(text: string): readonly FullCertificate[] {
  return pemBlocks('CERTIFICATE', text).flatMap((bytes) => {
    try {
      return [readFullCertificate(bytes)];
    } catch (error) {
      if (error instanceof DerError) return [];
      throw error;
    }
  });
}

function certificatesOf(call: OpensslCall, name: string): readonly FullCertificate[] {
  try {
    return readAllIn(decodeUtf8(call.process.machine.files.readFile(call.path(name))));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new OpensslError(
      [
        `Error loading file ${name}`,
        libraryError(
          `80000002:system library:BIO_new_file:${error.message}:../crypto/bio/bss_file.c:67:calling fopen(${name}, r)`,
        ),
        libraryError('10000080:BIO routines:BIO_new_file:no such file:../crypto/bio/bss_file.c:75:'),
        libraryError(
          '05880002:x509 certificate routines:X509_load_cert_crl_file_ex:system lib:../crypto/x509/by_file.c:229:',
        ),
      ].join('\n'),
    );
  }
}

async function verifyOne(
  call: OpensslCall,
  name: string | undefined,
  {
    trusted,
    untrusted,
  }: { readonly trusted: readonly FullCertificate[]; readonly untrusted: readonly FullCertificate[] },
): Promise<boolean> {
  const shown = name ?? 'stdin';
  const [leaf] = readAllIn(await call.stored(name, 'certificate file'));
  if (!leaf) throw new OpensslError(`Could not read certificate file from ${shown}\nUnable to load certificate file`);
  const { certificates, problems } = chainOf(leaf, { trusted, untrusted, at: call.process.clock.now() });
  const told = problems.filter(({ number }) => number !== 21);
  if (told.length === 0) {
    await call.out(`${shown}: OK\n`);
    if (call.has('show_chain'))
      await call.out(
        `Chain:\n${certificates.map(({ subject }, depth) => `depth=${depth}: ${printName(subject)}\n`).join('')}`,
      );
    return true;
  }
  for (const { number, text, depth } of told) {
    const at = certificates[depth];
    await call.warn(`${at ? printName(at.subject) : ''}\nerror ${number} at ${depth} depth lookup: ${text}`);
  }
  await call.warn(`error ${shown}: verification failed`);
  return false;
}
