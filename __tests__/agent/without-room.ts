// Fills the file system on which the agent stores releases, and tests that nothing is then loaded and that a rollback
// still works. full-disk.test.ts runs it.

import { CONFIRMED, gateway, underShell } from './under-shell';

const UNDONE = ['ok rolled-back', ['1001'], 'confirmed', 'as-loaded'];
const STORE = '/etc/cpanel-edge';
const FULL = `mount -o remount,size=4m ${STORE}; cat /dev/zero >${STORE}/filling`;
const NO_INODES = `mount -o remount,nr_inodes=99 ${STORE}; n=0; while touch ${STORE}/filling-$n 2>/dev/null; do n=$((n + 1)); done`;
const FREE = `rm -f ${STORE}/filling*; mount -o remount,size=50%,nr_inodes=100000 ${STORE}`;

/** The resource that is used up. */
export const FILLED = { bytes: FULL, inodes: NO_INODES } as const;

/** A device on which a release is confirmed, whose store has no room of this kind. */
export function withoutRoom(under: ReturnType<typeof underShell>) {
  const { run, program, step, delivered, beforeEachAs, ports, says } = under;
  beforeEachAs(() => expect(delivered(gateway(1001))).toEqual(CONFIRMED));
  afterEach(() => void run(FREE));

  return (what: keyof typeof FILLED): void =>
    describe(`a store without free ${what}`, () => {
      const fills = FILLED[what];
      test('can’t store a new release, so nothing is loaded', () => {
        const two = gateway(1002);
        expect(delivered(two, ['upload', 'check'])).toEqual(CONFIRMED.slice(0, 2));
        run(fills);
        expect(program(`arm ${two.identity} 300`)).toContain(
          `cpanel-edge: refused folder-not-writable folder=${STORE}/gateway-web`,
        );
        expect([step('rollback', two), ports(), says('state'), says('rules')]).toEqual(UNDONE);
        run(FREE);
        expect([delivered(gateway(1003)), run(`ls -R ${STORE}`).includes('room')]).toEqual([CONFIRMED, false]);
      });

      test('lets an armed release roll back as a whole', () => {
        const two = gateway(1002);
        expect(delivered(two, ['upload', 'check', 'arm'])).toEqual(CONFIRMED.slice(0, 3));
        run(fills);
        expect([step('rollback', two), ports(), says('state'), says('rules')]).toEqual(UNDONE);
        run(FREE);
        expect(delivered(gateway(1003))).toEqual(CONFIRMED);
      });
    });
}
