// agnhost's webhook server: answers AdmissionReviews, each path in its own way.
import { decodeUtf8, encodeBase64, encodeUtf8 } from '../../../base/bytes.ts';
import { flagAt, textAt } from '../../../base/fields.ts';
import type { HttpReply, HttpRequest } from '../../../base/http.ts';
import { isList, isObject, type JsonObject, type JsonValue } from '../../../base/json.ts';
import { serveTls } from './agnhost-tls.ts';
import type { NativeProgram } from './define-image.ts';
import { flagOf, text } from './web-server.ts';

/** A request's answer without its uid; 'never': no answer comes. */
type Answer = JsonObject | 'never';
type Review = (request: JsonObject, sidecarImage: string) => Answer;

const delayMs = 5000;

export const admissionWebhook: NativeProgram = (context) => {
  const { argv, scope } = context;
  const sidecarImage = flagOf(argv, 'sidecar-image') ?? '';
  return serveTls(context, 'config.go:34', (request, reply) => {
    const [path = '/'] = request.target.split('?');
    const waitMs = path === '/always-allow-delay-5s' ? delayMs : 0;
    const answer = answerTo(path, request, sidecarImage);
    if (answer !== 'never') scope.schedule(waitMs, () => reply(answer));
  });
};

function answerTo(path: string, request: HttpRequest, sidecarImage: string): HttpReply | 'never' {
  if (path === '/readyz') return text('ok');
  const review = reviews.get(path);
  if (!review) return text('404 page not found\n', 404);
  const asked = parsed(decodeUtf8(request.body));
  if (!isObject(asked) || asked.kind !== 'AdmissionReview' || !isObject(asked.request))
    return text('Request could not be decoded: no AdmissionReview\n', 400);
  const answer = review(asked.request, sidecarImage);
  if (answer === 'never') return 'never';
  const { apiVersion = '', kind } = asked;
  const body = { kind, apiVersion, response: { uid: asked.request.uid ?? '', ...answer } };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

const allowed: JsonObject = { allowed: true };

const reviews: ReadonlyMap<string, Review> = new Map<string, Review>([
  ['/always-deny', () => denied({ message: 'this webhook denies all requests' })],
  ['/always-allow-delay-5s', () => ({ allowed: true, status: { message: 'this webhook allows all requests' } })],
  ['/add-label', ({ object }) => addLabel(labelsOf(object))],
  ['/pods', ({ object }) => reviewPod(object)],
  ['/pods/attach', (request) => reviewAttachment(request)],
  ['/mutating-pods', ({ object }) => addInitContainer(object)],
  ['/mutating-pods-sidecar', ({ object }, image) => addSidecar(object, image)],
  ['/configmaps', (request) => reviewData(request, 'the configmap contains unwanted key and value', 'configmap')],
  ['/mutating-configmaps', ({ object }) => nextStage(object)],
  [
    '/custom-resource',
    (request) => reviewData(request, 'the custom resource contains unwanted data', 'custom resource'),
  ],
  ['/mutating-custom-resource', ({ object }) => nextStage(object)],
  ['/crd', ({ object }) => (isUnwanted(object) ? denied({ message: 'the crd contains unwanted label' }) : allowed)],
]);

function denied(status: JsonObject): JsonObject {
  return { allowed: false, status };
}

function patch(...operations: readonly JsonObject[]): JsonObject {
  return { allowed: true, patchType: 'JSONPatch', patch: encodeBase64(encodeUtf8(JSON.stringify(operations))) };
}

function addLabel(labels: JsonObject): JsonObject {
  if (Object.keys(labels).length === 0)
    return patch({ op: 'add', path: '/metadata/labels', value: { 'added-label': 'yes' } });
  if (labels['added-label'] === 'yes') return allowed;
  const op = labels['added-label'] === undefined ? 'add' : 'replace';
  return patch({ op, path: '/metadata/labels/added-label', value: 'yes' });
}

function reviewPod(pod: JsonValue | undefined): Answer {
  if (labelsOf(pod)['webhook-e2e-test'] === 'wait-forever') return 'never';
  const named = containersOf(pod, 'containers').some(({ name }) => String(name).includes('webhook-disallow'));
  const problems = [
    ...(isUnwanted(pod) ? ['the pod contains unwanted label;'] : []),
    ...(named ? ['the pod contains unwanted container name;'] : []),
  ];
  return problems.length === 0 ? allowed : denied({ message: problems.join(' ') });
}

function reviewAttachment({ name, object }: JsonObject): JsonObject {
  const refused =
    name === 'to-be-attached-pod' && flagAt(object, 'stdin') && textAt(object, 'container') === 'container1';
  return refused ? denied({ message: "attaching to pod 'to-be-attached-pod' is not allowed" }) : allowed;
}

function addInitContainer(pod: JsonValue | undefined): JsonObject {
  const name = 'webhook-added-init-container';
  const there = containersOf(pod, 'initContainers').some((container) => container.name === name);
  if (there || partOf(pod, 'metadata').name !== 'webhook-to-be-mutated') return allowed;
  const value = [{ image: 'webhook-added-image', name, resources: {} }];
  return patch({ op: 'add', path: '/spec/initContainers', value });
}

function addSidecar(pod: JsonValue | undefined, image: string): JsonObject {
  if (image === '')
    return denied({ status: 'Failure', message: 'No image specified by the sidecar-image parameter', code: 500 });
  const name = 'webhook-added-sidecar';
  if (containersOf(pod, 'containers').some((container) => container.name === name)) return allowed;
  return patch({ op: 'add', path: '/spec/containers/-', value: { image, name, resources: {} } });
}

function reviewData({ operation, object, oldObject }: JsonObject, unwanted: string, what: string): JsonObject {
  const deletion = operation === 'DELETE';
  const mark = partOf(deletion ? oldObject : object, 'data')['webhook-e2e-test'];
  if (!deletion && mark === 'webhook-disallow') return denied({ reason: unwanted });
  if (deletion && mark === 'webhook-nondeletable')
    return denied({ reason: `the ${what} cannot be deleted because it contains unwanted key and value` });
  return allowed;
}

function nextStage(object: JsonValue | undefined): JsonObject {
  const data = partOf(object, 'data');
  if (data['mutation-stage-1'] === 'yes') return patch({ op: 'add', path: '/data/mutation-stage-2', value: 'yes' });
  if (data['mutation-start'] === 'yes') return patch({ op: 'add', path: '/data/mutation-stage-1', value: 'yes' });
  return allowed;
}

function isUnwanted(object: JsonValue | undefined): boolean {
  return labelsOf(object)['webhook-e2e-test'] === 'webhook-disallow';
}

function labelsOf(object: JsonValue | undefined): JsonObject {
  return partOf(partOf(object, 'metadata'), 'labels');
}

function containersOf(pod: JsonValue | undefined, field: string): readonly JsonObject[] {
  const list = partOf(pod, 'spec')[field];
  return isList(list) ? list.filter(isObject) : [];
}

function partOf(object: JsonValue | undefined, name: string): JsonObject {
  const part = isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
  return isObject(part) ? part : {};
}

function parsed(body: string): JsonValue {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
