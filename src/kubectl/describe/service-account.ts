// Describes service accounts.
import { objectsAt, textAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { writeHead } from './metadata.ts';

export const serviceAccountDescriber = describer({
  group: '',
  kind: 'ServiceAccount',
  resource: ['/api/v1', 'serviceaccounts'],
  write: (w, account) => {
    writeHead(w, account);
    const header = 'Image pull secrets:';
    const names = objectsAt(account, 'imagePullSecrets').map((secret) => textAt(secret, 'name'));
    if (names.length === 0) w.line(0, `${header}\t<none>`);
    for (const [i, name] of names.entries()) w.line(0, `${i === 0 ? header : ' '.repeat(header.length)}\t${name}`);
  },
});
