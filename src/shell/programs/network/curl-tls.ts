// curl's https: whom it trusts, what it shows of itself, and what it says when the server will not do.
import type { Connection } from '../../../api/ports.ts';
import { type PublicKey, publicHalfOf, readPublicKey, sameKey } from '../../../base/keys.ts';
import { pemBlocks } from '../../../base/pem.ts';
import { readCertificate } from '../../../base/x509.ts';
import { secureConnection, TlsError, type TlsProblem } from '../../http/secure-connection.ts';
import { type Tool, ToolError } from '../tool.ts';

/** Where a Debian or Alpine machine keeps the authorities that it trusts. */
const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt';

/** The connection behind TLS, checked unless the user does not want that. Throws ToolError. */
export async function connectSecurely(tool: Tool, connection: Connection, serverName: string): Promise<Connection> {
  const { env, clock } = tool.process;
  const given = tool.value('cacert') ?? env.get('CURL_CA_BUNDLE') ?? env.get('SSL_CERT_FILE');
  const certificate = tool.value('E');
  try {
    return await secureConnection(connection, {
      serverName,
      authorities: tool.has('k') ? undefined : authoritiesIn(tool, given),
      certificate: certificate === undefined ? undefined : clientCertificate(tool, certificate),
      at: clock.now(),
    });
  } catch (error) {
    if (!(error instanceof TlsError)) throw error;
    throw tlsFailure(error.problem, serverName);
  }
}

function authoritiesIn(tool: Tool, given: string | undefined): string {
  const path = tool.path(given ?? systemAuthorities);
  if (tool.files.exists(path)) return tool.files.readText(path);
  if (given === undefined) return '';
  throw new ToolError(`(77) error setting certificate file: ${given}`, 77);
}

function clientCertificate(tool: Tool, given: string): string {
  const path = tool.path(given);
  if (!tool.files.exists(path))
    throw new ToolError(`(58) could not load PEM client certificate from ${given}, OpenSSL error error:80000002`, 58);
  const text = tool.files.readText(path);
  const [certificate] = pemBlocks('CERTIFICATE', text);
  if (certificate) checkKey(tool, given, readPublicKey(readCertificate(certificate).publicKey));
  return text;
}

/** The key of `--key`, or the one in the certificate's own file, must be the certificate's. */
function checkKey(tool: Tool, certificateFile: string, publicKey: PublicKey): void {
  const name = tool.value('key') ?? certificateFile;
  const text = tool.files.exists(tool.path(name)) ? tool.files.readText(tool.path(name)) : '';
  const [key] = ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY'].flatMap((label) => pemBlocks(label, text));
  const half = key && publicHalfOf(key);
  if (!half || !sameKey(half, publicKey))
    throw new ToolError(`(58) unable to set private key file: '${name}' type PEM`, 58);
}

const advice = `More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.`;

function tlsFailure(problem: TlsProblem, host: string): ToolError {
  switch (problem) {
    case 'plain':
      return new ToolError('(35) OpenSSL/3.0.13: error:0A00010B:SSL routines::wrong version number', 35);
    case 'closed':
      return new ToolError('(35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection', 35);
    case 'wrong-name':
      return untrusted(`SSL: no alternative certificate subject name matches target host name '${host}'`);
    case 'expired':
      return untrusted('SSL certificate problem: certificate has expired');
    case 'wrong-usage':
      return untrusted('SSL certificate problem: unsuitable certificate purpose');
    default:
      return untrusted('SSL certificate problem: unable to get local issuer certificate');
  }
}

function untrusted(why: string): ToolError {
  return new ToolError(`(60) ${why}\n${advice}`, 60);
}
