// The configuration versions (`<version>` of config.xml) of each pfSense release, so that the generator refuses a
// captured config of another release than the policy names.

/**
 * The configuration versions of one release; the version tells the schemas apart. CE and Plus number releases apart and
 * configurations together. Source: globals.inc of each release. Bounds between releases whose source was not read lie
 * where a schema changed (22.9 to 23.0: outbound NAT).
 */
interface ConfigVersionRange {
  /** Version of an assumed box of this release. */
  readonly writes: string;
  readonly least: string;
  readonly most: string;
}

const VERSIONS_2_6: ConfigVersionRange = { writes: '22.2', least: '22.0', most: '22.6' };
const VERSIONS_2_7_0: ConfigVersionRange = { writes: '22.9', least: '22.7', most: '22.9' };
const VERSIONS_2_7_1: ConfigVersionRange = { writes: '23.3', least: '23.0', most: '23.4' };
const VERSIONS_2_8: ConfigVersionRange = { writes: '24.0', least: '23.5', most: '24.2' };
const VERSIONS_NEWEST: ConfigVersionRange = { writes: '24.5', least: '24.3', most: '99.0' };

/** Returns the range of a release, or undefined for an unknown one: an older release, or a word. */
export function findVersionRange(version: string): ConfigVersionRange | undefined {
  const parts = /^(\d+)\.(\d+)(?:\.(\d+))?(?![\d])/.exec(version);
  if (!parts) return undefined;
  const [major, minor, patch] = [
    Number(parts[1]),
    Number(parts[2]),
    parts[3] === undefined ? undefined : Number(parts[3]),
  ];
  if (major === 2) {
    if (minor === 6) return VERSIONS_2_6;
    if (minor === 7)
      return patch === undefined
        ? { ...VERSIONS_2_7_1, least: VERSIONS_2_7_0.least }
        : patch === 0
          ? VERSIONS_2_7_0
          : VERSIONS_2_7_1;
    return minor === 8 ? VERSIONS_2_8 : minor === 9 ? VERSIONS_NEWEST : undefined;
  }
  if (major === 22) return VERSIONS_2_6;
  if (major === 23) return minor < 9 ? VERSIONS_2_7_0 : VERSIONS_2_7_1;
  return major === 24 ? VERSIONS_2_8 : major >= 25 && major < 100 ? VERSIONS_NEWEST : undefined;
}

/** Returns whether the configuration version belongs to the release. */
export function includesVersion({ least, most }: ConfigVersionRange, configuration: string): boolean {
  const number = toVersionNumber(configuration);
  return number !== undefined && toVersionNumber(least)! <= number && number <= toVersionNumber(most)!;
}

function toVersionNumber(version: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})$/.exec(version.trim());
  return parts ? Number(parts[1]) * 1000 + Number(parts[2]) : undefined;
}
