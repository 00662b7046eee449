// An image's definition as plain data and back: its native programs are named by the image that they come from.
import type { ImageDefinition } from '../node/images/define-image.ts';
import { allImages, imageOf } from '../node/images/image-of.ts';

export interface PlainImage {
  /** The simulated image whose native programs it has; undefined: it has none that are known. */
  readonly nativesOf: string | undefined;
  readonly rest: Omit<ImageDefinition, 'natives'>;
}

export function plainImage({ natives, ...rest }: ImageDefinition): PlainImage {
  const origin = natives && [...allImages()].find(([, image]) => image.natives === natives);
  return { nativesOf: origin?.[0], rest };
}

export function restoreImage({ nativesOf, rest }: PlainImage): ImageDefinition {
  const natives = nativesOf === undefined ? undefined : imageOf(nativesOf)?.natives;
  return natives ? { ...rest, natives } : rest;
}
