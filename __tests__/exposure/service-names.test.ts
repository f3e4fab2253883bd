// Tests the names of services beside the ports of a report's line: which ports get a name, in which order, and how
// many.

import { describeService } from '../../lib/reachability/reachability-list';
import { ALL_PORTS } from '../../lib/net/packet';
import { toSingleRange } from '../../lib/net/range';
import { pickNames, nameServices } from '../../lib/exposure/report/service-names';

const TCP = [toSingleRange(6)];
const beside = (...ports: readonly number[]): readonly string[] => nameServices(TCP, ports.map(toSingleRange));

describe('the services of a row', () => {
  it('stand in the order of its ports', () => {
    expect(beside(25, 80, 143, 993)).toEqual(['smtp', 'http', 'imap-plain', 'imaps']);
    expect(nameServices([toSingleRange(6), toSingleRange(17)], [toSingleRange(53), toSingleRange(443)])).toEqual([
      'dns',
      'https',
      'http3',
    ]);
  });

  it('stand beside their own port if another one has no name', () => {
    expect(beside(2087, 2222)).toEqual(['whm 2087']);
    expect(beside(443, 8765)).toEqual(['https 443']);
    expect(beside(8765)).toEqual([]);
  });

  it('are named beside a range of many ports, and not within one', () => {
    expect(nameServices(TCP, [toSingleRange(443), { first: 49152, last: 65534 }])).toEqual(['https 443']);
    expect(nameServices(TCP, [{ first: 3000, last: 4000 }])).toEqual([]);
  });

  it('are omitted for the ports left between closed ones', () => {
    const allBut22 = [
      { first: 0, last: 21 },
      { first: 23, last: 65535 },
    ];
    expect(nameServices(TCP, allBut22)).toEqual([]);
    expect(describeService({ protocols: TCP, ports: allBut22, sourcePorts: [ALL_PORTS] })).toBe('tcp all but 22');
  });

  it('are named for a single port beside all high ports', () => {
    const high = [toSingleRange(22), { first: 1024, last: 65535 }];
    expect(nameServices(TCP, high)).toEqual(['ssh 22']);
    expect(describeService({ protocols: TCP, ports: high, sourcePorts: [ALL_PORTS] })).toBe('tcp 22,1024-65535');
  });

  it('are cut at the end of a long list, with rare services first', () => {
    const all = beside(22, 25, 80, 443, 993, 3306);
    expect(pickNames(all)).toEqual(['mysql', 'ssh', 'smtp', 'http', '…']);
    expect(pickNames(all.slice(0, 5))).toEqual(['ssh', 'smtp', 'http', 'https', 'imaps']);
  });
});
