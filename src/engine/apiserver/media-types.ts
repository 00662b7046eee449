// What a client accepts, and in which of the server's encodings and forms it is answered.
//
//   application/json;as=Table;v=v1;g=meta.k8s.io, application/json;q=0.9
//   └ encoding ─────┘└ form ────────────────────┘                   └ how much it is wanted
import { apiError, notAcceptable } from '../../api/status.ts';

export type Encoding = 'json' | 'yaml' | 'protobuf';

/** What an answer is turned into before it is encoded. */
export interface Form {
  readonly kind: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  readonly version: 'v1' | 'v1beta1';
}

export interface AnswerType {
  readonly encoding: Encoding;
  readonly form: Form | undefined;
  readonly pretty: boolean;
}

export interface Offer {
  /** Which encodings there are for what is answered. */
  readonly encodings: readonly Encoding[];
  /** Whether it can be had as a Table or as metadata alone. */
  readonly forms: boolean;
  readonly watch: boolean;
  /** Whether a router looks at what is accepted before anything else does: everywhere but at custom resources. */
  readonly routed?: boolean;
}

export const mediaTypes: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  yaml: 'application/yaml',
  protobuf: 'application/vnd.kubernetes.protobuf',
};

/** In the server's own order of preference. */
const allEncodings: readonly Encoding[] = ['json', 'yaml', 'protobuf'];
const textEncodings = ['json', 'yaml'] as const;
/** YAML documents cannot be told apart in a stream. */
const streamed: readonly Encoding[] = ['json', 'protobuf'];

/** Chooses how to answer. Throws NotAcceptable when the client takes none of what there is. */
export function negotiate(accept: string, offer: Offer): AnswerType {
  if (accept === '') return { encoding: 'json', form: undefined, pretty: false };
  if (offer.routed && !isRoutable(accept)) {
    const message = `406: Not Acceptable\n\nAvailable representations: ${namesOf(allEncodings).join(', ')}`;
    throw apiError({ code: 406, reason: 'NotAcceptable', message, details: {} });
  }
  for (const clause of clausesOf(accept)) {
    for (const encoding of allEncodings) {
      if (!matches(clause, mediaTypes[encoding])) continue;
      const found = typeOf(clause, encoding, offer);
      if (!found) continue;
      if (!offer.watch || streamed.includes(encoding)) return found;
      throw refusal(offer);
    }
  }
  throw refusal(offer);
}

/** Of these types the one that a client wants most; undefined: it takes none of them. */
export function preferredOf(accept: string, types: readonly string[]): string | undefined {
  for (const clause of clausesOf(accept || '*/*')) for (const type of types) if (matches(clause, type)) return type;
  return undefined;
}

/**
 * The encoding that discovery is wanted in as one document; undefined: it is wanted document by document.
 * Left out: protobuf, which no client of Kubernetes' own asks for.
 */
export function aggregatedEncoding(accept: string): Encoding | undefined {
  for (const clause of clausesOf(accept)) {
    const encoding = textEncodings.find((each) => matches(clause, mediaTypes[each]));
    if (encoding === undefined) continue;
    const [kind, group, version] = ['as', 'g', 'v'].map((name) => clause.parameters.get(name));
    if (kind === undefined && group === undefined && version === undefined) return undefined;
    if (kind === 'APIGroupDiscoveryList' && group === 'apidiscovery.k8s.io' && version === 'v2') return encoding;
  }
  return undefined;
}

/** `application/json, application/yaml …` or what can be streamed. */
function refusal({ watch }: Offer): Error {
  const types = watch ? streamed.map((encoding) => `${mediaTypes[encoding]};stream=watch`) : namesOf(allEncodings);
  return notAcceptable(`only the following media types are accepted: ${types.join(', ')}`);
}

function namesOf(encodings: readonly Encoding[]): readonly string[] {
  return encodings.map((encoding) => mediaTypes[encoding]);
}

/** Whether any type that is accepted is served, whatever its parameters say. */
function isRoutable(accept: string): boolean {
  const known = [...namesOf(allEncodings), '*/*'];
  return accept.split(',', clausesMax).some((text) => known.includes(text.split(';')[0]?.trim() ?? ''));
}

interface Clause {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

const clausesMax = 100;

/** Most wanted first; of those wanted alike, exact ones before ranges. */
function clausesOf(accept: string): readonly Clause[] {
  const clauses = accept.split(',', clausesMax).map((text): Clause => {
    const [range = '', ...rest] = text.trim().split(';');
    const [type = '', subtype = '*'] = range.trim().split('/');
    const parameters = new Map<string, string>();
    for (const parameter of rest) {
      const [name = '', value = ''] = parameter.trim().split('=');
      parameters.set(name, value.replace(/^"|"$/g, ''));
    }
    const quality = parameters.has('q') ? Number(parameters.get('q')) || 0 : 1;
    parameters.delete('q');
    return { type, subtype, quality, parameters };
  });
  const generality = ({ type, subtype }: Clause): number => Number(type === '*') + Number(subtype === '*');
  return clauses.sort((a, b) => b.quality - a.quality || generality(a) - generality(b));
}

function matches({ type, subtype }: Clause, mediaType: string): boolean {
  if (type === '*' && subtype === '*') return true;
  return mediaType === `${type}/${subtype}` || (type === 'application' && subtype === '*');
}

const formKinds = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'] as const;
const formVersions = ['v1', 'v1beta1'] as const;

function typeOf({ parameters }: Clause, encoding: Encoding, offer: Offer): AnswerType | undefined {
  const stream = parameters.get('stream');
  if (stream && (stream !== 'watch' || !streamed.includes(encoding))) return undefined;
  const pretty = parameters.get('pretty') === '1';
  if (!['as', 'g', 'v'].some((name) => parameters.has(name)))
    return offer.encodings.includes(encoding) ? { encoding, form: undefined, pretty } : undefined;
  const kind = formKinds.find((known) => known === parameters.get('as'));
  const version = formVersions.find((known) => known === parameters.get('v'));
  if (!offer.forms || !kind || !version || parameters.get('g') !== 'meta.k8s.io') return undefined;
  if (kind === 'Table' && encoding === 'protobuf') return undefined;
  return { encoding, form: { kind, version }, pretty };
}
