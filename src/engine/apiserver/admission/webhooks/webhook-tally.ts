// What came of calls of admission webhooks, and how long they took: told at /metrics.
import { isObject } from '../../../../base/json.ts';
import { Counts, Histograms } from '../../../../base/metric-counts.ts';
import { labelText } from '../../../../base/metrics-text.ts';
import type { CallResult } from './call-result.ts';

export interface TalliedCall {
  readonly name: string;
  readonly type: 'admit' | 'validating';
  /** E.g. `CREATE`. */
  readonly operation: string;
  /** Its failures are ignored. */
  readonly ignorable: boolean;
}

export class WebhookTally {
  readonly durations = new Histograms([0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25]);
  readonly requests = new Counts();
  readonly rejections = new Counts();
  readonly failedOpen = new Counts();

  add({ name, type, operation, ignorable }: TalliedCall, result: CallResult, tookMs: number): void {
    const about = { name, operation };
    if ('problem' in result) {
      const rejected = String(!ignorable);
      this.observe({ ...about, rejected, type }, tookMs);
      this.requests.add(labelText({ code: ignorable ? 200 : 500, ...about, rejected, type }));
      if (ignorable) this.failedOpen.add(labelText({ name, type }));
      else this.rejections.add(labelText({ error_type: 'calling_webhook_error', ...about, rejection_code: 0, type }));
      return;
    }
    const { response } = result.review;
    const { allowed, status } = isObject(response) ? response : {};
    const given = isObject(status) && typeof status.code === 'number' ? status.code : 400;
    const rejected = allowed !== true;
    const code = rejected ? Math.min(Math.max(given, 400), 600) : 200;
    this.observe({ ...about, rejected: String(rejected), type }, tookMs);
    this.requests.add(labelText({ code, ...about, rejected: String(rejected), type }));
    if (rejected) this.rejections.add(labelText({ error_type: 'no_error', ...about, rejection_code: code, type }));
  }

  private observe(labels: Readonly<Record<string, string>>, tookMs: number): void {
    this.durations.of(labelText(labels)).observe(tookMs / 1000);
  }
}
