// The worlds that one can ask for by name.

/** What a profile's cluster consists of. */
export interface Profile {
  readonly controlPlanes: number;
  readonly workers: number;
  /** A cloud provider gives load balancers their addresses. */
  readonly cloud: boolean;
  /** Scheduler and nodes run; without them only the API server and the controllers do. */
  readonly complete: boolean;
  /** Whether a cluster exists from the start, or only a machine on which the learner makes one. */
  readonly cluster: boolean;
}

const profiles = {
  '3-node': { controlPlanes: 1, workers: 2, cloud: false, complete: true, cluster: true },
  minikube: { controlPlanes: 1, workers: 0, cloud: false, complete: true, cluster: false },
  ha: { controlPlanes: 3, workers: 3, cloud: false, complete: true, cluster: true },
  cloud: { controlPlanes: 1, workers: 2, cloud: true, complete: true, cluster: true },
  bare: { controlPlanes: 1, workers: 0, cloud: false, complete: false, cluster: true },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

export const profileNames: readonly string[] = Object.keys(profiles);

export function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(profiles, name);
}

export function profile(name: ProfileName): Profile {
  return profiles[name];
}
