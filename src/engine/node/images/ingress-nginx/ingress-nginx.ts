// The images of the NGINX ingress controller: the controller, and what makes its webhook's certificate.
import { busyboxPrograms } from '../busybox-programs.ts';
import { defineImage, type ImageDefinition } from '../define-image.ts';
import { certgen } from './certgen.ts';
import { ingressController } from './controller.ts';

const user = { name: 'www-data', uid: 101, gid: 82 };

export const ingressNginx: readonly ImageDefinition[] = [
  defineImage({
    names: ['registry.k8s.io/ingress-nginx/controller'],
    sizeBytes: 103_524_863,
    entrypoint: ['/usr/bin/dumb-init', '--'],
    command: ['/nginx-ingress-controller'],
    workingDir: '/etc/nginx',
    user,
    // /wait-shutdown waits for nginx to have answered all that it was asked: here it has.
    programs: { ...busyboxPrograms, '/usr/bin/curl': 'curl', '/bin/bash': 'bash', '/wait-shutdown': 'true' },
    natives: { '/usr/bin/dumb-init': ingressController, '/nginx-ingress-controller': ingressController },
    files: { '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nwww-data:x:101:82:www-data:/var/www:/sbin/nologin\n' },
  }),
  defineImage({
    names: ['registry.k8s.io/ingress-nginx/kube-webhook-certgen'],
    sizeBytes: 23_874_176,
    entrypoint: ['/kube-webhook-certgen'],
    user: { name: 'nonroot', uid: 65532, gid: 65532 },
    natives: { '/kube-webhook-certgen': certgen },
  }),
];
