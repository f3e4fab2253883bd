import { groupBy } from '../net/group-by';
import { PROTOCOL } from '../net/packet';
import { Listening, ServerFacts } from './policy';

/** Lines `fact what: how` of a plan, unsorted. */
export const factLines = (facts: ServerFacts): readonly string[] => [
  ...Object.entries(SPELLED).flatMap(([what, spell]) => {
    const how = spell(facts);
    return how === undefined ? [] : [`fact ${what}: ${how}`];
  }),
  ...[...groupBy(facts.listens ?? [], ({ program }) => program)].map(
    ([program, all]) => `fact ${program} listens: ${ports(all)}`,
  ),
];

const SPELLED: Readonly<Record<string, (facts: ServerFacts) => string | undefined>> = {
  system: ({ system }) => system,
  cpanel: ({ cpanel }) => cpanel,
  accounts: ({ hasAccounts }) => yesOrNo(hasAccounts),
  'roles off': ({ rolesOff }) => rolesOff && named(rolesOff),
  'service subdomains': ({ serviceSubdomains }) => yesOrNo(serviceSubdomains),
  'panel redirects to tls': ({ redirectsToTls }) => yesOrNo(redirectsToTls),
  autossl: ({ autossl }) => autossl,
  'exim offers old tls': ({ eximOldTls }) => yesOrNo(eximOldTls),
  'passive ftp': ({ passiveFtp }) => passiveFtp && `${passiveFtp.first}-${passiveFtp.last}`,
  firewalls: ({ firewalls }) => firewalls && named(firewalls),
  'firewall script planned': ({ plans }) => plans && named(plans),
  'lines of cpnat': ({ cpnat }) => (typeof cpnat === 'string' ? cpnat : cpnat && named(cpnat)),
  myip: ({ myip }) => myip,
};

const yesOrNo = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'yes' : 'no';
const named = (all: readonly string[]): string => (all.length === 0 ? 'none' : all.join(', '));

const ports = (all: readonly Listening[]): string =>
  [PROTOCOL.tcp, PROTOCOL.udp]
    .flatMap((protocol) => {
      const mine = all.flatMap((one) => (one.protocol === protocol ? [one.port] : []));
      return mine.length === 0 ? [] : [`${protocol === PROTOCOL.tcp ? 'tcp' : 'udp'} ${mine.join(',')}`];
    })
    .join('; ');
