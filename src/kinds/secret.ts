// Secrets.
import type { Secret } from '../api/generated/types.ts';
import { encodeBase64, encodeUtf8 } from '../base/bytes.ts';
import { ageColumn, nameColumn, textColumn, valueColumn } from './columns.ts';
import { defineKind } from './kind.ts';
import { fillZero } from './share.ts';

/** What the server knows about Secrets. */
export const secret = defineKind<Secret>({
  group: '',
  kind: 'Secret',
  defaults(given) {
    const secret = fillZero(given, { type: 'Opaque' });
    const { stringData, ...rest } = secret;
    if (!stringData) return secret;
    const encoded = Object.entries(stringData).map(([key, text]) => [key, encodeBase64(encodeUtf8(text))]);
    return { ...rest, data: { ...secret.data, ...Object.fromEntries(encoded) } };
  },
  fields: { type: (secret) => secret.type ?? '' },
  columns: [
    nameColumn,
    textColumn('Type', 'What the secret is for.', ({ type }) => type ?? ''),
    valueColumn('Data', 'Number of entries.', ({ data }) => Object.keys(data ?? {}).length),
    ageColumn,
  ],
});
