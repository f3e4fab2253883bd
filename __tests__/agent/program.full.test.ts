// Tests that the agent loads a release again if its rules were flushed, and not if they run, and that it keeps the
// last twenty confirmed releases. Runs on a test device with the real nft.

import { gateway, underShells } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'the agent', ({ run, program, step, delivered, retract, ports }) => {
  afterEach(() => void retract());

  test('rules that run are not loaded again, and flushed ones are', () => {
    const release = gateway(1001);
    expect(delivered(release)).toContain('ok confirmed');
    expect(step('upload', gateway(1001))).toBe('ok running');
    run('nft flush ruleset');
    expect(delivered(gateway(1001))).toEqual(['ok uploaded', 'ok checked', 'ok armed', 'ok confirmed']);
    expect(ports()).toEqual(['1001']);
  });

  test('the last twenty confirmed releases are kept, the newest last', () => {
    const history = (): readonly string[] =>
      [...program('status').matchAll(/^\|ran=(\w+) of=gateway-web made=1700000000 runner=ci@runner-1$/gm)].map(
        ([, digest]) => digest!,
      );
    const [one, two] = [gateway(1001), gateway(1002)];
    for (const each of [one, two, gateway(1001)]) expect(delivered(each)).toContain('ok confirmed');
    step('confirm', two);
    const digests = [one, two, one].map(({ upload: words }) => /[0-9a-f]{64}/.exec(words)![0]);
    expect(history()).toEqual(digests);
    run(
      `for n in $(seq 30); do echo "$(printf %064d $n) 1700000000 ci@runner-1"; done >>/etc/cpanel-edge/gateway-web/history`,
    );
    expect(delivered(gateway(1003))).toContain('ok confirmed');
    expect([history().length, history()[18]]).toEqual([20, '30'.padStart(64, '0')]);
    retract();
    expect(program('status')).not.toContain('ran=');
  });
});
