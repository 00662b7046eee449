// The seam between programs and the learner's desktop: windows that a program asks to open beside the terminal.
import type { Cancellation } from './ports.ts';

/** What should open. A desktop without windows (a script's) ignores it. */
export type DesktopRequest =
  | { readonly kind: 'browser'; readonly url: string }
  | { readonly kind: 'dashboard'; readonly url: string };

/** The windows of the page that the terminal is in. */
export interface DesktopPort {
  open(request: DesktopRequest): void;
  /** Opens a file of the learner's machine in the editor; resolves once it has been closed there, saved or not. */
  edit(path: string, cancel: Cancellation): Promise<void>;
}

/** What the browser of the learner's machine got from an address. */
export type FetchedPage =
  | {
      readonly kind: 'page';
      /** Where redirects have led. */
      readonly url: string;
      readonly status: number;
      readonly statusText: string;
      readonly contentType: string;
      readonly body: string;
      /** The body was longer than is shown. */
      readonly cut: boolean;
    }
  /** `code` is the browser's, e.g. `ERR_CONNECTION_REFUSED`; `message` its sentence. */
  | { readonly kind: 'failed'; readonly url: string; readonly code: string; readonly message: string };
