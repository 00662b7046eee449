// node: an image whose programs run outside of the engine; scripts are the learner's own.
import { busyboxPrograms } from './busybox-programs.ts';
import { defineImage } from './define-image.ts';

export const nodeImage = defineImage({
  names: ['docker.io/library/node'],
  sizeBytes: 55_110_304,
  usage: { idleMillicores: 0.3, memoryMebibytes: 30 },
  command: ['node'],
  env: { NODE_VERSION: '20.19.5', YARN_VERSION: '1.22.22' },
  programs: {
    ...busyboxPrograms,
    '/usr/local/bin/node': 'node',
    '/usr/local/bin/npm': 'npm',
    '/usr/local/bin/yarn': 'yarn',
    '/sbin/apk': 'apk',
  },
});
