import { Prefix, toPrefixes } from '../../net/address';
import { NumberRange } from '../../net/device';
import { AllowRule } from '../../policy/policy';
import { Problem } from '../../problems/problem';
import { GrantPeers, listUnsupportedProtocols } from './port-grants';

// For programs that make rules of files of their own: settings for everybody, and lines for whoever is named.

/** As `tail -v -n +1` prints it. */
export const printFile = (path: string, lines: readonly string[]): string =>
  `==> ${path} <==\n${lines.map((line) => `${line}\n`).join('')}`;

/** What is an owner's among the lines of others. */
export const wrapInMarks = (mark: string, lines: readonly string[]): readonly string[] => [
  `${mark} begin`,
  ...lines,
  `${mark} end`,
];

/** `to`: what stands between the ends of a range. */
export const printPortRange = ({ first, last }: NumberRange, separator: string): string =>
  first === last ? `${first}` : `${first}${separator}${last}`;

/** One line for each. */
export const toPeerPrefixes = (peers: GrantPeers): readonly Prefix[] =>
  peers === 'anywhere' ? [] : peers.flatMap(toPrefixes);

/** What no line says: `says` is what they do, and `allow` the file that has them. */
export const checkProtocols = (
  entries: readonly Pick<AllowRule, 'protocol' | 'ports'>[],
  { name, says: syntax, allow: allowFile }: { readonly name: string; readonly says: string; readonly allow: string },
): readonly Problem[] =>
  listUnsupportedProtocols(entries).map((protocol) => ({
    code: 'protocol',
    where: `openings ${name}`,
    what: `${syntax}: of protocol ${protocol} it can say nothing.`,
    instead: `no opening for it, and a line of its own for the peer in ${allowFile}, which opens everything to that peer; or another platform.`,
  }));

/** Each is loaded as a rule of its own. */
export const checkLineCount = (
  device: string,
  lines: readonly unknown[],
  maxLines: number,
  description: string,
): readonly Problem[] =>
  lines.length <= maxLines
    ? []
    : [
        {
          code: 'too-many-lines',
          where: `device ${device}`,
          what: `It takes ${lines.length} lines of ${description}: at most ${maxLines}.`,
          instead: 'fewer and wider networks, or ports that touch.',
        },
      ];
