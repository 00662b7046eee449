// Getting images: pull policy, one pull at a time, back-off, and the events that tell of it. Models
// pkg/kubelet/images/image_manager.go.

import type { Container, Pod } from '../../../api/generated/types.ts';
import { quote } from '../../../base/go/quote.ts';
import { goDuration } from '../../../base/go-duration.ts';
import type { Scope } from '../../sim/scope.ts';
import { perform, type Settle, type Work } from '../../sim/work.ts';
import { type ImageName, parseImageName } from '../registry/image-name.ts';
import type { PulledImage, PullOutcome, Registries } from '../registry/registries.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { Backoff } from './backoff.ts';

export type Tell = (type: 'Normal' | 'Warning', reason: string, message: string) => void;

export type ImageOutcome =
  | { readonly kind: 'ready'; readonly image: PulledImage }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

interface Job {
  readonly name: ImageName;
  readonly settle: Settle<{ readonly outcome: PullOutcome; readonly pullMs: number }>;
}

export class ImageManager {
  private readonly backoff: Backoff;
  private readonly lastErrors = new Map<string, string>();
  private readonly jobs: Job[] = [];
  private pulling = false;

  constructor(
    private readonly scope: Scope,
    private readonly runtime: Runtime,
    private readonly registries: Registries,
  ) {
    this.backoff = new Backoff(scope);
  }

  *ensure(pod: Pod, spec: Container, tell: Tell): Work<ImageOutcome> {
    const wanted = spec.image ?? '';
    const name = parseImageName(wanted);
    if ('problem' in name) {
      const text = `couldn't parse image name ${quote(wanted)}: ${name.problem}`;
      const message = `Failed to apply default image tag ${quote(wanted)}: ${text}`;
      tell('Warning', 'InspectFailed', message);
      return { kind: 'failed', reason: 'InvalidImageName', message };
    }
    const policy = spec.imagePullPolicy ?? 'IfNotPresent';
    const present = policy === 'Always' ? undefined : this.runtime.imageOf(name);
    if (present) {
      tell(
        'Normal',
        'Pulled',
        `Container image ${quote(wanted)} already present on machine and can be accessed by the pod`,
      );
      return { kind: 'ready', image: present };
    }
    if (policy === 'Never') {
      const message = `Container image ${quote(wanted)} is not present with pull policy of Never`;
      tell('Warning', 'ErrImageNeverPull', message);
      return { kind: 'failed', reason: 'ErrImageNeverPull', message };
    }
    return yield* this.pull(`${pod.metadata?.uid}_${wanted}`, wanted, name, tell);
  }

  private *pull(key: string, wanted: string, name: ImageName, tell: Tell): Work<ImageOutcome> {
    if (this.backoff.waiting(key)) {
      const text = `Back-off pulling image ${quote(wanted)}`;
      tell('Normal', 'BackOff', text);
      const last = this.lastErrors.get(key);
      return { kind: 'failed', reason: 'ImagePullBackOff', message: last === undefined ? text : `${text}: ${last}` };
    }
    this.lastErrors.delete(key);
    tell('Normal', 'Pulling', `Pulling image ${quote(wanted)}`);
    const begun = this.scope.now;
    const { outcome, pullMs } = yield* this.enqueue(name);
    if (outcome.kind === 'failed') {
      tell('Warning', 'Failed', `Failed to pull image ${quote(wanted)}: ${outcome.message}`);
      this.backoff.next(key);
      this.lastErrors.set(key, `ErrImagePull: ${outcome.message}`);
      return { kind: 'failed', reason: 'ErrImagePull', message: outcome.message };
    }
    const { image } = outcome;
    const waited = goDuration(this.scope.now - begun);
    tell(
      'Normal',
      'Pulled',
      `Successfully pulled image ${quote(wanted)} in ${goDuration(pullMs)} (${waited} including waiting). Image size: ${image.sizeBytes} bytes.`,
    );
    return { kind: 'ready', image };
  }

  private *enqueue(name: ImageName): Work<{ readonly outcome: PullOutcome; readonly pullMs: number }> {
    return yield* perform<{ readonly outcome: PullOutcome; readonly pullMs: number }>((settle) => {
      const job = { name, settle };
      this.jobs.push(job);
      this.next();
      return () => {
        const at = this.jobs.indexOf(job);
        if (at >= 0) this.jobs.splice(at, 1);
      };
    });
  }

  /** The default: images are pulled one after the other, one that has come meanwhile once more. */
  private next(): void {
    const job = this.pulling ? undefined : this.jobs[0];
    if (!job) return;
    this.pulling = true;
    const outcome = this.registries.pull(job.name);
    this.scope.schedule(outcome.durationMs, () => {
      this.pulling = false;
      this.runtime.tally.pulled(outcome.durationMs, outcome.kind === 'pulled' ? outcome.image.sizeBytes : undefined);
      if (outcome.kind === 'pulled') this.runtime.addImage(outcome.image);
      const waiting = this.jobs[0] === job;
      if (waiting) this.jobs.shift();
      if (waiting) job.settle.value({ outcome, pullMs: outcome.durationMs });
      this.next();
    });
  }
}
