// crictl images, inspecti, pull and rmi.
import type { RuntimeImage } from '../../api/machines.ts';
import { humanSize } from '../../base/human-size.ts';
import type { JsonObject } from '../../base/json.ts';
import {
  type CrictlCall,
  type CrictlCommand,
  fatal,
  imageIdOf,
  operandsOf,
  outputOption,
  printedAsDocument,
  printTable,
  short,
} from './command.ts';

export const images: CrictlCommand = {
  names: ['images', 'image', 'img'],
  about: 'List images',
  needsImages: true,
  options: [
    outputOption,
    { name: 'quiet', short: 'q', kind: 'switch', about: 'Only show image IDs' },
    { name: 'digests', kind: 'switch', about: 'Show digests' },
    { name: 'no-trunc', kind: 'switch', about: 'Show output without truncating the ID' },
  ],
  async run(call) {
    const [wanted = ''] = call.operands;
    const found = call.view.images
      .filter(({ name }) => wanted === '' || name === named(call, wanted)?.name)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (await printedAsDocument(call, () => ({ images: found.map(imageDocument) }))) return 0;
    if (call.options.has('quiet')) {
      await call.process.stdout.write(found.map((image) => `sha256:${imageIdOf(image.digestName)}\n`).join(''));
      return 0;
    }
    const digests = call.options.has('digests');
    const id = call.options.has('no-trunc') ? (text: string) => `sha256:${text}` : short;
    const rows = found.map((image) => {
      const [repository = '', tag = ''] = split(image.name);
      const whole = imageIdOf(image.digestName);
      return [repository, tag, ...(digests ? [short(whole)] : []), id(whole), humanSize(image.sizeBytes)];
    });
    await printTable(call, [['IMAGE', 'TAG', ...(digests ? ['DIGEST'] : []), 'IMAGE ID', 'SIZE'], ...rows]);
    return 0;
  },
};

export const inspectImage: CrictlCommand = {
  names: ['inspecti'],
  about: 'Return the status of one or more images',
  needsImages: true,
  options: [outputOption],
  async run(call) {
    for (const wanted of operandsOf(call)) {
      const image = named(call, wanted);
      if (!image) throw fatal(call, `no such image "${wanted}" present`);
      await printedAsDocument(call, () => ({ status: imageDocument(image) }), 'json');
    }
    return 0;
  },
};

function imageDocument(image: RuntimeImage): JsonObject {
  return {
    id: `sha256:${imageIdOf(image.digestName)}`,
    repoTags: [image.name],
    repoDigests: [image.digestName],
    size: String(image.sizeBytes),
    pinned: false,
  };
}

export const pull: CrictlCommand = {
  names: ['pull'],
  about: 'Pull an image from a registry',
  needsImages: true,
  options: [{ name: 'creds', kind: 'text', about: 'Use USERNAME[:PASSWORD] for accessing the registry' }],
  async run(call) {
    const [wanted = ''] = operandsOf(call, 'Image name cannot be empty');
    if (call.options.isSet('creds')) throw fatal(call, 'crictl pull --creds is not simulated');
    await call.debug(`PullImageRequest: image:{image:"${wanted}" user_specified_image:"${wanted}"}`);
    const answer = await call.port.pullImage(call.node, wanted);
    if ('problem' in answer) throw fatal(call, `pulling image: ${answer.problem}`);
    await call.debug(`PullImageResponse: ${answer.digestName}`);
    await call.process.stdout.write(`Image is up to date for ${answer.digestName}\n`);
    return 0;
  },
};

export const removeImage: CrictlCommand = {
  names: ['rmi'],
  about: 'Remove one or more images',
  needsImages: true,
  options: [
    { name: 'all', short: 'a', kind: 'switch', about: 'Remove all images' },
    { name: 'prune', short: 'q', kind: 'switch', about: 'Remove all unused images' },
  ],
  async run(call) {
    const { options, view } = call;
    const used = new Set(view.containers.map(({ imageId }) => imageId));
    const chosen = options.has('all')
      ? view.images
      : options.has('prune')
        ? view.images.filter(({ digestName }) => !used.has(digestName))
        : operandsOf(call).map((wanted) => {
            const image = named(call, wanted);
            if (!image) throw fatal(call, `unable to remove the image(s): no such image ${wanted}`);
            return image;
          });
    for (const image of chosen) {
      await call.debug(`User specified image to be removed: ${image.name}`);
      await call.port.removeImage(call.node, image.name);
      await call.process.stdout.write(`Deleted: ${image.name}\n`);
    }
    return 0;
  },
};

/** By name, with or without registry and tag, or by the beginning of its id. */
function named({ view }: CrictlCall, wanted: string): RuntimeImage | undefined {
  const forms = [wanted, `${wanted}:latest`, `docker.io/${wanted}`, `docker.io/library/${wanted}`];
  const all = [...forms, ...forms.map((form) => `${form}:latest`)];
  const id = wanted.replace(/^sha256:/, '');
  return (
    view.images.find(({ name, digestName }) => all.includes(name) || digestName === wanted) ??
    (/^[0-9a-f]{3,}$/.test(id) ? view.images.find((image) => imageIdOf(image.digestName).startsWith(id)) : undefined)
  );
}

function split(name: string): readonly string[] {
  const at = name.lastIndexOf(':');
  return at > name.lastIndexOf('/') ? [name.slice(0, at), name.slice(at + 1)] : [name, '<none>'];
}
