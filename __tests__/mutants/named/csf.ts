// Named mutants of csf: single mistakes in its generated files.

import { Edit, Named, each, only } from '../text/edit';

const server = (name: string, edit: Edit): Named => ({
  name: `csf server: ${name}`,
  edit: only('csf', 'server', edit),
});

export const CSF: readonly Named[] = [
  server(
    'everything is open after minutes',
    each(/(?<=^TESTING = )"0"/m, () => '"1"'),
  ),
  server(
    'IPv6 is not asked for',
    each(/(?<=^IPV6 = )"1"/m, () => '"0"'),
  ),
  server(
    'no session is known, and high ports are open',
    each(/(?<=^LF_SPI = )"1"/m, () => '"0"'),
  ),
  server(
    'what is dropped passes',
    each(/(?<=^DROP = )"DROP"/m, () => '"ACCEPT"'),
  ),
  server(
    'an interface is open',
    each(/(?<=^ETH_DEVICE_SKIP = )""/m, () => '"eth0"'),
  ),
  server(
    'who may reach a port may reach all',
    each(/^tcp\|in\|d=[\d_,]+\|s=/m, () => ''),
  ),
  server(
    'who is blocked gets in',
    each(/^(tcp|icmp)\|in\|.* # do not delete\n/m, () => ''),
  ),
  server(
    'a line is for half the internet',
    each(/(?<=^tcp\|in\|.*\|s=)\d.*(?<!\/1|delete)$/m, (found) =>
      /^([\d.]+)(\/\d+)?$/.test(found[0]) ? '128.0.0.0/1' : undefined,
    ),
  ),
  server(
    'a port is open to everybody',
    each(/(?<=^TCP_IN = ")(?=\d)/m, () => '3307,'),
  ),
  server(
    'a port is open by IPv6',
    each(/(?<=^UDP6_IN = ")/m, () => '161'),
  ),
  server(
    'a list of ports that csf refuses',
    each(/(?<=^TCP_IN = "\d+),/m, () => ';'),
  ),
  server(
    'two ports become one',
    each(/(?<=^TCP_IN = "\d+),(?=\d+)/m, () => ' '),
  ),
  server(
    'who asks for names reaches everything',
    each(/(?<=^DNS_STRICT = )"1"(?=(?:\n.*)*\nTCP_OUT = "(?!0:65535))/m, () => '"0"'),
  ),
  server(
    'what may not leave leaves',
    each(/(?<=^DROP_OUT = )"DROP"(?=(?:\n.*)*\nTCP_OUT = "(?!0:65535))/m, () => '"ACCEPT"'),
  ),
];
