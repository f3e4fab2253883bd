/** What a release file of form 1 says (driver/release-file.ts). */
interface ReleaseParts {
  readonly role: string;
  readonly owner: string;
  readonly lease: string;
  readonly token: string;
  readonly digest: string;
  /** What on the device is the release's: `table NAME`. */
  readonly unit: string;
  readonly onRetract: string;
  /** `alias wan0 203.0.113.10/32` */
  readonly addresses: readonly string[];
  /** `outside 203.0.113.10`, `inside 10.0.0.10` */
  readonly claims: readonly string[];
  readonly text: string;
}

const HEAD = /^cpanel-edge-release 1\nrole (\S+)\nowner (\S+)\nlease (\S+)\ntoken (\S+)\ndigest (\S+)\n(.+)\non-retract (\S+)\n/;

/** Undefined where it is cut, or something else. */
export function releaseParts(file: string): ReleaseParts | undefined {
  const head = HEAD.exec(file);
  if (!head || !file.endsWith('\n')) return undefined;
  const [whole, role, owner, lease, token, digest, unit, onRetract] = head as unknown as string[] & { length: 8 };
  const lines = file.slice(whole!.length, -1).split('\n');
  const sections = ['addresses', 'claims', 'text'].map((name) => {
    const count = new RegExp(`^${name} (\\d{1,7})$`).exec(lines.shift() ?? '')?.[1] ?? '-1';
    const section = lines.splice(0, Math.max(Number(count), 0));
    return section.length === Number(count) ? section : undefined;
  });
  const [addresses, claims, text] = sections;
  if (!addresses || !claims || !text || lines.length > 0) return undefined;
  const said = { role: role!, owner: owner!, lease: lease!, token: token!, digest: digest!, unit: unit!, onRetract: onRetract! };
  return { ...said, addresses, claims, text: text.map((each) => `${each}\n`).join('') };
}
