import { printAddress } from '../lib/net/address';
import { ALL_PORTS, PROTOCOL } from '../lib/net/packet';
import { Pair } from '../lib/policy/cpnat';
import { ServerPolicy } from '../lib/policy/policy';

// A server with cPanel that connects to its own public addresses, as cPanel does before it signs certificates. What it heard is told; no
// release is kept or undone for it, as it depends on others: on its gateway, which may be delivered later, and on what listens.

const CAME = ['itself', 'answered', 'silent', 'refused', 'unreachable'] as const;
const DID_NOT_ASK = ['unheard', 'foreign'] as const;

/** The result of a check of one line of /var/cpanel/cpnat, in the words of `agent/system/cpanel-loopback.sh`. */
interface Heard {
  readonly local: string;
  readonly public: string;
  readonly is: (typeof CAME)[number] | (typeof DID_NOT_ASK)[number];
  /** TCP. */
  readonly port?: number;
}

/** `more`: of further lines of the file nothing was asked. */
export type Loopback = { readonly heard: readonly Heard[]; readonly more: boolean } | { readonly notAsked: string };

/**
 * Ports that are asked by, the best first. cPanel asks by 53. What follows a change of the file restarts neither that nor the next ones; a
 * connection without a login to FTP or SSH counts as an attack there. Source: Cpanel::SSL::Auto::Run::NAT of cPanel & WHM (2022).
 */
const PORTS = [53, 2083, 2096, 2087, 993, 995, 143, 110, 443, 80, 465, 587, 25];

/** Of what a server opens to everybody: who else is let in says nothing of whom its gateway makes of it. */
export function loopbackPorts({ openings }: ServerPolicy): readonly number[] {
  const open = openings.entries.flatMap(({ protocol, ports, sources }) =>
    protocol !== PROTOCOL.tcp || sources !== 'anywhere' ? [] : ports === 'all' ? [ALL_PORTS] : ports,
  );
  return PORTS.filter((port) => open.some(({ first, last }) => first <= port && port <= last));
}

export const UNKNOWN_QUESTION: Loopback = {
  notAsked: 'its device program is too old for it: what cpanel-edge bootstrap prints updates it',
};
export const ODD: Loopback = { notAsked: 'what its device program answered is not understood' };
const WHY: Readonly<Record<string, string>> = {
  'no-perl': 'it has no Perl, which cPanel brings',
  failed: 'its Perl failed',
};

/** Of the section `loopback`, which is undefined where the program has none; one odd line makes all of it unknown. */
export function loopbackOf(lines: readonly string[] | undefined): Loopback {
  if (!lines) return UNKNOWN_QUESTION;
  const [first = ''] = lines;
  if (lines.length === 1 && Object.hasOwn(WHY, first)) return { notAsked: WHY[first]! };
  const pairs = lines.filter((line) => line !== 'more');
  const heard = pairs.flatMap((line) => heardOf(line) ?? []);
  const asked = new Set(heard.map(({ local, public: outside }) => `${local} ${outside}`));
  if (asked.size !== pairs.length || pairs.length > MOST_PAIRS || pairs.length < lines.length - 1) return ODD;
  return { heard, more: pairs.length < lines.length };
}

const MOST_PAIRS = 16;

function heardOf(line: string): Heard | undefined {
  const [, local, outside, port, word] =
    /^pair (\d[\d.]{6,14}) (\d[\d.]{6,14}) (-|[1-9]\d{0,4}) ([a-z]{1,20})$/.exec(line) ?? [];
  if (local === undefined || outside === undefined) return undefined;
  if (port === '-') {
    const is = DID_NOT_ASK.find((one) => one === word);
    return is && { local, public: outside, is };
  }
  const is = CAME.find((one) => one === word);
  return is && PORTS.includes(Number(port)) ? { local, public: outside, is, port: Number(port) } : undefined;
}

/** Why there is nothing to ask by. */
export const noPort = (server: ServerPolicy): Loopback | undefined =>
  loopbackPorts(server).length > 0 ? undefined : { notAsked: `it opens none of tcp ${PORTS.join(', ')} to everybody` };

/** Of one that was asked beside other things. */
export const loopbackFor = (server: ServerPolicy, said: Loopback | undefined): Loopback =>
  noPort(server) ?? said ?? UNKNOWN_QUESTION;

export interface Witnessed {
  readonly is: 'right' | 'wrong' | 'unknown';
  readonly seen: string;
}

/** Of one address. */
export function witnessed(loopback: Loopback, pair: Pair): Witnessed {
  const [local, outside] = [printAddress(pair.local), printAddress(pair.public)];
  const unasked = (why: string): Witnessed => ({ is: 'unknown', seen: `not asked from there, because ${why}` });
  if ('notAsked' in loopback) return unasked(loopback.notAsked);
  const heard = loopback.heard.find((one) => one.local === local && one.public === outside);
  if (!heard)
    return unasked(
      loopback.more
        ? `${outside} is not among the first ${MOST_PAIRS} lines of /var/cpanel/cpnat`
        : `/var/cpanel/cpnat does not have ${outside} for ${local}`,
    );
  const at = `tcp ${heard.port ?? ''} of ${outside}`;
  const wrong = (what: string): Witnessed => ({
    is: 'wrong',
    seen: `asked from there, ${what}, though something listens at ${local}: cPanel needs its own public address (cpnat/hairpin-missing)`,
  });
  switch (heard.is) {
    case 'itself':
      return { is: 'right', seen: `asked from there, ${at} comes back to it` };
    case 'answered':
      return {
        is: 'unknown',
        seen: `asked from there, somebody answers at ${at}: that it is the server itself was not seen`,
      };
    case 'silent':
      return wrong(`${at} does not answer`);
    case 'refused':
      return wrong(`${at} refuses`);
    case 'unreachable':
      return wrong(`${at} is not reached`);
    case 'unheard':
      return unasked(`nothing listens at ${local} on a port that it opens to everybody`);
    case 'foreign':
      return unasked(`${local} is no address of it`);
    default:
      return heard.is satisfies never;
  }
}
