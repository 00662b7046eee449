// How many requests a client may send: client-go's token bucket, which every component has in front of its requests.

export interface Rate {
  /** Requests a second in the long run. */
  readonly qps: number;
  /** Requests that may go at once after a rest. */
  readonly burst: number;
}

export class RateLimit {
  /** Below zero: promised to requests that wait. */
  private tokens: number;
  private at: number;

  constructor(
    private readonly rate: Rate,
    now: number,
  ) {
    this.tokens = rate.burst;
    this.at = now;
  }

  /** Takes a token, a future one where none is left. Returns how many milliseconds that is away. */
  take(now: number): number {
    const { qps, burst } = this.rate;
    this.tokens = Math.min(burst, this.tokens + ((now - this.at) * qps) / 1000) - 1;
    this.at = now;
    return this.tokens >= 0 ? 0 : (-this.tokens * 1000) / qps;
  }
}
