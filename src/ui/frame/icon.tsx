// The page's icons: sixteen by sixteen, drawn in the colour of the text.

const outlines = {
  sun: 'M11 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6L13 13M13 3l-1.4 1.4M4.4 11.6L3 13',
  moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
  help: 'M14.2 8A6.2 6.2 0 1 1 1.8 8a6.2 6.2 0 0 1 12.4 0zM6.2 6.3a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.8.6-.8 1.2M8 11.3h.01',
  book: 'M3 3h4a1 1 0 0 1 1 1v9a1 1 0 0 0-1-1H3zM13 3H9a1 1 0 0 0-1 1v9a1 1 0 0 1 1-1h4z',
  reload: 'M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3',
  close: 'M4 4l8 8M12 4l-8 8',
  find: 'M10.4 10.4L14 14M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0z',
  map: 'M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM6 9.5h4v4H6zM6.5 4.5h3M5 6.5l2 3M11 6.5l-2 3',
  terminal: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8 10.5h3',
  inspect: 'M3 2.5h7l3 3v8H3zM5.5 7h5M5.5 9.5h5M5.5 4.5h3',
  yaml: 'M6 2.5c-2.5 0-1 4-3.5 5.5C5 9.5 3.5 13.5 6 13.5M10 2.5c2.5 0 1 4 3.5 5.5-2.5 1.5-1 5.5-3.5 5.5',
  browser: 'M2 3h12v10H2zM2 6h12M4 4.5h.01M6 4.5h.01',
  dashboard: 'M2.5 2.5h5v6h-5zM9.5 2.5h4v3h-4zM9.5 7.5h4v6h-4zM2.5 10.5h5v3h-5z',
  trace: 'M3.5 3v10M3.5 3.5h.01M3.5 8h.01M3.5 12.5h.01M6.5 3.5h7M6.5 8h5M6.5 12.5h6',
  share:
    'M5 8l6-3.5M5 8l6 3.5M4 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM12 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM12 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  plus: 'M8 3v10M3 8h10',
} as const;

const solids = {
  pause: 'M4.5 3.5h2v9h-2zM9.5 3.5h2v9h-2z',
  play: 'M5 3l8 5-8 5z',
} as const;

const paths: Readonly<Record<IconName, string>> = { ...outlines, ...solids };

export type IconName = keyof typeof outlines | keyof typeof solids;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className={`icon ${name in solids ? 'is-solid' : ''}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

/** The sign of Tabernetes. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 16 16" aria-hidden="true">
      <rect width="16" height="16" rx="4" />
      <path d="M4 5h8M8 5v7" />
    </svg>
  );
}
