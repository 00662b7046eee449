// The seam between programs and the learner's desktop: windows that a program asks to open beside the terminal.

/** What should open. A desktop without windows (a script's) ignores it. */
export type DesktopRequest =
  | { readonly kind: 'browser'; readonly url: string }
  | { readonly kind: 'dashboard'; readonly url: string };

/** The windows of the page that the terminal is in. */
export interface DesktopPort {
  open(request: DesktopRequest): void;
}
