// Databases that refuse to start without a password, as their entrypoints do, and memcached.
import { debianPrograms } from './busybox-programs.ts';
import {
  defineImage,
  type ImageDefinition,
  type NativeContext,
  type NativeProgram,
  untilStopped,
} from './define-image.ts';

const mysqlNeeds = ['MYSQL_ROOT_PASSWORD', 'MYSQL_ALLOW_EMPTY_PASSWORD', 'MYSQL_RANDOM_ROOT_PASSWORD'];
const mysqlRefusal = `[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified
    You need to specify one of the following as an environment variable:
    - MYSQL_ROOT_PASSWORD
    - MYSQL_ALLOW_EMPTY_PASSWORD
    - MYSQL_RANDOM_ROOT_PASSWORD
`;
const postgresRefusal = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`;

const mysqlServer: NativeProgram = (context) => {
  if (!mysqlNeeds.some((name) => context.env.get(name))) {
    const stamp = new Date(Math.floor(context.scope.now)).toISOString().slice(0, 19).replace('T', ' ');
    return refuse(context, `${stamp}+00:00 ${mysqlRefusal}`);
  }
  return listening(context, 3306, '[System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections.\n');
};

const postgresServer: NativeProgram = (context) => {
  const trusted = context.env.get('POSTGRES_HOST_AUTH_METHOD') === 'trust';
  if (!context.env.get('POSTGRES_PASSWORD') && !trusted) return refuse(context, postgresRefusal);
  return listening(context, 5432, 'LOG:  database system is ready to accept connections\n');
};

export const databases: readonly ImageDefinition[] = [
  defineImage({
    names: ['docker.io/library/mysql', 'docker.io/library/mariadb'],
    sizeBytes: 234_012_119,
    usage: { idleMillicores: 7, memoryMebibytes: 370 },
    entrypoint: ['docker-entrypoint.sh'],
    command: ['mysqld'],
    programs: debianPrograms,
    natives: { '/usr/local/bin/docker-entrypoint.sh': mysqlServer, '/usr/sbin/mysqld': mysqlServer },
  }),
  defineImage({
    names: ['docker.io/library/postgres'],
    sizeBytes: 162_020_011,
    usage: { idleMillicores: 2, memoryMebibytes: 38 },
    entrypoint: ['docker-entrypoint.sh'],
    command: ['postgres'],
    programs: debianPrograms,
    stopSignal: 'SIGINT',
    natives: { '/usr/local/bin/docker-entrypoint.sh': postgresServer, '/usr/local/bin/postgres': postgresServer },
  }),
  defineImage({
    names: ['docker.io/library/memcached'],
    sizeBytes: 33_209_411,
    usage: { idleMillicores: 0.5, memoryMebibytes: 2 },
    entrypoint: ['docker-entrypoint.sh'],
    command: ['memcached'],
    programs: debianPrograms,
    natives: { '/usr/local/bin/docker-entrypoint.sh': (context) => listening(context, 11_211, '') },
  }),
];

function refuse(context: NativeContext, why: string): ReturnType<NativeProgram> {
  context.stderr(why);
  context.exit(1);
  return { signal() {} };
}

/** Accepts connections; the protocol is not spoken. */
function listening(context: NativeContext, port: number, line: string): ReturnType<NativeProgram> {
  context.network.listen(port, { accept: (socket) => socket.onData(() => socket.close()) });
  if (line !== '') context.stderr(line);
  return untilStopped(context);
}
