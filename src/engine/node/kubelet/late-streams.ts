// The kubelet's own API, which nobody asks before something has come in from outside.
import type { KubeletApi } from '../../../api/kubelet.ts';
import { late } from '../../../base/late.ts';
import type { StreamParts } from './streams.ts';

const code = late("the kubelet's API", () => import('./streams.ts'));

export function lateStreams(parts: StreamParts): KubeletApi {
  let made: KubeletApi | undefined;
  const api = (): KubeletApi => {
    made ??= code().kubeletStreams(parts);
    return made;
  };
  return {
    logs: (...asked) => api().logs(...asked),
    exec: (...asked) => api().exec(...asked),
    attach: (...asked) => api().attach(...asked),
    portForward: (...asked) => api().portForward(...asked),
    get: (path) => api().get(path),
  };
}
