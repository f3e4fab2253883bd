// Tests that the agent refuses a delivery if rules or files were edited by hand between its steps (check, load,
// confirm). Runs on a test device with the real nft.

import { gateway, underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'edits by hand on the device', ({ run, program, step, delivered, ports, retract }) => {
  afterEach(() => void retract());

  test('edits between loading and confirming are refused', () => {
    const release = gateway(1001);
    expect([step('upload', release), step('check', release), step('arm', release)]).toContain('ok armed');
    run('nft insert rule inet cpanel_edge_web ce_forward tcp dport 7 drop');
    expect([step('confirm', release), step('rollback', release)]).toEqual([
      'refused edited-meanwhile',
      'ok rolled-back',
    ]);
  });

  test('edits between checking and loading are refused, and nothing is loaded; accepted edits are overwritten', () => {
    const edit = (port: number): string =>
      run(`nft insert rule inet cpanel_edge_web ce_forward tcp dport ${port} drop`);
    expect(delivered(gateway(1001))).toContain('ok confirmed');
    const release = gateway(1002);
    expect([step('upload', release), step('check', release)]).toEqual(['ok uploaded', 'ok checked']);
    edit(7);
    expect([step('arm', release), ports().includes('1001'), step('rollback', release)]).toEqual([
      'refused edited-meanwhile',
      true,
      'ok rolled-back',
    ]);
    const two = gateway(1002);
    step('upload', two);
    program(`accept ${/fingerprint=([0-9a-f]{64})$/.exec(program(`check ${two.identity}`))?.[1]}`);
    expect([step('upload', two), step('check', two)]).toEqual(['ok uploaded', 'ok checked']);
    edit(9);
    expect([step('arm', two), step('rollback', two)]).toEqual(['refused edited-meanwhile', 'ok rolled-back']);
    run(
      'nft delete rule inet cpanel_edge_web ce_forward handle $(nft -a list table inet cpanel_edge_web | sed -n "s/.*dport 9 .*handle //p")',
    );
    expect(delivered(gateway(1002))).toContain('ok confirmed');
    expect(ports()).toEqual(['1002']);
  });

  test("a table with the first release's name that appears between checking and loading stays", () => {
    const release = gateway(1001);
    expect([step('upload', release), step('check', release)]).toEqual(['ok uploaded', 'ok checked']);
    run('nft add table inet cpanel_edge_web; nft add chain inet cpanel_edge_web theirs');
    expect(step('arm', release)).toBe('refused edited-meanwhile');
    expect(run('nft list ruleset')).toContain('theirs');
    step('rollback', release);
    run('nft delete table inet cpanel_edge_web');
  });

  test('a release file that was altered on the device between two steps is refused', () => {
    const alter = (state: string): string => run(`sed -i s/1001/1003/ /etc/cpanel-edge/*/${state}-*`);
    const release = gateway(1001);
    step('upload', release);
    alter('offered');
    expect(step('check', release)).toBe('refused upload-damaged');
    expect([step('upload', release), step('check', release)]).toEqual(['ok uploaded', 'ok checked']);
    alter('checked');
    expect(step('arm', release)).toBe('refused upload-damaged');
    expect([step('upload', release), step('check', release), step('arm', release)]).toContain('ok armed');
    alter('armed');
    expect([step('confirm', release), step('rollback', release)]).toEqual(['refused upload-damaged', 'ok rolled-back']);
  });
});
