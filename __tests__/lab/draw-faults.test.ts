// Tests the ten fault tests that are drawn by a seed: from several platforms and families, and consecutive seeds have
// each once before any comes again.

import { drawFaults } from '../../lab/faults/draw-faults';

const faults = (platform: string, families: Readonly<Record<string, number>>) =>
  Object.entries(families).flatMap(([family, count]) =>
    Array.from({ length: count }, (_, at) => ({ platform, family, name: `${platform} ${family} ${at}` })),
  );

const ALL = [
  ...faults('nftables', { power: 6, boot: 6, disk: 1, line: 2, login: 3 }),
  ...faults('iptables', { power: 2, boot: 2 }),
  ...faults('firewalld', { power: 2, boot: 1 }),
];

const namesDrawn = (seed: number): readonly string[] => drawFaults(ALL, seed).map(({ name }) => name);

describe('ten faults drawn by a seed', () => {
  it('are the same ten for the same seed, in the order of all', () => {
    expect(namesDrawn(5)).toEqual(namesDrawn(5));
    expect(namesDrawn(5)).toEqual(ALL.map(({ name }) => name).filter((name) => namesDrawn(5).includes(name)));
  });

  it('are these for the first seed', () => {
    expect(namesDrawn(0)).toEqual([
      'nftables power 0',
      'nftables power 1',
      'nftables boot 0',
      'nftables boot 1',
      'nftables line 0',
      'nftables login 0',
      'iptables power 0',
      'iptables power 1',
      'iptables boot 0',
      'firewalld power 0',
    ]);
  });

  it('are six of nftables, three of iptables and one of firewalld, whatever the seed is', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const platforms = drawFaults(ALL, seed).map(({ platform }) => platform);
      expect(platforms).toEqual([
        ...Array<string>(6).fill('nftables'),
        ...Array<string>(3).fill('iptables'),
        'firewalld',
      ]);
    }
  });

  it('have at most three of a family that is a third of all', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const drawn = drawFaults(ALL, seed).filter(({ platform }) => platform === 'nftables');
      for (const family of ['power', 'boot'])
        expect(drawn.filter((fault) => fault.family === family).length).toBeLessThanOrEqual(3);
      expect(new Set(drawn.map(({ family }) => family)).size).toBeGreaterThanOrEqual(3);
    }
  });

  it.each([0, 1, 17])('with consecutive seeds from %d on are all faults once, before one comes again', (first) => {
    const drawn = [first, first + 1, first + 2].flatMap(namesDrawn);
    expect(new Set(drawn)).toEqual(new Set(ALL.map(({ name }) => name)));
    // 18 of nftables in three draws of six. Of iptables there are fewer than the nine that are drawn.
    const ofNftables = drawn.filter((name) => name.startsWith('nftables'));
    expect(new Set(ofNftables).size).toBe(ofNftables.length);
  });

  it('are fewer where there are fewer', () => {
    const few = faults('iptables', { power: 1 });
    expect(drawFaults(few, 3)).toEqual(few);
    expect(drawFaults([], 3)).toEqual([]);
  });
});
