// Named mutants of APF: single mistakes in its generated files.

import { Edit, Named, each, only } from '../text/edit';

const server = (name: string, edit: Edit): Named => ({
  name: `apf server: ${name}`,
  edit: only('apf', 'server', edit),
});

export const APF: readonly Named[] = [
  server(
    'cron stops it every five minutes',
    each(/(?<=^DEVEL_MODE=)"0"/m, () => '"1"'),
  ),
  server(
    'it is not started',
    each(/(?<=^RUN=)"yes"/m, () => '"no"'),
  ),
  server(
    'no such interface: nothing is loaded',
    each(/(?<=^IFACE_IN=")[^"]+/m, () => 'eth9'),
  ),
  server(
    'an interface is open',
    each(/(?<=^IFACE_TRUSTED=)""/m, () => '"eth0"'),
  ),
  server(
    'what is dropped passes',
    each(/(?<=^TCP_STOP=)"DROP"/m, () => '"ACCEPT"'),
  ),
  server(
    'who may reach a port may reach all',
    each(/^tcp:in:d=[\d_]+:s=/m, () => ''),
  ),
  server(
    'a line is for half the internet',
    each(/(?<=^tcp:in:.*:s=)\d.*(?<!\/1)$/m, () => '128.0.0.0/1'),
  ),
  server(
    'a port is open to everybody',
    each(/(?<=^IG_TCP_CPORTS=")(?=\d)/m, () => '3307,'),
  ),
  server(
    'a port has no end',
    each(/(?<=^IG_TCP_CPORTS="\d+)(?=[,"])/m, () => '_'),
  ),
  server(
    'redirects are heard',
    each(/(?<=^IG_ICMP_TYPES="0,3,)(?=\d)/m, () => '5,'),
  ),
  server(
    'errors are not heard',
    each(/(?<=^IG_ICMP_TYPES="0,)3,/m, () => ''),
  ),
  server(
    'resolvers come in',
    each(/^for i .*\n/m, () => ''),
  ),
  server(
    'what leaves is listed',
    each(/(?<=^EGF=)"0"/m, () => '"1"'),
  ),
];
