// What a component's requests to the API server came to, counted as they are answered.
import { type HttpMethod, httpMethods, type Verb } from '../../api/request.ts';
import { Histogram } from '../../base/metric-counts.ts';

const durationBounds = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60] as const;

export class CallTally {
  /** How many answers of each code. */
  readonly codes = new Map<HttpMethod, Map<number, number>>();
  /** Seconds until the answer was there. */
  readonly durations = new Map<HttpMethod, Histogram>();
  /** Seconds that the client's own rate kept requests back. */
  readonly limits = new Map<HttpMethod, Histogram>();

  answered(verb: Verb, code: number, tookMs: number): void {
    const method = httpMethods[verb];
    let codes = this.codes.get(method);
    if (!codes) {
      codes = new Map();
      this.codes.set(method, codes);
      this.durations.set(method, new Histogram(durationBounds));
    }
    codes.set(code, (codes.get(code) ?? 0) + 1);
    this.durations.get(method)?.observe(tookMs / 1000);
  }

  limited(verb: Verb, waitMs: number): void {
    const method = httpMethods[verb];
    let limit = this.limits.get(method);
    if (!limit) {
      limit = new Histogram(durationBounds);
      this.limits.set(method, limit);
    }
    limit.observe(waitMs / 1000);
  }
}
