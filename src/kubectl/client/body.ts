// Bodies of answers as text and as JSON.
import type { KubeBody } from '../../api/ports.ts';
import { decodeUtf8 } from '../../base/bytes.ts';
import type { JsonValue } from '../../base/json.ts';
import { CommandError } from '../errors.ts';

export function bodyText(body: KubeBody): string {
  if (body.kind === 'text') return body.text;
  return body.kind === 'bytes' ? decodeUtf8(body.bytes) : `${JSON.stringify(body.value)}\n`;
}

export function bodyJson(body: KubeBody): JsonValue {
  if (body.kind === 'json') return body.value;
  const text = bodyText(body);
  if (text.trim() === '') return {};
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    throw new CommandError(`couldn't get version/kind; json parse error: invalid character in the server's answer`);
  }
}
