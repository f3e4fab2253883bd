import { CONFIRMED, gateway, underShells } from './under-shell';

jest.setTimeout(90_000);

const UNDONE = ['ok rolled-back', ['1001'], 'confirmed', 'as-loaded'];
const STORE = '/etc/cpanel-edge';
const FULL = `mount -o remount,size=4m ${STORE}; cat /dev/zero >${STORE}/filling`;
const FREE = `rm -f ${STORE}/filling*; mount -o remount,size=50%,nr_inodes=100000 ${STORE}`;

// nft, ip and iptables-save end well where what they print finds no room.
underShells(['sh'], 'without room', ({ run, program, step, delivered, beforeEachAs, ports, says }) => {
  beforeEachAs(() => expect(delivered(gateway(1001))).toEqual(CONFIRMED));
  afterEach(() => void run(FREE));

  describe.each([['bytes', FULL]])('(no %s) in the store', (_, fills) => {
    test('what is tried has none either, and nothing is loaded', () => {
      const two = gateway(1002);
      expect(delivered(two, ['upload', 'check'])).toEqual(CONFIRMED.slice(0, 2));
      run(fills);
      expect(program(`arm ${two.identity} 300`)).toContain(`cpanel-edge: refused folder-not-writable folder=${STORE}/gateway-web`);
      expect([step('rollback', two), ports(), says('state'), says('rules')]).toEqual(UNDONE);
      run(FREE);
      expect([delivered(gateway(1003)), run(`ls -R ${STORE}`).includes('room')]).toEqual([CONFIRMED, false]);
    });

    test('what was tried before is undone whole', () => {
      const two = gateway(1002);
      expect(delivered(two, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
      run(fills);
      expect([step('rollback', two), ports(), says('state'), says('rules')]).toEqual(UNDONE);
      run(FREE);
      expect(delivered(gateway(1003))).toEqual(CONFIRMED);
    });
  });

  test('in /run for all of what is read, it is not taken for less', () => {
    const many = Array.from({ length: 2000 }, (_, n) => `add rule inet long c tcp dport ${n + 1} accept`).join('\n');
    run('nft -f -', `add table inet long\nadd chain inet long c\n${many}\n`);
    run('mount -o remount,size=400k /run/cpanel-edge; cat /dev/zero >/run/cpanel-edge/filling; truncate -s -32k /run/cpanel-edge/filling');
    try {
      expect(program('read').split('\n').at(-1)).toBe('cpanel-edge: refused folder-not-writable folder=/run/cpanel-edge');
    } finally {
      run('rm /run/cpanel-edge/filling; mount -o remount,size=50% /run/cpanel-edge');
    }
  });
});
