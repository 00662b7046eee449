// Describes secrets: keys and sizes; only the token of a service account is shown.
import { decodeBase64, decodeUtf8 } from '../../base/bytes.ts';
import { entriesAt, textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { writeHead } from './metadata.ts';

export const secretDescriber = describer({
  group: '',
  kind: 'Secret',
  resource: ['/api/v1', 'secrets'],
  events: false,
  write: (w, secret) => {
    const type = textAt(secret, 'type');
    writeHead(w, secret);
    w.write(0, `\nType:\t${type}\n`);
    w.write(0, '\nData\n====\n');
    for (const [key, value] of entriesAt(secret, 'data')) {
      const bytes = decodeBase64(value) ?? new Uint8Array();
      const shown = key === 'token' && type === 'kubernetes.io/service-account-token';
      w.field(0, key, shown ? decodeUtf8(bytes) : `${bytes.length} bytes`);
    }
  },
});
