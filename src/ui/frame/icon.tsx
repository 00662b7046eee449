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
  reload: <path d="M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3" stroke="currentColor" strokeWidth="1.4" fill="none" />,
  close: <path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" strokeWidth="1.4" fill="none" />,
  find: (
    <path
      d="M10.4 10.4L14 14M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0z"
      stroke="currentColor"
      strokeWidth="1.4"
      fill="none"
    />
  ),
  map: (
    <path
      d="M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM6 9.5h4v4H6zM6.5 4.5h3M5 6.5l2 3M11 6.5l-2 3"
      stroke="currentColor"
      strokeWidth="1.3"
      fill="none"
    />
  ),
  terminal: <path d="M2 3h12v10H2zM4.5 6l2 2-2 2M8 10.5h3" stroke="currentColor" strokeWidth="1.3" fill="none" />,
  inspect: (
    <path d="M3 2.5h7l3 3v8H3zM5.5 7h5M5.5 9.5h5M5.5 4.5h3" stroke="currentColor" strokeWidth="1.3" fill="none" />
  ),
  yaml: (
    <path
      d="M6 2.5c-2.5 0-1 4-3.5 5.5 2.5 1.5 1 5.5 3.5 5.500M10 2.500c2.5 0 1 4 3.5 5.5-2.5 1.5-1 5.5-3.5 5.5"
      stroke="currentColor"
      strokeWidth="1.4"
      fill="none"
    />
  ),
  browser: (
    <path d="M2 3h12v10H2zM2 6h12M4 4.500h.01M6 4.500h.01" stroke="currentColor" strokeWidth="1.3" fill="none" />
  ),
  dashboard: (
    <path
      d="M2.5 2.500h5v6h-5zM9.5 2.500h4v3h-4zM9.5 7.500h4v6h-4zM2.5 10.500h5v3h-5z"
      stroke="currentColor"
      strokeWidth="1.3"
      fill="none"
    />
  ),
  trace: (
    <path
      d="M3.5 3.500h.01M3.5 8h.01M3.5 12.500h.01M3.5 3v10M6.5 3.500h7M6.5 8h5M6.5 12.500h6"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      fill="none"
    />
  ),
  share: (
    <path
      d="M5 8l6-3.500M5 8l6 3.500M4 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM12 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4z"
      stroke="currentColor"
      strokeWidth="1.3"
      fill="none"
    />
  ),
  plus: <path d="M8 3v10M3 8h10" stroke="currentColor" strokeWidth="1.4" fill="none" />,
} as const;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}
