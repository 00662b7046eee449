// What a program runs with that was started by another machine's daemon: its output and input as promises.
import type { Attachment } from '../api/docker.ts';
import type { Cancellation } from '../api/ports.ts';
import { CannotExecute, type HostedEvents, type HostedHandle } from '../api/program.ts';
import { encodeUtf8 } from '../base/bytes.ts';
import type { Driver } from './driver.ts';
import { Inbox } from './inbox.ts';

type Piece = { readonly stream: 1 | 2; readonly bytes: Uint8Array };

/** `begin` starts it; what it returns takes input and signals. */
export function attachment(
  driver: Driver,
  begin: (events: HostedEvents) => Omit<HostedHandle, 'resize'> & Partial<HostedHandle>,
): Attachment {
  const inbox = new Inbox<Piece>(driver);
  let code = 0;
  const events: HostedEvents = {
    output: (stream, bytes) => inbox.put({ stream, bytes }),
    exited(exit) {
      code = exit;
      inbox.end();
    },
    failed(error) {
      code = error instanceof CannotExecute && error.reason === 'notExecutable' ? 126 : 127;
      inbox.put({ stream: 2, bytes: encodeUtf8(`${error.message}\n`) });
      inbox.end();
    },
  };
  const handle = begin(events);
  return {
    read: (cancel?: Cancellation) => inbox.take(cancel),
    write: (bytes) => handle.input(bytes),
    closeInput: () => handle.inputEnded(),
    signal: (signal) => handle.signal(signal),
    resize: (columns, rows) => handle.resize?.(columns, rows),
    exitCode: () => code,
    close: () => inbox.end(),
  };
}
