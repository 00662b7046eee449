// busybox: a shell and the small tools.
import { busyboxPrograms } from './busybox-programs.ts';
import { defineImage } from './define-image.ts';

export const busybox = defineImage({
  names: ['docker.io/library/busybox'],
  sizeBytes: 2_223_685,
  digests: { '1.36': 'sha256:15baa9e8f15b16f760ff4e0f7d73fce086728aa92e15a68a77c95e0aa232acc5' },
  command: ['sh'],
  programs: busyboxPrograms,
  files: {
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
    '/etc/group': 'root:x:0:\nnobody:x:65534:\n',
  },
});
