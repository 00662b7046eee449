// Describes config maps: their data in full, binary data by size.
import { decodeBase64 } from '../../base/bytes.ts';
import { entriesAt } from '../../base/fields.ts';
import { describer } from './describer.ts';
import { writeHead } from './metadata.ts';

export const configMapDescriber = describer({
  group: '',
  kind: 'ConfigMap',
  resource: ['/api/v1', 'configmaps'],
  write: (w, configMap) => {
    writeHead(w, configMap);
    w.write(0, '\nData\n====\n');
    for (const [key, value] of entriesAt(configMap, 'data')) w.write(0, `${key}:\n----\n${value}\n\n`);
    w.write(0, '\nBinaryData\n====\n');
    for (const [key, value] of entriesAt(configMap, 'binaryData')) {
      w.line(0, `${key}: ${decodeBase64(value)?.length ?? 0} bytes`);
    }
    w.write(0, '\n');
  },
});
