// The page's icons: sixteen by sixteen, drawn in the colour of the text.

export type IconName = keyof typeof drawings;

const drawings = {
  mark: (
    <>
      <rect width="16" height="16" rx="4" fill="var(--accent-fill)" />
      <path d="M4 5h8M8 5v7" stroke="#fff" strokeWidth="2" fill="none" />
    </>
  ),
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" stroke="currentColor" strokeWidth="2" />,
  play: <path d="M5 3l8 5-8 5z" fill="currentColor" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="3" stroke="currentColor" strokeWidth="1.5" fill="none" />
      <path
        d="M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M13 3l-1.4 1.4M4.4 11.6L3 13"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </>
  ),
  moon: (
    <path d="M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z" stroke="currentColor" strokeWidth="1.5" fill="none" />
  ),
  help: (
    <>
      <circle cx="8" cy="8" r="6.25" stroke="currentColor" strokeWidth="1.5" fill="none" />
      <path d="M6.2 6.3a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.8.6-.8 1.2" stroke="currentColor" strokeWidth="1.4" fill="none" />
      <circle cx="8" cy="11.3" r=".9" fill="currentColor" />
    </>
  ),
  book: (
    <path
      d="M3 3h4a1 1 0 0 1 1 1v9a1 1 0 0 0-1-1H3zM13 3H9a1 1 0 0 0-1 1v9a1 1 0 0 1 1-1h4z"
      stroke="currentColor"
      strokeWidth="1.4"
      fill="none"
    />
  ),
  fold: <path d="M9.5 3.5L5 8l4.5 4.5" stroke="currentColor" strokeWidth="1.6" fill="none" />,
} as const;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}
