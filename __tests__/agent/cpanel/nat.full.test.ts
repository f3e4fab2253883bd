// Tests that the agent's report on a cPanel NAT file with too many lines says that more are there. Runs on a test
// device with the real nft.

import { underShells } from '../under-shell';
import { DEVICE_SHELLS } from '../../tier';
import { natSaid } from './expect-nat-report';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, "the report on public addresses in cPanel's files", (under) => {
  const { withCpnat } = natSaid(under);

  test('reports that there are more lines than it lists', () => {
    const told = withCpnat('10.0.0.5 203.0.113.5\n'.repeat(6000)).split('\n');
    expect([told.length, told.at(-2)]).toEqual([5003, 'cpnat more']);
  });
});
