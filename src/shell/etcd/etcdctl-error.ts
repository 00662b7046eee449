// What ends etcdctl with a status of its own.

/** What etcdctl prints after `Error: `. */
export class EtcdctlError extends Error {
  override name = 'EtcdctlError';
  constructor(
    message: string,
    readonly status = 1,
  ) {
    super(message);
  }
}
