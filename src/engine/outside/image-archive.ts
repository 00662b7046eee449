// Images in a tar archive, as `docker save` writes and `docker load` reads it: a manifest that names them, and a blob
// each. The blobs are the simulator's own: an archive of a real daemon is refused.
import { DockerError } from '../../api/docker.ts';
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { isList, isObject, type JsonValue } from '../../base/json.ts';
import { packTar, type TarEntry, TarError, unpackTar } from '../../base/tar.ts';
import type { DockerDaemon } from './docker-daemon.ts';
import type { LocalImage } from './local-image.ts';
import { type PlainImage, plainImage, restoreImage } from './plain-image.ts';

type Blob = Omit<LocalImage, 'definition'> & { readonly definition: PlainImage };

const mode = 0o644;

export function saveImages(daemon: DockerDaemon, names: readonly string[]): Uint8Array {
  const images = new Map<string, { readonly image: LocalImage; readonly tags: string[] }>();
  for (const name of names) {
    const image = daemon.get(name);
    const known = images.get(image.id) ?? { image, tags: [] };
    images.set(image.id, known);
    if (!image.id.startsWith(`sha256:${name}`)) known.tags.push(daemon.shortTag(name));
  }
  const manifest = [...images.values()].map(({ image, tags }) => ({
    Config: blobPath(image.id),
    RepoTags: tags,
    Layers: image.layers.map((layer) => `blobs/sha256/${layer}`),
  }));
  const entry = (name: string, value: unknown): TarEntry => ({
    name,
    kind: 'file',
    mode,
    modifiedAt: 0,
    target: '',
    content: encodeUtf8(JSON.stringify(value)),
  });
  const blobs = [...images.values()].map(({ image }) =>
    entry(blobPath(image.id), { ...image, definition: plainImage(image.definition) } satisfies Blob),
  );
  return packTar([...blobs, entry('manifest.json', manifest)]);
}

/** What was loaded, as the client prints it. */
export function loadImages(daemon: DockerDaemon, archive: Uint8Array): readonly string[] {
  const files = filesIn(archive);
  const manifest = parsed(files.get('manifest.json'));
  if (!isList(manifest)) throw new DockerError('unrecognized image format');
  return manifest.flatMap((each) => {
    const config = isObject(each) ? String(each.Config ?? '') : '';
    const blob = parsed(files.get(config));
    if (!isObject(blob) || typeof blob.id !== 'string' || !isObject(blob.definition))
      throw new DockerError(`the simulator loads images that its own docker saved: ${config} is none`);
    const plain = blob as unknown as Blob; // edge: what the daemon itself wrote
    const tags = isObject(each) && isList(each.RepoTags) ? each.RepoTags.map(String) : [];
    daemon.add({ ...plain, definition: restoreImage(plain.definition) }, tags);
    return tags.length > 0 ? tags.map((tag) => `Loaded image: ${tag}`) : [`Loaded image ID: ${plain.id}`];
  });
}

function blobPath(id: string): string {
  return `blobs/sha256/${id.replace(/^sha256:/, '')}`;
}

function filesIn(archive: Uint8Array): ReadonlyMap<string, Uint8Array> {
  try {
    return new Map(unpackTar(archive).map(({ name, content }) => [name, content]));
  } catch (error) {
    if (error instanceof TarError) throw new DockerError('unrecognized image format');
    throw error;
  }
}

function parsed(bytes: Uint8Array | undefined): JsonValue {
  try {
    return bytes === undefined ? null : JSON.parse(decodeUtf8(bytes));
  } catch {
    return null;
  }
}
