// Compares the table of cPanel's ports, the services and the presets with cPanel's documentation (version 112), cell by
// cell.

import {
  LICENCE_CALLBACK_PORTS_112,
  LOCAL_PORTS_112,
  PORT_TABLE_112,
  PortRow,
} from '../../lib/intent/data/cpanel-ports-112';
import { PRESETS } from '../../lib/intent/data/presets';
import { OUTBOUND_SERVICES, SERVICES, ServicePort } from '../../lib/intent/data/services';

const row = (port: number): PortRow => PORT_TABLE_112.find((one) => one.port === port)!;
const ticks = (rows: readonly PortRow[]): number =>
  rows.reduce(
    (sum, one) => sum + one.protocols.length + Number(one.inbound) + Number(one.outbound) + Number(one.localhost),
    0,
  );
const portsWhere = (wanted: (one: PortRow) => boolean): readonly number[] =>
  PORT_TABLE_112.filter(wanted).map(({ port }) => port);

describe('the table of version 112', () => {
  test('has 41 rows with 99 ticks, in ascending order', () => {
    expect(PORT_TABLE_112).toHaveLength(41);
    expect(ticks(PORT_TABLE_112)).toBe(99);
    expect(PORT_TABLE_112.map(({ port }) => port)).toEqual([
      1, 7, 20, 21, 22, 25, 26, 37, 43, 53, 80, 110, 113, 143, 443, 465, 579, 587, 783, 873, 953, 993, 995, 2077, 2078,
      2079, 2080, 2082, 2083, 2086, 2087, 2089, 2091, 2095, 2096, 2195, 2703, 3306, 6277, 11371, 24441,
    ]);
  });

  test('has the directions of the document', () => {
    expect(portsWhere((one) => one.inbound && !one.outbound)).toEqual([
      22, 110, 143, 993, 995, 2082, 2083, 2086, 2087, 2091, 2095, 2096, 3306,
    ]);
    expect(portsWhere((one) => one.outbound && !one.inbound)).toEqual([
      1, 7, 37, 43, 113, 873, 2089, 2195, 2703, 6277, 11371, 24441,
    ]);
    expect(portsWhere((one) => one.outbound && one.inbound)).toEqual([
      20, 21, 25, 26, 53, 80, 443, 465, 587, 2077, 2078, 2079, 2080,
    ]);
    expect(portsWhere((one) => !one.outbound && !one.inbound)).toEqual([579, 783, 953]);
    expect(portsWhere((one) => one.localhost)).toEqual([783, 953]);
    expect(portsWhere((one) => one.protocols.includes('udp'))).toEqual([53, 443, 783, 873, 6277, 24441]);
    expect(portsWhere((one) => !one.protocols.includes('tcp'))).toEqual([953]);
  });

  test('has these rows, cell by cell', () => {
    expect(row(53)).toEqual({
      port: 53,
      service: 'DNS',
      protocols: ['tcp', 'udp'],
      inbound: true,
      outbound: true,
      localhost: false,
      notes: 'Public DNS, talking to root name servers for AutoSSL, and any other name resolution.',
    });
    expect(row(2089)).toEqual({
      port: 2089,
      service: 'cPanel Licensing',
      protocols: ['tcp'],
      inbound: false,
      outbound: true,
      localhost: false,
      notes:
        'Outbound TCP from source ports 4 and 1020 to destination port 2089 must be permitted so the server reaches the WebPros licence servers.',
      sourcePorts: [4, 1020],
    });
    expect(row(579)).toMatchObject({ service: 'cPHulk', protocols: ['tcp'], localhost: false });
    expect(row(953)).toMatchObject({ service: 'PowerDNS', protocols: [], localhost: true });
    expect(row(3306)).toEqual({
      port: 3306,
      service: 'MySQL®',
      protocols: ['tcp'],
      inbound: true,
      outbound: false,
      localhost: false,
      notes: 'Remote database connections.',
    });
  });

  test('knows the local ports and the ports that licence servers call', () => {
    expect(LOCAL_PORTS_112).toEqual([579, 783, 953]);
    expect(LICENCE_CALLBACK_PORTS_112).toEqual([2082, 2083, 2086, 2087, 2096]);
  });
});

const spelled = (ports: readonly ServicePort[]): readonly string[] =>
  ports.map(({ first, last, protocol }) => `${first === last ? first : `${first}-${last}`}/${protocol}`);

