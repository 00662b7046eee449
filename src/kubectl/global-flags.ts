// The flags that every command takes (`kubectl options`).
import { type Flag, flag } from './flags.ts';

export function globalFlags(home: string): readonly Flag[] {
  return [
    flag.string('as', 'Act as this user: a plain user or the service account of a namespace.'),
    flag.stringArray('as-group', 'Act as a member of this group; may be repeated.'),
    flag.string('as-uid', 'Act with this UID.'),
    flag.stringArray('as-user-extra', 'Act with these extra attributes (key=value); may be repeated.'),
    flag.string('cache-dir', 'Directory of the cache', { default: `${home}/.kube/cache` }),
    flag.string('certificate-authority', "File with the certificate authority's certificate"),
    flag.string('client-certificate', 'File with the client certificate for TLS'),
    flag.string('client-key', 'File with the client key for TLS'),
    flag.string('cluster', "Name of the kubeconfig's cluster to use", {
      completes: { kind: 'kubeconfig', of: 'clusters' },
    }),
    flag.string('context', "Name of the kubeconfig's context to use", {
      completes: { kind: 'kubeconfig', of: 'contexts' },
    }),
    flag.bool('disable-compression', 'Ask the server for uncompressed responses', {
      idle: 'answers are never compressed on their way here',
    }),
    flag.bool('insecure-skip-tls-verify', "Do not verify the server's certificate. This makes HTTPS insecure"),
    flag.string('kubeconfig', 'The kubeconfig file to use'),
    flag.string('kuberc', 'The kuberc file with preferences. KUBECTL_KUBERC=false or KUBERC=off turns it off.'),
    flag.logDuration('log-flush-frequency', 'Longest time between two flushes of the log', {
      default: '5s',
      idle: 'each line is written at once',
    }),
    flag.bool('match-server-version', "Fail unless server's and client's versions are the same"),
    flag.string('namespace', 'The namespace of this request', {
      shorthand: 'n',
      completes: { kind: 'names', of: 'namespaces' },
    }),
    flag.string('password', 'Password for basic authentication'),
    flag.string('profile', 'Profile to record: none, cpu, heap, goroutine, threadcreate, block, mutex or trace', {
      default: 'none',
    }),
    flag.string('profile-output', 'File for the recorded profile', {
      default: 'profile.pprof',
      idle: 'a profile to write is refused',
    }),
    flag.string('request-timeout', 'How long to wait for one request, with a unit (1s, 2m, 3h). Zero waits for ever.', {
      default: '0',
    }),
    flag.string('server', 'Address and port of the Kubernetes API server', { shorthand: 's' }),
    flag.string('tls-server-name', "Name to check the server's certificate against; the host's name where absent"),
    flag.string('token', 'Bearer token for the API server'),
    flag.string('user', "Name of the kubeconfig's user to use", { completes: { kind: 'kubeconfig', of: 'users' } }),
    flag.string('username', 'Name for basic authentication'),
    flag.int('v', 'Verbosity of the log', { shorthand: 'v' }),
    flag.logLevels('vmodule', 'Log levels by file (pattern=N, comma separated)', {
      idle: 'whatever it names is refused',
    }),
    flag.bool('warnings-as-errors', "Fail when the server's answer carries a warning"),
  ];
}
