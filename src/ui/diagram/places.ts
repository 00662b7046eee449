// Which place of its node each pod stands at: it keeps it for life, and a new pod takes the first free one.

/** Places in order; one that a pod has left is named `free-N`. */
export type Places = readonly string[];

/** `uids`: the pods of the node now, oldest first. */
export function arrange(before: Places, uids: readonly string[]): Places {
  const now = new Set(uids);
  const places = before.map((uid, i) => (now.has(uid) ? uid : `free-${i}`));
  const standing = new Set(places);
  for (const uid of uids) {
    if (standing.has(uid)) continue;
    const free = places.findIndex((place) => place.startsWith('free-'));
    if (free === -1) places.push(uid);
    else places[free] = uid;
  }
  while (places.at(-1)?.startsWith('free-')) places.pop();
  return places;
}
