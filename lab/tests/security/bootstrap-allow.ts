// Tests that a sudo login may upload a release that replaces another firewall only if `bootstrap --allow replace`
// permitted it.
import { match, strictEqual } from 'node:assert';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { renderReleaseFile } from '../../../driver/release-file';
import { printDigestInput } from '../../../lib/agent-protocol/release-digest';
import { Release } from '../../../lib/agent-protocol/release';
import { Lab } from '../../lab';
import { REPOSITORY } from '../../stack';
import { LabTest } from '../test';

const PROGRAM = '/usr/local/sbin/cpanel-edge-device';
const TABLE = 'cpanel_edge_words_host';
const WITHOUT_DIGEST: Release = {
  format: 1,
  device: 'web1',
  owner: 'words',
  role: 'server',
  platform: 'nftables',
  digest: '',
  policy: '{}',
  onRetract: 'as before',
  addresses: [],
  lines: [],
  witnesses: [],
  claims: { outside: [], inside: [] },
  rollbackSeconds: 30,
  text: `table inet ${TABLE}\ndelete table inet ${TABLE}\ntable inet ${TABLE} {\n}\n`,
  replaces: ['ufw'],
};
const RELEASE: Release = {
  ...WITHOUT_DIGEST,
  digest: createHash('sha256').update(printDigestInput(WITHOUT_DIGEST)).digest('hex'),
};

async function bootstrap(lab: Lab, ...options: readonly string[]): Promise<void> {
  const main = join(REPOSITORY, 'dist/cli/main.js');
  const script = await lab.exec('operator', [process.execPath, main, 'bootstrap', '--user', 'deploy', ...options]);
  match(
    await lab.does('web1', 'chmod go-w /usr/local /usr/local/sbin; sh -s', { input: script.out }),
    /cpanel-edge: ok installed/,
  );
}

/** Uploads a release that replaces ufw, by sudo. Returns the last line of the device's answer. */
async function upload(lab: Lab, token: string): Promise<string> {
  const input = renderReleaseFile(RELEASE, 'a-lease', token, { runner: 'lab', made: 1_700_000_000 });
  const command = `sudo -n ${PROGRAM} upload server words a-lease ${RELEASE.digest} ${token}`;
  return (await lab.ssh('web1', command, { user: 'deploy', seconds: 60, input })).out.trimEnd().split('\n').at(-1)!;
}

export const allowedWords: LabTest = {
  name: 'a sudo login may replace another firewall only if bootstrap allowed it',
  run: async (lab) => {
    await bootstrap(lab);
    strictEqual(
      await lab.does('web1', "find /etc/cpanel-edge -name 'login-*' -printf '%m %u:%g %s %f\n'"),
      '600 root:root 0 login-deploy\n',
    );
    const line = await lab.does('web1', 'cat /etc/sudoers.d/cpanel-edge-deploy');
    strictEqual(
      await upload(lab, 'abcdabcdabcdabc0'),
      'cpanel-edge: refused not-allowed login=deploy what=replace allowed=none',
    );
    await bootstrap(lab, '--allow', 'replace');
    strictEqual(await lab.does('web1', 'cat /etc/sudoers.d/cpanel-edge-deploy'), line);
    match(await upload(lab, 'abcdabcdabcdabc1'), /^cpanel-edge: ok uploaded/);
    // Otherwise another upload would wait for its end.
    match(await lab.does('web1', `${PROGRAM} rollback server words abcdabcdabcdabc1`), /cpanel-edge: ok /);
    // A login can't pretend to be another one: sudo sets its name.
    await bootstrap(lab, '--allow', 'csf');
    const input = renderReleaseFile(RELEASE, 'a-lease', 'abcdabcdabcdabc2', { runner: 'lab', made: 1_700_000_000 });
    const words = `upload server words a-lease ${RELEASE.digest} abcdabcdabcdabc2`;
    const pretending = await lab.ssh('web1', `SUDO_UID=0 SUDO_USER=root sudo -n ${PROGRAM} ${words}`, {
      user: 'deploy',
      seconds: 60,
      input,
    });
    match(pretending.out, /refused not-allowed login=deploy what=replace allowed=csf\n$/, pretending.err);
    await lab.does(
      'web1',
      'rm -rf /etc/cpanel-edge/* /run/cpanel-edge /usr/local/sbin/cpanel-edge-device /etc/sudoers.d/cpanel-edge-deploy',
    );
  },
};
