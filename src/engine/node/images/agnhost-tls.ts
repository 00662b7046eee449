// agnhost's servers behind TLS: with the certificate and the key of the files that its flags name, else not at all.
import type { Socket } from '../../../api/network.ts';
import { FileError, type FileTree } from '../../../base/files.ts';
import { type HttpHandler, httpListener } from '../../../base/http.ts';
import { tlsListener } from '../../../base/tls.ts';
import { type NativeContext, type NativeProcess, untilStopped } from './define-image.ts';
import { flagOf } from './web-server.ts';

const defaultPort = 443;
/** Of klog, which ends a program with a last line. */
const fatalCode = 255;

/** `place`: the upstream source line that gives up. */
export function serveTls(context: NativeContext, place: string, handler: HttpHandler): NativeProcess {
  const { argv, network } = context;
  try {
    const certificate = pemIn(context, 'tls-cert-file', 'certificate');
    pemIn(context, 'tls-private-key-file', 'key');
    network.listen(
      Number(flagOf(argv, 'port') ?? defaultPort),
      tlsListener<Socket>({
        certificate: () => certificate,
        accept: (socket) => httpListener(handler).accept(socket),
      }),
    );
  } catch (error) {
    if (!(error instanceof NoPem)) throw error;
    giveUp(context, place, error.message);
  }
  return untilStopped(context);
}

class NoPem extends Error {
  override name = 'NoPem';
}

function pemIn({ argv, files }: NativeContext, flag: string, what: 'certificate' | 'key'): string {
  const path = flagOf(argv, flag) ?? '';
  const text = path === '' ? undefined : textIn(files(), path);
  if (text === undefined) throw new NoPem(`open ${path}: no such file or directory`);
  if (!text.includes('-----BEGIN ')) throw new NoPem(`tls: failed to find any PEM data in ${what} input`);
  return text;
}

function textIn(files: FileTree, path: string): string | undefined {
  try {
    return files.readText(path);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

function giveUp({ scope, stderr, exit }: NativeContext, place: string, message: string): void {
  const iso = new Date(Math.floor(scope.now)).toISOString();
  const time = `${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000`;
  stderr(`F${time}       1 ${place}] ${message}\n`);
  exit(fatalCode);
}
