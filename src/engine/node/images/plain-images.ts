// Images that are a file system with tools and a default command, and no server.
import { busyboxPrograms, debianPrograms } from './busybox-programs.ts';
import { defineImage, type ImageDefinition, untilStopped } from './define-image.ts';

const passwd = { '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' };
const curl = { '/usr/bin/curl': 'curl' };
const release = (id: string, name: string): Readonly<Record<string, string>> => ({
  '/etc/os-release': `NAME="${name}"\nID=${id}\n`,
  ...passwd,
});

export const plainImages: readonly ImageDefinition[] = [
  defineImage({
    names: ['docker.io/library/alpine'],
    sizeBytes: 3_653_068,
    command: ['/bin/sh'],
    programs: busyboxPrograms,
    files: release('alpine', 'Alpine Linux'),
  }),
  defineImage({
    names: ['docker.io/library/debian'],
    sizeBytes: 48_494_466,
    command: ['bash'],
    programs: debianPrograms,
    files: release('debian', 'Debian GNU/Linux'),
  }),
  defineImage({
    names: ['docker.io/library/ubuntu'],
    sizeBytes: 29_754_290,
    command: ['/bin/bash'],
    programs: debianPrograms,
    files: release('ubuntu', 'Ubuntu'),
  }),
  defineImage({
    names: ['docker.io/library/bash'],
    sizeBytes: 6_311_412,
    entrypoint: ['docker-entrypoint.sh'],
    command: ['bash'],
    programs: { ...busyboxPrograms, '/usr/local/bin/bash': 'bash', '/usr/local/bin/docker-entrypoint.sh': 'env' },
    files: passwd,
  }),
  defineImage({
    names: ['docker.io/curlimages/curl'],
    sizeBytes: 9_405_213,
    entrypoint: ['/usr/bin/env'],
    command: ['curl', '--help'],
    programs: { ...busyboxPrograms, ...curl, '/usr/bin/env': 'env' },
    user: { name: 'curl_user', uid: 100, gid: 101 },
    files: { '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\ncurl_user:x:100:101::/home/curl_user:/bin/sh\n' },
  }),
  defineImage({
    names: ['docker.io/bitnami/kubectl', 'registry.k8s.io/kubectl'],
    sizeBytes: 71_219_544,
    entrypoint: ['kubectl'],
    command: ['--help'],
    programs: { ...debianPrograms, '/usr/local/bin/kubectl': 'kubectl' },
    files: passwd,
  }),
  defineImage({
    names: ['registry.k8s.io/pause'],
    sizeBytes: 318_731,
    usage: { idleMillicores: 0, memoryMebibytes: 0.4 },
    entrypoint: ['/pause'],
    natives: { '/pause': (context) => untilStopped(context) },
  }),
];
