import { parseCpnatLines } from '../../cpnat/evaluate-cpnat';
import { parseAddress } from '../../net/address';
import { isPrivate } from '../addresses';
import { createFactsFinder } from '../server-facts';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds a cpnat file on a server without NAT: each pair has one address twice, or all local addresses are public. The
 * file alone turns NAT mode on.
 */
export const flagWithoutNat: LintRule = {
  code: 'cpnat/flag-without-nat',
  severity: 'warning',
  title: 'NAT mode is on for a server without NAT',
  decidedBy: 'facts',
  explanation: {
    why: "The file's presence alone turns NAT mode on: WHM then asks for public addresses of what needs none, and build_cpnat may write others.",
    when: 'Found where the captured file has pairs of addresses, and each of them has one address twice, or all addresses of the server are public ones. Not found where a release turns NAT mode off.',
    remedy: "Take the file away; `natMode: 'off'` does.",
    source: NAT_PAGE,
  },
  find: createFactsFinder(({ cpnat }, { localAddresses, cpnat: cpnatIntent }) => {
    if (typeof cpnat !== 'object' || cpnatIntent?.natMode === 'off') return false;
    const lines = parseCpnatLines(cpnat).filter(
      (line) => parseAddress(line.local) !== undefined && parseAddress(line.public) !== undefined,
    );
    const isNeedless =
      lines.length > 0 &&
      (lines.every((line) => line.local === line.public) ||
        (localAddresses !== undefined && !localAddresses.some(isPrivate)));
    return (
      isNeedless && {
        what: '/var/cpanel/cpnat is there, and no address of the server is translated.',
        instead: "cpnat: { natMode: 'off' } on this server.",
      }
    );
  }),
};
