// agnhost's webhook that converts custom resources of stable.example.com: hostPort in v1, host and port in v2.
import { decodeUtf8 } from '../../../base/bytes.ts';
import type { HttpReply, HttpRequest } from '../../../base/http.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { serveTls } from './agnhost-tls.ts';
import type { NativeProgram } from './define-image.ts';
import { text } from './web-server.ts';

export const conversionWebhook: NativeProgram = (context) =>
  serveTls(context, 'config.go:43', (request, reply) => reply(answerTo(request)));

function answerTo({ target, body }: HttpRequest): HttpReply {
  const [path] = target.split('?');
  if (path === '/readyz') return text('ok');
  if (path !== '/crdconvert') return text('404 page not found\n', 404);
  const asked = parsed(decodeUtf8(body));
  if (!isObject(asked) || asked.kind !== 'ConversionReview' || !isObject(asked.request))
    return text('Request could not be decoded: no ConversionReview\n', 400);
  const { kind, apiVersion = '', request } = asked;
  const review = { kind, apiVersion, response: { uid: request.uid ?? '', ...converted(request) } };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(review) };
}

function converted({ objects, desiredAPIVersion = '' }: JsonObject): JsonObject {
  const convertedObjects: JsonObject[] = [];
  for (const object of isList(objects) ? objects.filter(isObject) : []) {
    const result = convert(object, desiredAPIVersion);
    if (typeof result === 'string') return { convertedObjects: [], result: { status: 'Failure', message: result } };
    convertedObjects.push({ ...result, apiVersion: desiredAPIVersion });
  }
  return { convertedObjects, result: { status: 'Success' } };
}

const [versionOne, versionTwo] = ['stable.example.com/v1', 'stable.example.com/v2'];

function convert({ hostPort, host, port, ...object }: JsonObject, wanted: JsonValue): JsonObject | string {
  const { apiVersion = '' } = object;
  if (apiVersion === wanted)
    return `conversion from a version to itself should not call the webhook: ${String(wanted)}`;
  if (apiVersion !== versionOne && apiVersion !== versionTwo)
    return `unexpected conversion version ${JSON.stringify(apiVersion)}`;
  if (wanted !== versionOne && wanted !== versionTwo) return `unexpected conversion version ${JSON.stringify(wanted)}`;
  if (apiVersion === versionTwo)
    return host === undefined && port === undefined
      ? object
      : { ...object, hostPort: `${String(host ?? '')}:${String(port ?? '')}` };
  if (typeof hostPort !== 'string') return object;
  const [first = '', second = ''] = hostPort.split(':');
  return { ...object, host: first, port: second };
}

function parsed(body: string): JsonValue {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
