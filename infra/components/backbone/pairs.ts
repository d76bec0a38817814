/** Two ends, each in its own region, that are peered. */
export interface PeeringPair<End> {
  /** `<requester>-<accepter>`, by region; the same whatever other regions there are. */
  name: string;
  /** The one whose region is alphabetically first. */
  requester: End;
  accepter: End;
}

/** Every pair of a full mesh over ends in distinct regions, each once, whatever the order in which they are given. */
export function peeringPairs<End extends { region: string }>(
  ends: readonly End[],
): PeeringPair<End>[] {
  const sorted = [...ends].sort((a, b) => (a.region < b.region ? -1 : 1));
  return sorted.flatMap((requester, index) =>
    sorted.slice(index + 1).map((accepter) => ({
      name: `${requester.region}-${accepter.region}`,
      requester,
      accepter,
    })),
  );
}
