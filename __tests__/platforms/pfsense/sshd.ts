// Reaches a simulated pfSense box by ssh, for the tests of one describe.

import { Connection } from '../../../lib/agent-protocol/release';
import { TestSshd } from '../../driver/sshd';
import { temporaryFolder } from '../../temporary-folder';
import { TestBox } from './machine';

/** A box that is reached by ssh, for the tests of one describe. */
export function boxOverSsh(withProgram: boolean) {
  let box: TestBox;
  let sshd: TestSshd;
  beforeAll(async () => {
    box = await TestBox.start(folder, '2.7', withProgram);
    sshd = await TestSshd.start(folder, `nsenter ${box.inside.join(' ')} /bin/sh -c "$SSH_ORIGINAL_COMMAND"`);
  });
  afterAll(async () => {
    sshd.stop();
    await box.stop();
  });
  const folder = temporaryFolder();
  return { folder, box: (): TestBox => box, connection: (): Connection => sshd.connection };
}
