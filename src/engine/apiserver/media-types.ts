// What a client accepts, and whether the server can answer in it.
import { notAcceptable } from '../../api/status.ts';

const served = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const versionsOfForms: Readonly<Record<string, readonly string[]>> = {
  Table: ['v1'],
  PartialObjectMetadata: ['v1'],
  PartialObjectMetadataList: ['v1'],
};

/** The content type to answer in. Throws NotAcceptable when the client takes none of those that there are. */
export function answerType(accept: string): 'application/json' | 'application/yaml' {
  const choices = accept
    .split(',')
    .map((text) => text.trim())
    .filter(Boolean);
  if (choices.length === 0) return 'application/json';
  for (const choice of choices) {
    const [type = '', ...parameters] = choice.split(';').map((text) => text.trim());
    const values = new Map(parameters.map((text) => text.split('=') as [string, string])); // edge: `q=0.8`
    const form = values.get('as');
    const known = form === undefined || (Object.hasOwn(versionsOfForms, form) && versionsOfForms[form]);
    if (!known || (known !== true && !known.includes(values.get('v') ?? ''))) continue;
    if (type === 'application/yaml') return 'application/yaml';
    if (type === '*/*' || type === 'application/*' || type === 'application/json') return 'application/json';
    if (type === 'application/vnd.kubernetes.protobuf' && choices.length > 1) continue;
    if (type === 'application/vnd.kubernetes.protobuf') return 'application/json';
  }
  throw notAcceptable(`only the following media types are accepted: ${served.join(', ')}`);
}
