// Tables of shell commands that a person types on a device (disable a service, enable another firewall), each with the
// words by which `status` and the next delivery report the effect on the next boot; and the function that asserts each
// row.

import { Sent } from '../stream';
import { CONFIRMED, underShell } from '../under-shell';

const SYSTEMD = '/etc/systemd/system';

/**
 * A command that a person types on the device, the word by which `status` names its effect, and the word by which a
 * delivery is refused.
 */
type Row = readonly [does: string, boot: string, refused: string, undo?: string];

/** Rows of a service that does not start with the device. */
export const serviceRows = (unit: string, program: string, disabled: string): readonly Row[] => [
  [`rm ${SYSTEMD}/enabled-${unit}`, `${program}-${disabled}`, `${program}-${disabled}`],
  [`ln -sf /dev/null ${SYSTEMD}/${unit}`, `${program}-masked`, `${program}-masked`],
];

/** Firewalls that start with the device beside rules of iptables, and do not run. */
export const BESIDE: readonly Row[] = [
  [`: >${SYSTEMD}/enabled-firewalld.service`, 'other-firewalld', 'other-firewall'],
  [
    `echo 'table inet theirs {}' >/etc/nftables.conf; : >${SYSTEMD}/enabled-nftables.service`,
    'other-nftables',
    'other-firewall',
    'rm /etc/nftables.conf',
  ],
];

/** Rows of programs that have no service of their own here. */
export const BESIDE_BY_FILES: readonly Row[] = [
  ['echo ENABLED=yes >/etc/ufw/ufw.conf', 'other-ufw', 'other-firewall', 'rm /etc/ufw/ufw.conf'],
  ['mkdir -p /etc/csf; : >/etc/csf/csf.conf', 'other-csf', 'other-firewall', 'rm -r /etc/csf'],
];

/** An nftables.service that loads only tables which iptables shows is no other firewall. */
export const LOADS_NOTHING = `echo 'flush ruleset' >/etc/nftables.conf; : >${SYSTEMD}/enabled-nftables.service`;

/**
 * Asserts that after a delivery `status` reports each row, and that the next delivery is refused by the row's name;
 * without the change the release counts as running.
 */
export function expectRowsNamed(
  under: ReturnType<typeof underShell>,
  release: () => Sent,
  rows: readonly Row[],
  places: readonly string[] = [],
): void {
  const { run, says, step, delivered, device } = under;
  expect(delivered(release())).toEqual(CONFIRMED);
  expect([says('boot'), step('upload', release())]).toEqual(['as-written', 'ok running']);
  for (const [does, boot, refused, undo] of rows) {
    const back = device().kept(places);
    run(does);
    const next = release();
    expect([does, says('boot'), step('upload', next), under.word(`check ${next.identity}`)]).toEqual([
      does,
      boot,
      'ok uploaded',
      `refused ${refused}`,
    ]);
    back();
    if (undo !== undefined) run(undo);
  }
  expect([says('boot'), step('upload', release())]).toEqual(['as-written', 'ok running']);
}
