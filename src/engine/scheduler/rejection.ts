// The words in which plugins say no.

/**
 * Why a pod may not go to a node (or anywhere). `unschedulable`: evicting pods might help; `unresolvable`: it would
 * not; `error`: the scheduler itself failed.
 */
export interface Rejection {
  readonly code: 'unschedulable' | 'unresolvable' | 'error';
  readonly plugin: string;
  readonly reasons: readonly string[];
}

export function unschedulable(plugin: string, ...reasons: readonly string[]): Rejection {
  return { code: 'unschedulable', plugin, reasons };
}

export function unresolvable(plugin: string, ...reasons: readonly string[]): Rejection {
  return { code: 'unresolvable', plugin, reasons };
}

export function failed(plugin: string, reason: string): Rejection {
  return { code: 'error', plugin, reasons: [reason] };
}

export function isRejection(value: object | undefined): value is Rejection {
  return value !== undefined && 'code' in value && 'reasons' in value;
}
