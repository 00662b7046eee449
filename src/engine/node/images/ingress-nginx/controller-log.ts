// What the controller says of itself, in klog's form.
import { splitKey } from '../../../../api/meta.ts';
import type { NativeContext } from '../define-image.ts';

export interface Log {
  banner(): void;
  /** `place` is the upstream source line that says it. */
  say(level: 'I' | 'W' | 'E' | 'F', place: string, message: string): void;
  found(ingress: string, ingressClass: string): void;
  ignored(ingress: string, ingressClass: string | undefined): void;
}

const rule = '-'.repeat(79);

export function controllerLog({ scope, stderr }: Pick<NativeContext, 'scope' | 'stderr'>): Log {
  const say: Log['say'] = (level, place, message) =>
    stderr(`${level}${klogTime(scope.now)}       7 ${place}] ${message}\n`);
  return {
    say,
    banner() {
      stderr(
        `${rule}\nNGINX Ingress controller\n  Release:       v1.14.1\n  Build:         simulated\n  Repository:    https://github.com/kubernetes/ingress-nginx\n  nginx version: nginx/1.27.1\n\n${rule}\n\n`,
      );
      say('I', 'main.go:205', '"Creating API client" host="https://10.96.0.1:443"');
    },
    found(ingress, ingressClass) {
      say('I', 'store.go:443', `"Found valid IngressClass" ingress="${ingress}" ingressclass="${ingressClass}"`);
      const { namespace, name } = splitKey(ingress);
      say(
        'I',
        'event.go:377',
        `Event(v1.ObjectReference{Kind:"Ingress", Namespace:"${namespace}", Name:"${name}"}): type: 'Normal' reason: 'Sync' Scheduled for sync`,
      );
    },
    ignored(ingress, ingressClass) {
      const problem =
        ingressClass === undefined
          ? 'ingress does not contain a valid IngressClass'
          : `no object matching key \\"${ingressClass}\\" in local store`;
      say(
        'I',
        'store.go:440',
        `"Ignoring ingress because of error while validating ingress class" ingress="${ingress}" error="${problem}"`,
      );
    },
  };
}

/** `0102 15:04:05.000000`. */
function klogTime(at: number): string {
  const iso = new Date(Math.floor(at)).toISOString();
  return `${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000`;
}
