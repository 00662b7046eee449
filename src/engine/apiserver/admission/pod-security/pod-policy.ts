// What a namespace's labels say its pods may do: for each mode a level, as a version of Kubernetes defines it.
//
//   pod-security.kubernetes.io/enforce: baseline             ─▶ enforce baseline:latest
//   pod-security.kubernetes.io/enforce-version: v1.30        ─▶ enforce baseline:v1.30
import { type FieldError, invalid } from '../../../../api/field-error.ts';
import { remember } from '../../../../kinds/share.ts';

export const levels = ['privileged', 'baseline', 'restricted'] as const;
export type SecurityLevel = (typeof levels)[number];

export interface LevelVersion {
  readonly level: SecurityLevel;
  /** The minor version; infinity: the latest. */
  readonly minor: number;
}

export interface PodPolicy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
  /** Labels that make no sense. */
  readonly problems: readonly FieldError[];
}

type Mode = 'enforce' | 'audit' | 'warn';
type Labels = Readonly<Record<string, string>>;

const prefix = 'pod-security.kubernetes.io/';
const everything: LevelVersion = { level: 'privileged', minor: Number.POSITIVE_INFINITY };
const noPolicy: PodPolicy = { enforce: everything, audit: everything, warn: everything, problems: [] };

/** PodSecurityConfiguration: what holds where labels say nothing, and whom nobody looks at. */
export interface PodSecurityConfiguration {
  readonly defaults: PodPolicy;
  readonly exemptions: {
    readonly usernames: readonly string[];
    readonly namespaces: readonly string[];
    readonly runtimeClasses: readonly string[];
  };
}

/** The policy of a namespace with these labels. */
export function policyOf(labels: Labels | undefined, defaults = noPolicy): PodPolicy {
  if (!labels) return defaults;
  return defaults === noPolicy ? remembered(labels) : policyIn(labels, defaults);
}

/** How strict a level is. */
export function strictness(level: SecurityLevel): number {
  return levels.indexOf(level);
}

/** `baseline:v1.30`. */
export function policyText({ level, minor }: LevelVersion): string {
  return `${level}:${Number.isFinite(minor) ? `v1.${minor}` : 'latest'}`;
}

export function samePolicy(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && a.minor === b.minor;
}

const remembered = remember((labels: Labels): PodPolicy => policyIn(labels, noPolicy));

function policyIn(labels: Labels, defaults: PodPolicy): PodPolicy {
  if (!Object.keys(labels).some((key) => key.startsWith(prefix))) return defaults;
  const problems: FieldError[] = [];
  const enforce = modeOf('enforce', { labels, defaults }, problems);
  const audit = modeOf('audit', { labels, defaults }, problems);
  const warn = modeOf('warn', { labels, defaults }, problems);
  const follows = !Object.hasOwn(labels, `${prefix}warn`) && isLevel(labels[`${prefix}enforce`]);
  if (!follows || strictness(enforce.level) <= strictness(warn.level)) return { enforce, audit, warn, problems };
  const minor = Object.hasOwn(labels, `${prefix}warn-version`) ? warn.minor : enforce.minor;
  return { enforce, audit, warn: { level: enforce.level, minor }, problems };
}

/** What makes no sense is refused to the strictest, but neither warned of nor noted. */
function modeOf(
  mode: Mode,
  { labels, defaults }: { readonly labels: Labels; readonly defaults: PodPolicy },
  problems: FieldError[],
): LevelVersion {
  const level = labels[prefix + mode];
  const version = labels[`${prefix}${mode}-version`];
  const complain = (key: string, value: string, text: string): void =>
    void problems.push(invalid(`metadata.labels[${prefix}${key}]`, value, text));
  if (level !== undefined && !isLevel(level)) complain(mode, level, `must be one of ${levels.join(', ')}`);
  const unknown = mode === 'enforce' ? 'restricted' : 'privileged';
  const fallback = level === undefined ? defaults[mode].level : unknown;
  const minor = version === undefined ? defaults[mode].minor : minorOf(version);
  if (minor === undefined && version !== undefined) complain(`${mode}-version`, version, 'must be "latest" or "v1.x"');
  return {
    level: isLevel(level) ? level : fallback,
    minor: minor ?? Number.POSITIVE_INFINITY,
  };
}

/** The minor version of `v1.30`; infinity for `latest`; undefined: it is neither. */
export function minorOf(version: string): number | undefined {
  if (version === 'latest') return Number.POSITIVE_INFINITY;
  const [, minor] = /^v1\.(0|[1-9]\d*)$/.exec(version) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

export function isLevel(text: string | undefined): text is SecurityLevel {
  return levels.some((level) => level === text);
}
