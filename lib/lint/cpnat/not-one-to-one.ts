import { Translation } from '../../reachability/reachability';
import { printRange } from '../../net/address';
import { Range, contains } from '../../net/range';
import { printList } from '../addresses';
import { getCpanelHosts } from '../find-cpanel-hosts';
import { TranslatedHost, selectLeaving, getLeavingSources } from '../translated-hosts';
import { selectViews } from '../owners';
import { createHostFinder } from '../owner-findings';
import { SubjectOwner } from '../lint-subject';
import { LintRule } from '../lint-rule';
import { NAT_PAGE } from '../source-documents';

/**
 * Finds cPanel hosts that share their public address with the gateway or other hosts, or get port forwards of it.
 * cPanel needs one public address for each private one.
 */
export const notOneToOne: LintRule = {
  code: 'cpnat/not-one-to-one',
  severity: 'error',
  title: 'A cPanel server is behind port forwards, not behind a 1:1 NAT',
  decidedBy: 'text',
  explanation: {
    why: 'cPanel & WHM works behind a NAT only where one public address stands for one private address. A server that shares its public address, with the gateway itself or with other hosts, gets wrong addresses in DNS, mail and licence.',
    when: "Found for a cPanel host whose public address is the gateway's own, is shared by others that leave as it, or leads to its ports by other numbers. Our own mappings are 1:1 always; what stands around them on a gateway may not be.",
    remedy: 'Give the server a public address of its own and a 1:1 NAT.',
    source: NAT_PAGE,
  },
  find: createHostFinder(
    (gateway, subject) => {
      const portForwarded = getPortForwardedRanges(gateway);
      return getCpanelHosts(subject, gateway).filter(
        (host) => isShared(gateway, host) || containsFirst(portForwarded, host.external),
      );
    },
    (hosts) => ({
      what: `${printList(hosts.map(({ internal, external }) => `${printRange(internal)} shares the public address ${printRange(external)}`))}: cPanel & WHM needs a 1:1 NAT.`,
      instead: 'A public address of its own, and a 1:1 NAT both ways.',
    }),
  ),
};

function isShared(gateway: SubjectOwner, { external, internal }: TranslatedHost): boolean {
  const { policy, device } = gateway;
  if (external.first !== external.last || internal.first !== internal.last)
    return external.last - external.first !== internal.last - internal.first;
  const isGatewayAddress =
    !policy && device.interfaces.some(({ addresses }) => addresses.some(({ address }) => address === external.first));
  const leavingSources = [...getLeavingSources(gateway).values()].flatMap((list) => selectLeaving(list, internal));
  const isSourceShared = leavingSources.some(({ translations }) =>
    translations.some(({ source }) => source.is === 'set' && source.to === external.first),
  );
  return isGatewayAddress || isSourceShared;
}

/** Returns the public addresses at which some port is translated to another. */
const getPortForwardedRanges = (gateway: SubjectOwner): readonly Range[] =>
  selectViews(gateway, true).flatMap(({ translations }) =>
    translations
      .select((translation: Translation) => translation.port !== 'kept')
      .groupAlong('destination')
      .flatMap(({ ranges }) => ranges),
  );

const containsFirst = (ranges: readonly Range[], external: Range): boolean =>
  ranges.some((range) => contains(range, external.first));
