// Reboots a test device by the commands of its systemd units, in their order, as systemd would run them, beside an
// administrator's nftables.service.

import { gateway, CONFIRMED } from '../under-shell';
import { SYSTEMD, atNextStart } from './next-start';

/** A device whose units are started as systemd would, beside an administrator's nftables.service. */
export function startedByUnits(under: Parameters<Parameters<typeof atNextStart>[1]>[0]) {
  const { run, delivered, beforeEachAs, says, shell } = under;
  const PROGRAM = '/usr/local/sbin/cpanel-edge-device';
  const COPY = '/etc/cpanel-edge/program';
  const nftables = [
    '[Service]',
    'Type=oneshot',
    'ExecStart=/usr/sbin/nft -f /run/cpanel-edge/theirs.nft',
    'ExecReload=/sbin/nft \'flush ruleset; include "/run/cpanel-edge/theirs.nft";\'',
    'ExecStop=/usr/sbin/nft flush ruleset',
    '',
  ].join('\n');
  /** Starts the units as systemd would. */
  const starts = (unit: string, key = 'ExecStart'): string => {
    const line = new RegExp(`^${key}=-?(/.*)$`, 'm').exec(run(`cat ${SYSTEMD}/${unit}`))![1]!;
    run('cat >/run/started', `${line.replaceAll('$$', '$').replace('/bin/sh ', `/bin/${shell} `)}\n`);
    return run('sh /run/started; echo status $?');
  };
  const DROP_IN = 'nftables.service.d/cpanel-edge.conf';
  const broken = (path: string, how: string): void =>
    void run(
      how === 'missing' ? `mv ${path} /run/${how}` : `cp -p ${path} /run/${how}; head -c 30000 /run/${how} >${path}`,
    );
  const whole = (path: string, how: string): void =>
    void run(`[ ! -e /run/${how} ] || { cat /run/${how} >${path}; chmod 755 ${path}; rm /run/${how}; }`);
  beforeEachAs(() => {
    run(`cat >${SYSTEMD}/nftables.service`, nftables);
    run('cat >/run/cpanel-edge/theirs.nft', 'flush ruleset\ntable inet theirs {\n}\n');
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    expect(says('boot')).toBe('as-written');
    run('nft flush ruleset');
  });
  return { PROGRAM, COPY, nftables, starts, DROP_IN, broken, whole };
}
