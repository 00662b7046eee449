// All simulated images, by repository: one line each.
import { agnhost } from './agnhost.ts';
import { busybox } from './busybox.ts';
import { components } from './components.ts';
import { databases } from './databases.ts';
import type { ImageDefinition } from './define-image.ts';
import { httpd } from './httpd.ts';
import { ingressNginx } from './ingress-nginx/ingress-nginx.ts';
import { languages } from './languages.ts';
import { metricsServer } from './metrics-server/metrics-server.ts';
import { nginx } from './nginx.ts';
import { nodeImage } from './node.ts';
import { plainImages } from './plain-images.ts';
import { redis } from './redis.ts';
import { sampleApps } from './sample-apps.ts';
import { stressImages } from './stress.ts';

const all: readonly ImageDefinition[] = [
  busybox,
  nginx,
  httpd,
  redis,
  agnhost,
  nodeImage,
  metricsServer,
  ...plainImages,
  ...databases,
  ...languages,
  ...sampleApps,
  ...stressImages,
  ...components,
  ...ingressNginx,
];

export const images: ReadonlyMap<string, ImageDefinition> = new Map(
  all.flatMap((image) => image.names.map((name) => [name, image] as const)),
);
