// Lists the states that a delivery can leave, brings a test device into them, and holds the shared test that a boot and
// a rollback return from each to the settled state.

import { TRANSIENT_STATES } from '../../driver/protocol';
import { Sent } from './stream';
import { gateway, underShell } from './under-shell';

export const HOME = '/etc/cpanel-edge/gateway-web';

type Way = readonly [settled: string, passing: string, back: 'boot' | 'rollback'];

/** Each transient state on top of each stable one, left by a boot and by a rollback. */
export const WAYS: readonly Way[] = ['nothing', 'confirmed', 'kept'].flatMap((settled) =>
  TRANSIENT_STATES.filter((name) => name !== 'retracting').flatMap((passing) =>
    (['boot', 'rollback'] as const).map((back): Way => [settled, passing, back]),
  ),
);

/** The sequences of the quick tier. */
export const isQuick = ([settled, passing, back]: Way): boolean =>
  ['nothing armed rollback', 'confirmed undoing boot', 'kept checked rollback'].includes(
    `${settled} ${passing} ${back}`,
  );

/** A device with functions that bring it into a state and return its state. */
export function stateful(under: ReturnType<typeof underShell>) {
  const { run, word, step, says, ports, fresh } = under;
  afterEach(() => fresh());
  const state = (): string => says('state').replace('nothing said', 'nothing');
  const upTo = (last: string, one: Sent): Sent => {
    for (const name of ['upload', 'check', 'arm', 'confirm'] as const) {
      expect(step(name, one)).toMatch(/^ok /);
      if (name === last) break;
    }
    return one;
  };
  const boots = (): string => {
    run('nft flush ruleset; rm -rf /run/cpanel-edge/*');
    return word('boot');
  };
  /** Leaves a removal that was interrupted. */
  const cutOff = (): void => {
    upTo('confirm', gateway(1001));
    run(`mv ${HOME}/release ${HOME}/retracting`);
    expect([state(), ports()]).toEqual(['retracting', ['1001']]);
  };
  return {
    ...under,
    cutOff,
    state,
    upTo,
    boots,
    bringWhatWasSettled: (ways: readonly Way[]): void =>
      test.each(ways)('from %s and %s a %s leads back to the former state', (settled, passing, back) => {
        if (settled !== 'nothing') upTo('confirm', gateway(1001));
        if (settled === 'kept') word('forget gateway web lease-1');
        const last = { offered: 'upload', checked: 'check', armed: 'arm', undoing: 'arm' }[passing]!;
        const two = upTo(last, gateway(1002));
        // The rollback died right after its rename.
        if (passing === 'undoing')
          run(`mv ${HOME}/armed-${two.identity.split(' ')[2]} ${HOME}/undoing-${two.identity.split(' ')[2]}`);
        expect(state()).toBe(passing);
        expect(back === 'boot' ? boots() : step('rollback', two)).toMatch(/^ok (loaded|rolled-back)$/);
        expect([state(), ports()]).toEqual([settled, settled === 'nothing' ? [] : ['1001']]);
      }),
  };
}
