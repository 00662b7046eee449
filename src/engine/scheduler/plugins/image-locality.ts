// ImageLocality: prefers nodes that have the pod's images already, the more so the larger and the more common these are.
import type { PluginFactory } from '../framework.ts';

const megabyte = 1024 * 1024;
const bytesMin = 23 * megabyte;
const bytesMaxPerContainer = 1000 * megabyte;

export const imageLocality: PluginFactory = ({ cache }) => ({
  name: 'ImageLocality',
  weight: 1,
  nodeScore: ({ images, containers }, node) => {
    let sum = 0;
    for (const image of images) {
      const size = node.images.get(image);
      if (size !== undefined) sum += Math.floor(size * (cache.nodesWithImage(image) / cache.nodeList().length));
    }
    const bytesMax = bytesMaxPerContainer * containers;
    const bytes = Math.min(Math.max(sum, bytesMin), bytesMax);
    return Math.floor((100 * (bytes - bytesMin)) / (bytesMax - bytesMin));
  },
});
