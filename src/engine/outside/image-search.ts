// What Docker Hub finds: the images there that the simulator knows.
import { allImages } from '../node/images/image-of.ts';

const hub = 'docker.io/';
const official = 'library/';

export function searchImages(text: string): readonly { readonly name: string; readonly official: boolean }[] {
  const names = [...allImages().keys()].filter((name) => name.startsWith(hub)).map((name) => name.slice(hub.length));
  return names
    .filter((name) => name.includes(text.toLowerCase()))
    .map((name) => ({ name: name.replace(official, ''), official: name.startsWith(official) }))
    .sort((a, b) => Number(b.official) - Number(a.official));
}
