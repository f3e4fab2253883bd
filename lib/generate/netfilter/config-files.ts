// Helpers of the generators of csf and APF, programs that make rules from their own files: they print files, owner
// marks and port ranges, and check the protocols and the number of lines.

import { Prefix, toPrefixes } from '../../net/address';
import { NumberRange } from '../../net/device';
import { AllowRule } from '../../policy/policy';
import { Problem } from '../../problems/problem';
import { GrantPeers, listUnsupportedProtocols } from './port-grants';

/** Prints a file in the format of `tail -v -n +1`. */
export const printFile = (path: string, lines: readonly string[]): string =>
  `==> ${path} <==\n${lines.map((line) => `${line}\n`).join('')}`;

/** Wraps an owner's lines in marks that set them apart from other lines. */
export const wrapInMarks = (mark: string, lines: readonly string[]): readonly string[] => [
  `${mark} begin`,
  ...lines,
  `${mark} end`,
];

/** Prints a range of ports. `separator`: what stands between its ends. */
export const printPortRange = ({ first, last }: NumberRange, separator: string): string =>
  first === last ? `${first}` : `${first}${separator}${last}`;

/** Returns the prefixes of the peers: the file takes one line for each. */
export const toPeerPrefixes = (peers: GrantPeers): readonly Prefix[] =>
  peers === 'anywhere' ? [] : peers.flatMap(toPrefixes);

/**
 * Returns a problem for each protocol that no line can express. `says` describes the lines, and `allow` names the file
 * that has them.
 */
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

/** Returns a problem if there are too many lines: each is loaded as a rule of its own. */
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
