import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noAnswer } from '../../driver/faults';
import { readAnswer } from '../../driver/answer';
import { sshChild } from '../../driver/ssh-child';
import { temporaryFolder } from '../temporary-folder';
import { connectionOf } from './samples';

const folder = temporaryFolder();

it('who waited in vain is told for how long', async () => {
  writeFileSync(join(folder, 'ssh'), '#!/bin/sh\nexec sleep 60\n');
  chmodSync(join(folder, 'ssh'), 0o755);
  const { said, status } = await sshChild([], { PATH: `${folder}:/usr/bin:/bin` }, { seconds: 0.1 }, () => () => undefined);
  expect(noAnswer(connectionOf(), readAnswer('', said, status))).toMatchObject({
    code: 'driver/unreachable',
    what: 'The connection could not be made or broke: no answer within 0.1 s.',
    instead: expect.stringMatching(/bans the address of this machine/),
  });
});
