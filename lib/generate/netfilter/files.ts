import { Prefix, prefixesOf } from '../../net/address';
import { NumberRange } from '../../net/device';
import { Opening } from '../../policy/policy';
import { Problem } from '../../problems/problem';
import { Peers, unsayable } from './grants';

// For programs that make rules of files of their own: settings for everybody, and lines for whoever is named.

/** As `tail -v -n +1` prints it. */
export const printedFile = (path: string, lines: readonly string[]): string =>
  `==> ${path} <==\n${lines.map((line) => `${line}\n`).join('')}`;

/** What is an owner's among the lines of others. */
export const between = (mark: string, lines: readonly string[]): readonly string[] => [
  `${mark} begin`,
  ...lines,
  `${mark} end`,
];

/** `to`: what stands between the ends of a range. */
export const portsText = ({ first, last }: NumberRange, to: string): string =>
  first === last ? `${first}` : `${first}${to}${last}`;

/** One line for each. */
export const networksOf = (peers: Peers): readonly Prefix[] => (peers === 'anywhere' ? [] : peers.flatMap(prefixesOf));

/** What no line says: `says` is what they do, and `allow` the file that has them. */
export const otherProtocols = (
  entries: readonly Pick<Opening, 'protocol' | 'ports'>[],
  { name, says, allow }: { readonly name: string; readonly says: string; readonly allow: string },
): readonly Problem[] =>
  unsayable(entries).map((protocol) => ({
    code: 'protocol',
    where: `openings ${name}`,
    what: `${says}: of protocol ${protocol} it can say nothing.`,
    instead: `no opening for it, and a line of its own for the peer in ${allow}, which opens everything to that peer; or another platform.`,
  }));

/** Each is loaded as a rule of its own. */
export const tooManyLines = (
  device: string,
  lines: readonly unknown[],
  most: number,
  takes: string,
): readonly Problem[] =>
  lines.length <= most
    ? []
    : [
        {
          code: 'too-many-lines',
          where: `device ${device}`,
          what: `It takes ${lines.length} lines of ${takes}: at most ${most}.`,
          instead: 'fewer and wider networks, or ports that touch.',
        },
      ];