describe('services', () => {
  test('are these', () => {
    expect(Object.fromEntries([...SERVICES].map(([name, { ports }]) => [name, spelled(ports).join(' ')]))).toEqual({
      ssh: '22/tcp',
      http: '80/tcp',
      https: '443/tcp',
      http3: '443/udp',
      smtp: '25/tcp',
      'smtp-alternate': '26/tcp',
      smtps: '465/tcp',
      submission: '587/tcp',
      imaps: '993/tcp',
      'imap-plain': '143/tcp',
      pop3s: '995/tcp',
      'pop3-plain': '110/tcp',
      dns: '53/tcp 53/udp',
      cpanel: '2083/tcp',
      'cpanel-plain': '2082/tcp',
      whm: '2087/tcp',
      'whm-plain': '2086/tcp',
      webmail: '2096/tcp',
      'webmail-plain': '2095/tcp',
      webdisk: '2078/tcp',
      'webdisk-plain': '2077/tcp',
      caldav: '2080/tcp',
      'caldav-plain': '2079/tcp',
      activesync: '2091/tcp',
      mysql: '3306/tcp',
      ftp: '21/tcp 49152-65534/tcp',
      'licence-callback': '2083/tcp 2087/tcp 2096/tcp',
    });
    expect([...SERVICES].filter(([, one]) => one.administrative).map(([name]) => name)).toEqual([
      'ssh',
      'whm',
      'whm-plain',
      'mysql',
    ]);
  });

  test('for outgoing connections are these', () => {
    const shown = (name: string): string =>
      OUTBOUND_SERVICES.get(name)!
        .map((one) => `${spelled([one])[0]}${one.from ? ` from ${one.from.join(',')}` : ''}`)
        .join(' ');
    expect(Object.fromEntries([...OUTBOUND_SERVICES.keys()].map((name) => [name, shown(name)]))).toEqual({
      licence: '2089/tcp from 4,1020',
      dns: '53/tcp 53/udp',
      http: '80/tcp',
      https: '443/tcp 443/udp',
      smtp: '25/tcp',
      submission: '465/tcp 587/tcp',
      ntp: '123/udp',
      'spam-checks': '7/tcp 2703/tcp 6277/tcp 6277/udp 24441/tcp 24441/udp',
      ftp: '20/tcp 21/tcp',
      rsync: '873/tcp 873/udp',
      whois: '43/tcp',
      ident: '113/tcp',
      rdate: '37/tcp',
      cpan: '1/tcp',
      apns: '2195/tcp',
      'apt-keys': '11371/tcp',
    });
  });

  const isRow = (port: ServicePort, direction: 'inbound' | 'outbound'): boolean =>
    PORT_TABLE_112.some(
      (one) =>
        one.port === port.first && port.first === port.last && one.protocols.includes(port.protocol) && one[direction],
    );

  test('are each a row of the table in its direction or marked extra, and never both', () => {
    const wrong = [
      ...[...SERVICES].flatMap(([name, { ports }]) =>
        ports.filter((port) => isRow(port, 'inbound') === (port.extra ?? false)).map(() => name),
      ),
      ...[...OUTBOUND_SERVICES].flatMap(([name, ports]) =>
        ports.filter((port) => isRow(port, 'outbound') === (port.extra ?? false)).map(() => name),
      ),
    ];
    expect(wrong).toEqual([]);
    const extras = [...SERVICES.values()].flatMap(({ ports }) => ports).concat(...OUTBOUND_SERVICES.values());
    expect(spelled(extras.filter((port) => port.extra))).toEqual(['49152-65534/tcp', '123/udp']);
  });

  test('and presets have no local port', () => {
    const all = [
      ...SERVICES.values(),
      ...[...PRESETS.values()].flatMap(({ inbound }) => inbound.map(([, service]) => service)),
    ];
    const local = all
      .flatMap(({ ports }) => ports)
      .filter(({ first, last }) => LOCAL_PORTS_112.some((port) => first <= port && port <= last));
    expect(local).toEqual([]);
  });
});

test('of presets are these', () => {
  const shown = [...PRESETS].map(([name, { inbound, outbound }]) => [
    name,
    [...new Set(inbound.flatMap(([, { ports }]) => spelled(ports)))].join(' '),
    [...new Set(outbound.flatMap(([, ports]) => spelled(ports)))].join(' '),
  ]);
  expect(shown.slice(0, -1)).toEqual([
    ['web', '80/tcp 443/tcp 443/udp', '53/tcp 53/udp 80/tcp 443/tcp'],
    [
      'mail',
      '25/tcp 465/tcp 587/tcp 993/tcp 995/tcp',
      '25/tcp 465/tcp 587/tcp 53/tcp 53/udp 7/tcp 2703/tcp 6277/tcp 6277/udp 24441/tcp 24441/udp',
    ],
    ['dns', '53/tcp 53/udp', '53/tcp 53/udp'],
    ['panel', '2083/tcp 2087/tcp 2096/tcp 2078/tcp 2080/tcp', '80/tcp 443/tcp'],
    ['ftp', '21/tcp 49152-65534/tcp', '20/tcp 21/tcp'],
    ['ssh-admin', '22/tcp', ''],
    ['remote-mysql', '3306/tcp', ''],
    ['licensing-minimal', '2087/tcp', '2089/tcp 53/tcp 53/udp 80/tcp 443/tcp'],
  ]);
  const [name, inbound, outbound] = shown.at(-1)!;
  expect([name, inbound!.split(' ').length, outbound!.split(' ').length]).toEqual(['full-v112', 28, 30]);
});
