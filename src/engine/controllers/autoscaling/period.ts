// How often each autoscaler is looked at; the first time after as long.
export const periodMs = 15_000;
