// What an image is that has no file of its own.
import type { ImageDefinition } from './define-image.ts';
import { namedServer } from './named-server.ts';

/** An image that nobody has described: it runs until SIGTERM and answers HTTP with a page that names it. */
export function defaultImage(name: string): ImageDefinition {
  return {
    names: [],
    sizeBytes: 0,
    entrypoint: ['/entrypoint'],
    natives: { '/entrypoint': namedServer(name) },
  };
}
