import { CONFIRMED, gateway } from '../under-shell';
import { HOME, atNextStart } from './next-start';

jest.setTimeout(90_000);

atNextStart('a store of the old place', ({ run, step, delivered, beforeEachAs, says, ports, restarted, readOnly }) => {
  const old = '/var/lib/cpanel-edge';
  beforeEachAs(() => expect(delivered(gateway(1001))).toEqual(CONFIRMED));
  beforeEach(() => void run(`mkdir -m 700 ${old} && mv /etc/cpanel-edge/* ${old}/`));
  afterEach(() => void run(`rm -rf ${old}`));

  test('is moved by the first command', () => {
    expect([says('state'), says('runs')]).toEqual(['confirmed', 'release']);
    expect(run(`ls -d ${old} 2>&1; ls ${HOME}`)).toMatch(/cannot access[^]*\nrelease\n/);
    expect(step('upload', gateway(1001))).toBe('ok running');
  });
  test('is used where it is while the new place takes nothing', () => {
    readOnly(() => expect([restarted(), ports(), says('state')]).toEqual(['ok loaded', ['1001'], 'confirmed']));
    expect([says('state'), run(`ls -d ${old} 2>&1`)]).toEqual(['confirmed', expect.stringContaining('cannot access')]);
  });
});
