// Prints the facts about a server in a policy (system, cPanel version, listening ports and others) as lines of a
// Terraform plan.

import { groupBy } from '../net/group-by';
import { PROTOCOL } from '../net/packet';
import { ListeningPort, ServerFacts } from './policy';

/** Returns the lines `fact what: how` of a plan, unsorted. */
export const printFacts = (facts: ServerFacts): readonly string[] => [
  ...Object.entries(FACT_PRINTERS).flatMap(([factName, printFact]) => {
    const value = printFact(facts);
    return value === undefined ? [] : [`fact ${factName}: ${value}`];
  }),
  ...[...groupBy(facts.listens ?? [], ({ program }) => program)].map(
    ([program, listeners]) => `fact ${program} listens: ${printListeningPorts(listeners)}`,
  ),
];

const FACT_PRINTERS: Readonly<Record<string, (facts: ServerFacts) => string | undefined>> = {
  system: ({ system }) => system,
  cpanel: ({ cpanel }) => cpanel,
  accounts: ({ hasAccounts }) => printYesOrNo(hasAccounts),
  'roles off': ({ rolesOff }) => rolesOff && printNames(rolesOff),
  'service subdomains': ({ serviceSubdomains }) => printYesOrNo(serviceSubdomains),
  'panel redirects to tls': ({ redirectsToTls }) => printYesOrNo(redirectsToTls),
  autossl: ({ autossl }) => autossl,
  'exim offers old tls': ({ eximOldTls }) => printYesOrNo(eximOldTls),
  'passive ftp': ({ passiveFtp }) => passiveFtp && `${passiveFtp.first}-${passiveFtp.last}`,
  firewalls: ({ firewalls }) => firewalls && printNames(firewalls),
  'firewall script planned': ({ plans }) => plans && printNames(plans),
  'lines of cpnat': ({ cpnat }) => (typeof cpnat === 'string' ? cpnat : cpnat && printNames(cpnat)),
  myip: ({ myip }) => myip,
};

const printYesOrNo = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : value ? 'yes' : 'no';
const printNames = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

const printListeningPorts = (listeners: readonly ListeningPort[]): string =>
  [PROTOCOL.tcp, PROTOCOL.udp]
    .flatMap((protocol) => {
      const numbers = listeners.flatMap((listener) => (listener.protocol === protocol ? [listener.port] : []));
      return numbers.length === 0 ? [] : [`${protocol === PROTOCOL.tcp ? 'tcp' : 'udp'} ${numbers.join(',')}`];
    })
    .join('; ');
