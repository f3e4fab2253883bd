import { Translation } from '../../reachability/exposure';
import { printRange } from '../../net/address';
import { Range, contains } from '../../net/range';
import { some } from '../addresses';
import { cpanelHostsOf } from '../cpanel-hosts';
import { Host, leavingIn, leavingOf } from '../hosts';
import { viewsFrom } from '../owners';
import { perGatewayOfHosts } from '../per-owner';
import { SubjectOwner } from '../subject';
import { LintRule } from '../rule';
import { NAT_PAGE } from '../sources';

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
  find: perGatewayOfHosts(
    (gateway, subject) => {
      const changed = portsChanged(gateway);
      return cpanelHostsOf(subject, gateway).filter((host) => isShared(gateway, host) || isIn(changed, host.outside));
    },
    (found) => ({
      what: `${some(found.map(({ inside, outside }) => `${printRange(inside)} shares the public address ${printRange(outside)}`))}: cPanel & WHM needs a 1:1 NAT.`,
      instead: 'A public address of its own, and a 1:1 NAT both ways.',
    }),
  ),
};

function isShared(gateway: SubjectOwner, { outside, inside }: Host): boolean {
  const { policy, device } = gateway;
  if (outside.first !== outside.last || inside.first !== inside.last)
    return outside.last - outside.first !== inside.last - inside.first;
  const own =
    !policy && device.interfaces.some(({ addresses }) => addresses.some(({ address }) => address === outside.first));
  const ways = [...leavingOf(gateway).values()].flatMap((list) => leavingIn(list, inside));
  const asOthers = ways.some(({ translations }) =>
    translations.some(({ source }) => source.is === 'set' && source.to === outside.first),
  );
  return own || asOthers;
}

/** Public addresses at which some port leads to another. */
const portsChanged = (gateway: SubjectOwner): readonly Range[] =>
  viewsFrom(gateway, true).flatMap(({ translations }) =>
    translations
      .where((one: Translation) => one.port !== 'kept')
      .groups('destination')
      .flatMap(({ ranges }) => ranges),
  );

const isIn = (ranges: readonly Range[], outside: Range): boolean =>
  ranges.some((range) => contains(range, outside.first));
