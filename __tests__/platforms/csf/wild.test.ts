// Compares the exposure of sample csf servers with the one written by hand.

import { host, port } from '../../devices';
import { OWN, truthRows, verdictRows } from '../server-rows';
import { printed, seen } from './folder';
import { WILD } from './wild-folders';
import { QUIET } from './wild-hooks';

describe('csf: sample servers', () => {
  it.each(Object.entries(WILD))('%s', (_, { conf, files, truth }) =>
    expect(verdictRows(seen(printed(conf, files)))).toEqual(truthRows(truth)),
  );

  it('two interfaces, of which csf filters one and skips the other', () => {
    const two = host(
      port(
        'eth0',
        'outside',
        OWN.map((one, at) => `${one}/${at === 0 ? 24 : 64}`),
      ),
      port('eth1', 'inside', ['10.0.0.1/24']),
    );
    const text = printed({ ...QUIET, ETH_DEVICE: 'eth0', ETH_DEVICE_SKIP: 'eth1' });
    expect(seen(text, two).filter((line) => !line.startsWith('2001'))).toEqual([
      '198.51.100.50 icmp all but echo-request from anywhere',
      '198.51.100.50 tcp 80,443 from anywhere',
    ]);
  });
});
