// Tests that the agent still accepts a release of format 1. Runs on a test device with the real nft.

import { CONFIRMED, gateway } from '../under-shell';
import { atNextStart } from './next-start';

jest.setTimeout(90_000);

atNextStart('files for the next boot', ({ program, delivered }) => {
  test('a release of format 1 is accepted', () => {
    const release = gateway(1001);
    const file = release.file
      .replace('cpanel-edge-release 2', 'cpanel-edge-release 1')
      .replace(/^(runner|made|closed) .*\n/gm, '');
    expect(delivered({ ...release, file })).toEqual(CONFIRMED);
    expect(program('status').split('\n')[0]).toMatch(/ made=none runner=none platform=nftables$/);
  });
});
