// Management commands: `docker container ls` is `docker ps`, `docker image rm` is `docker rmi`.

export interface Group {
  readonly about: string;
  /** The commands it has, by their names in it; those without another name are called the same. */
  readonly commands: Readonly<Record<string, string>>;
}

const same = (names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, name]));

export const groups: Readonly<Record<string, Group>> = {
  builder: { about: 'Manage builds', commands: { build: 'build' } },
  buildx: { about: 'Docker Buildx', commands: { build: 'build' } },
  container: {
    about: 'Manage containers',
    commands: {
      ...same(
        'commit cp create diff exec kill logs pause port rename restart rm run start stats stop top unpause wait',
      ),
      ...{ inspect: 'container inspect', prune: 'container prune' },
      ...{ ls: 'ps', list: 'ps', ps: 'ps', remove: 'rm' },
    },
  },
  image: {
    about: 'Manage images',
    commands: {
      ...same('build history load pull push save tag'),
      ...{ inspect: 'image inspect', prune: 'image prune', ls: 'images', list: 'images', rm: 'rmi', remove: 'rmi' },
    },
  },
  network: {
    about: 'Manage networks',
    commands: {
      ...Object.fromEntries(
        ['connect', 'create', 'disconnect', 'inspect', 'ls', 'list', 'prune', 'rm', 'remove'].map((name) => [
          name,
          `network ${name}`,
        ]),
      ),
    },
  },
  system: { about: 'Manage Docker', commands: { df: 'system df', info: 'info', prune: 'system prune' } },
  volume: {
    about: 'Manage volumes',
    commands: {
      ...Object.fromEntries(
        ['create', 'inspect', 'ls', 'list', 'prune', 'rm', 'remove'].map((name) => [name, `volume ${name}`]),
      ),
    },
  },
};
