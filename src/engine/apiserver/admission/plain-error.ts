// What upstream's plugins say without saying what sort of error it is.
import { ApiError } from '../../../api/status.ts';

/** A status 500 that is nothing but its message. */
export function plainError(message: string): ApiError {
  return new ApiError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 500 });
}
