// Why a connection could not be made, told from Go's words for it.
import type { ConnectionError } from '../../api/ports.ts';

export type DialFailure = 'unknownHost' | 'refused' | 'timeout' | 'unreachable';

export function dialFailure(error: ConnectionError): DialFailure {
  const { message } = error;
  if (/no such host|server misbehaving|lookup/.test(message) && !/i\/o timeout/.test(message)) return 'unknownHost';
  if (/timeout|deadline|timed out/.test(message)) return 'timeout';
  if (/no route|unreachable/.test(message)) return 'unreachable';
  return 'refused';
}
