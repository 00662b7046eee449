// --client-ca-file and --requestheader-…: whose client certificates count, and which of them speak for others.
import { quote } from '../../base/go/quote.ts';
import { canVerify, readPublicKey, signatureProblem } from '../../base/keys.ts';
import { pemBlocks } from '../../base/pem.ts';
import { readCertificate } from '../../base/x509.ts';
import { type ClientAuthority, nobody, type TrustsCertificate } from '../apiserver/client-authority.ts';
import { ConfigurationError } from '../apiserver/configuration/config-file.ts';
import { type FrontProxy, usualHeaders } from '../apiserver/front-proxy.ts';
import type { ComponentFiles } from './component-files.ts';
import { type Flags, listOf, type UsualFlags } from './component-flags.ts';

export const certificateFlagNames = [
  'client-ca-file',
  'requestheader-allowed-names',
  'requestheader-client-ca-file',
  'requestheader-extra-headers-prefix',
  'requestheader-group-headers',
  'requestheader-uid-headers',
  'requestheader-username-headers',
] as const;

/**
 * Whose client certificates count. The machine's own file may be written later than its component starts: it holds the
 * cluster's authority. Throws ConfigurationError.
 */
export function clientAuthorityOf(flags: Flags, files: ComponentFiles, usual: UsualFlags = {}): ClientAuthority {
  const file = flags.get('client-ca-file') ?? '';
  if (file === '') return nobody;
  return usual['client-ca-file'] === file && !isThere(file, files)
    ? 'own'
    : authorityIn(file, files, 'client-ca-bundle');
}

function isThere(file: string, files: ComponentFiles): boolean {
  try {
    files.read(file);
    return true;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return false;
  }
}

/** Undefined: the flags are not given. Throws ConfigurationError. */
export function frontProxyOf(flags: Flags, files: ComponentFiles): FrontProxy | undefined {
  const file = flags.get('requestheader-client-ca-file') ?? '';
  if (file === '') return undefined;
  const lower = (name: string, missing: readonly string[]): readonly string[] =>
    (listOf(flags, `requestheader-${name}`) ?? missing).map((header) => header.trim().toLowerCase());
  return {
    trusts: authorityIn(file, files, 'request-header'),
    allowedNames: listOf(flags, 'requestheader-allowed-names') ?? [],
    names: lower('username-headers', usualHeaders.names),
    uids: lower('uid-headers', []),
    groups: lower('group-headers', usualHeaders.groups),
    extras: lower('extra-headers-prefix', usualHeaders.extras),
  };
}

function authorityIn(file: string, files: ComponentFiles, kind: string): TrustsCertificate {
  const text = files.read(file);
  const bundle = quote(`${kind}::${file}`);
  if (text === '') throw new ConfigurationError(`missing content for CA bundle ${bundle}`);
  const authorities = pemBlocks('CERTIFICATE', text).map((bytes) => {
    const { publicKey, subjectName } = readCertificate(bytes);
    return { key: readPublicKey(publicKey), name: String(subjectName) };
  });
  if (authorities.length === 0) {
    const why = 'data does not contain any valid RSA or ECDSA certificates';
    throw new ConfigurationError(`error loading CA bundle for ${bundle}: ${why}`);
  }
  return (bytes) => {
    const { signed, algorithm, signature, issuerName } = readCertificate(bytes);
    return authorities.some(
      ({ key, name }) =>
        name === String(issuerName) &&
        canVerify(key, algorithm) &&
        signatureProblem(key, { algorithm, bytes: signed, signature }) === undefined,
    );
  };
}

/** Files of keys and certificates that a component reads when it starts. */
const readAtStart =
  /^(tls-cert-file|tls-private-key-file|etcd-(cafile|certfile|keyfile)|kubelet-(certificate-authority|client-certificate|client-key)|service-account-(signing-)?key-file|service-account-private-key-file|proxy-client-(cert|key)-file|root-ca-file|cluster-signing-.*-file|kubeconfig|authentication-kubeconfig|authorization-kubeconfig|oidc-ca-file|peer-ca-file)$/;

/** Throws ConfigurationError where a file is not there that is read at the start, unless it is the usual one. */
export function checkFiles(flags: Flags, usual: UsualFlags, files: ComponentFiles): void {
  for (const [name, path] of flags) if (readAtStart.test(name) && path !== '' && usual[name] !== path) files.read(path);
}
