// The packed data of moment-timezone: a text for each zone, and `zone|other name` for each link.
declare module 'moment-timezone/data/packed/latest.json' {
  const packed: { readonly zones: readonly string[]; readonly links: readonly string[] };
  export default packed;
}
