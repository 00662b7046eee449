// A status as a shape: filled, dashed, arc, notch, strike, tick or hatch. Colour only repeats it.
import type { StatusShape } from './pod-status.ts';

export function StatusGlyph({ shape }: { readonly shape: StatusShape }) {
  return (
    <svg className="glyph" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {drawings[shape]}
    </svg>
  );
}

const drawings: Readonly<Record<StatusShape, React.ReactNode>> = {
  running: <circle cx="6" cy="6" r="4.5" fill="currentColor" />,
  waiting: <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2 2" />,
  starting: (
    <>
      <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" opacity="0.3" />
      <path d="M6 1.5a4.5 4.5 0 1 1-4.3 3.2" fill="none" stroke="currentColor" strokeWidth="1.75" />
    </>
  ),
  failing: (
    <>
      <path d="M6 .8 11.6 11H.4z" fill="currentColor" />
      <path d="M6 4.2v3.4M6 8.7v1.2" stroke="var(--surface)" strokeWidth="1.4" />
    </>
  ),
  ending: (
    <>
      <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" opacity="0.6" />
      <path d="M1.5 10.5l9-9" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
  completed: <path d="M1.5 6.5l3 3 6-7" fill="none" stroke="currentColor" strokeWidth="1.9" />,
  unknown: (
    <>
      <rect x="1.5" y="1.5" width="9" height="9" fill="none" stroke="currentColor" strokeWidth="1.2" />
      <path d="M1.5 5.5l4-4M1.5 9.5l8-8M5 10.5L10.5 5" stroke="currentColor" strokeWidth="1.1" />
    </>
  ),
};
