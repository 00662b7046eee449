// What a kubelet writes to its machine's journal about pods and the node, in upstream's words.
import type { Pod } from '../../../api/generated/types.ts';
import type { Journal, LogFields } from './journal.ts';

/** A pod's, and where it is about one of its containers, that one's name. */
interface About {
  readonly pod: Pod;
  readonly container?: string | undefined;
}

export class KubeletLog {
  constructor(
    private readonly journal: Journal,
    private readonly pid: number,
  ) {}

  error(source: string, message: string, fields: LogFields): void {
    this.journal.klog({ unit: 'kubelet', pid: this.pid, severity: 'E', source, message, fields });
  }

  info(source: string, message: string, fields: LogFields): void {
    this.journal.klog({ unit: 'kubelet', pid: this.pid, severity: 'I', source, message, fields });
  }

  /** What goes with a Warning event about a pod. */
  warned(reason: string, message: string, { pod, container = '' }: About): void {
    const { namespace = '', name = '', uid = '' } = pod.metadata ?? {};
    const who = { pod: `${namespace}/${name}`, podUID: uid };
    const skipped = (what: string, err: string): void =>
      this.error('pod_workers.go:1324', 'Error syncing pod, skipping', {
        err: `failed to "StartContainer" for "${container}" with ${what}: "${err.replaceAll('"', '\\"')}"`,
        ...who,
      });
    switch (reason) {
      case 'Unhealthy': {
        const [, probeType = '', output = ''] = /^(\w+) probe failed: (.*)$/s.exec(message) ?? [];
        this.info('prober.go:120', 'Probe failed', {
          probeType,
          ...who,
          containerName: container,
          probeResult: 'failure',
          output,
        });
        return;
      }
      case 'BackOff':
        skipped('CrashLoopBackOff', `${message.replace(/ in pod .*$/, '')} pod=${name}_${namespace}(${uid})`);
        return;
      case 'Failed':
        if (message.startsWith('Failed to pull image'))
          this.error('kuberuntime_image.go:43', 'Failed to pull image', {
            err: message.replace(/^.*?": /, ''),
            image: imageIn(message),
          });
        else skipped(/^Error: (\w+)$/.exec(message)?.[1] ?? 'RunContainerError', message.replace(/^Error: /, ''));
        return;
      case 'FailedMount':
        this.error('nestedpendingoperations.go:348', 'Operation failed', { err: message, ...who });
        return;
      default:
        this.error('kubelet.go:3387', message, { reason, ...who });
    }
  }
}

function imageIn(message: string): string {
  return /image "([^"]*)"/.exec(message)?.[1] ?? '';
}
