/** Versions of terraform and of providers: three numbers. Pre-releases are nobody's choice here, so they don't parse. */
export type Version = readonly [number, number, number];

/** Null for anything but `1.2.3`. */
export function parseVersion(text: string): Version | null {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : null;
}

/** Negative when `a` is the older one. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
