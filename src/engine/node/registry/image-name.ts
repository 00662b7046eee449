// Image names: what `nginx`, `team/app:v1` and `registry.example.com:5000/app@sha256:…` mean.

export interface ImageName {
  /** E.g. `docker.io`. */
  readonly registry: string;
  /** E.g. `library/nginx`. */
  readonly path: string;
  readonly tag: string | undefined;
  /** E.g. `sha256:15ba…`. */
  readonly digest: string | undefined;
}

const part = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const domain =
  '(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?';
const reference = new RegExp(
  `^((?:${domain}/)?${part}(?:/${part})*)(?::(\\w[\\w.-]{0,127}))?(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?$`,
);

/** The name, normalised as docker does; a text that is none gives the library's words for what is wrong. */
export function parseImageName(text: string): ImageName | { readonly problem: string } {
  const match = reference.exec(text);
  if (!match) {
    if (text === '') return { problem: 'repository name must have at least one component' };
    if (reference.test(text.toLowerCase())) return { problem: 'repository name must be lowercase' };
    return { problem: 'invalid reference format' };
  }
  const [, name = '', tag, digest] = match;
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const remote = first.includes('.') || first.includes(':') || first === 'localhost' || first !== first.toLowerCase();
  const registry = remote ? (first === 'index.docker.io' ? 'docker.io' : first) : 'docker.io';
  const rest = remote ? name.slice(slash + 1) : name;
  const path = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  return { registry, path, tag: tag ?? (digest === undefined ? 'latest' : undefined), digest };
}

/** `docker.io/library/nginx`. */
export function repositoryOf({ registry, path }: ImageName): string {
  return `${registry}/${path}`;
}

/** `docker.io/library/nginx:1.27`, or with `@sha256:…` where a digest names it. */
export function fullName(name: ImageName): string {
  const tag = name.tag === undefined ? '' : `:${name.tag}`;
  const digest = name.digest === undefined ? '' : `@${name.digest}`;
  return repositoryOf(name) + (name.digest === undefined ? tag : digest);
}
