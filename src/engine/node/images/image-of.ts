// The simulated image of a repository. A cluster begins with those of its own components; the others' code comes late.
import { late } from '../../../base/late.ts';
import { components } from './components.ts';
import type { ImageDefinition } from './define-image.ts';

const own = new Map(components.flatMap((image) => image.names.map((name) => [name, image] as const)));

const list = late('images', () => import('./images.ts'));

/** All simulated images by repository. */
export function allImages(): ReadonlyMap<string, ImageDefinition> {
  return list().images;
}

export function imageOf(repository: string): ImageDefinition | undefined {
  return own.get(repository) ?? allImages().get(repository);
}
