import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultOf } from '../driver/answer';
import { TestDevice, canHaveDevice } from './device-machine';
import { Sent, sent, tableText } from './device-stream';
import { describeWhere } from './where-possible';

const withDevice = describeWhere(canHaveDevice, 'what a device boots', 'root on Linux');
jest.setTimeout(90_000);

const SYSTEMD = '/etc/systemd/system';

withDevice.each(['sh', 'busybox sh'])('what the next boot finds, under %s', (shell) => {
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  const home = '/var/lib/cpanel-edge/gateway-web';
  let device: TestDevice;
  beforeAll(async () => void (device = await TestDevice.start(folder)), 30_000);
  afterAll(() => {
    device.stop();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => void device.run(`nft flush ruleset; rm -rf /var/lib/cpanel-edge/* /run/cpanel-edge/* ${SYSTEMD}/*`));

  const program = (words: string, input = ''): string =>
    device.run(`${shell} /usr/local/sbin/cpanel-edge-device ${words}`, input).trimEnd();
  const wordOf = (output: string): string => {
    const result = resultOf(output.split('\n').at(-1) ?? '');
    return result ? `${result.is} ${result.word}` : output;
  };
  const step = (name: string, one: Sent): string =>
    wordOf(name === 'upload' ? program(one.upload, one.file) : program(`${name} ${one.identity}${name === 'arm' ? ' 60' : ''}`));
  const delivered = (one: Sent, steps = ['upload', 'check', 'arm', 'confirm']): readonly string[] => steps.map((name) => step(name, one));
  const CONFIRMED = ['ok uploaded', 'ok checked', 'ok armed', 'ok confirmed'];
  const gateway = (port: number): Sent => sent({ text: tableText(port) });
  const says = (name: string): string => new RegExp(` ${name}=(\\S+)`).exec(program('status'))?.[1] ?? 'nothing said';

  test('is said, with who made the release and when', () => {
    expect(delivered(gateway(1001))).toEqual(CONFIRMED);
    expect(program('status').split('\n')[0]).toMatch(/ boot=as-written runs=release made=1700000000 runner=ci@runner-1$/);
    delivered(gateway(1002), ['upload', 'check', 'arm']);
    expect([says('runs'), says('boot')]).toEqual(['trial', 'as-written']);
  });

  test.each([
    ['unit-missing', `rm ${SYSTEMD}/cpanel-edge.service`],
    ['unit-missing', `rm ${SYSTEMD}/cpanel-edge-addresses.service`],
    ['unit-changed', `echo '# mine' >>${SYSTEMD}/cpanel-edge.service`],
    ['unit-changed,unit-masked', `ln -sf /dev/null ${SYSTEMD}/cpanel-edge.service`],
    ['unit-disabled', 'systemctl --quiet disable cpanel-edge.service'],
    ['drop-in-missing', `rm ${SYSTEMD}/nftables.service.d/cpanel-edge.conf`],
    ['drop-in-changed', `echo '# mine' >>${SYSTEMD}/nftables.service.d/cpanel-edge.conf`],
    ['drop-in-missing,unit-missing', `rm -r ${SYSTEMD}/*`],
    ['release-damaged', `sed -i s/1001/1003/ ${home}/release`],
  ])('%s is said, and the next delivery of the same mends it', (words, broken) => {
    delivered(gateway(1001));
    device.run(broken);
    expect(says('boot').split(',').sort()).toEqual(words.split(','));
    const one = gateway(1001);
    if (step('upload', one) !== 'ok running') expect(delivered(one, ['check', 'arm', 'confirm'])).toEqual(CONFIRMED.slice(1));
    expect([says('boot'), says('runs')]).toEqual(['as-written', 'release']);
  });

  test('a release of format 1 is taken still', () => {
    const one = gateway(1001);
    const file = one.file.replace('cpanel-edge-release 2', 'cpanel-edge-release 1').replace(/^(runner|made|closed) .*\n/gm, '');
    expect(delivered({ ...one, file })).toEqual(CONFIRMED);
    expect(program('status').split('\n')[0]).toMatch(/ made=none runner=none$/);
  });
});
