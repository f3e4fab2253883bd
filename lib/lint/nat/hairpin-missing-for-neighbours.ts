import { printRangeList } from '../addresses';
import { getCpanelHosts } from '../find-cpanel-hosts';
import { canNeighboursReach } from '../hairpin';
import { createHostFinder } from '../owner-findings';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds cPanel hosts that no neighbour in their network reaches by their public address. The neighbours resolve the
 * host's names to it and run into timeouts.
 */
export const hairpinMissingForNeighbours: LintRule = {
  code: 'nat/hairpin-missing-for-neighbours',
  severity: 'warning',
  title: 'Hosts beside a server cannot reach it by its public address',
  decidedBy: 'text',
  explanation: {
    why: "Hosts beside the server look up its names and get its public address. Without reflection their mail, their sites' calls and their administrators' browsers run into a timeout, though all other clients get through.",
    when: 'Found for a cPanel host whose public address no other host of its own network gets to by the gateway. In the same network the source has to be translated too: else the answer goes past the gateway and is thrown away.',
    remedy:
      'Give the reflection the interface that the server is behind, or answer those names with the private address inside and acknowledge this.',
    source: NAT_PAGE,
  },
  find: createHostFinder(
    (gateway, subject) => getCpanelHosts(subject, gateway).filter((host) => !canNeighboursReach(gateway, host)),
    (hosts, addressRanges) => ({
      what: `Hosts in the network of ${printRangeList(hosts.map(({ internal }) => internal))} can't reach it by its public address ${printRangeList(addressRanges)}.`,
      instead:
        "reflection: { mode: 'pure-nat', from: [...] } with the interface of the server; or names that lead to the private address inside, acknowledged.",
    }),
  ),
};
