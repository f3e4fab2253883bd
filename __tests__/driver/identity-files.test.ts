// Tests that a missing SSH key file, of the device or of a jump host, is refused by its path before anything is
// connected.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMissingIdentityFiles } from '../../driver/identity-files';
import { useSsh } from '../../driver/ssh';
import { temporaryFolder } from '../temporary-folder';
import { connectionOf } from './samples';

const home = temporaryFolder();
mkdirSync(join(home, '.ssh'));
for (const name of ['id', 'by-agent.pub']) writeFileSync(join(home, '.ssh', name), '');

const said = (parts: Parameters<typeof connectionOf>[0]): readonly string[] =>
  findMissingIdentityFiles(connectionOf(parts), home).map(({ where, what }) => `${where}: ${what}`);

test("accepts an existing key, its public half, and the agent's", () => {
  expect(said({})).toEqual([]);
  for (const identityFile of [join(home, '.ssh/id'), '~/.ssh/id', '~/.ssh/by-agent'])
    expect(said({ identityFile })).toEqual([]);
});

test('names a missing file by the path it was looked up at, for each hop', () => {
  expect(said({ identityFile: '~/.ssh/x', jump: connectionOf({ host: 'bastion', identityFile: 'keys/y' }) })).toEqual([
    `connection to 127.0.0.1, identity file: There is no file ${home}/.ssh/x: "~" is the home of the user who runs this.`,
    `connection to bastion, identity file: There is no file ${process.cwd()}/keys/y.`,
  ]);
});

test("leaves other users' homes and the user's own configuration to ssh", () => {
  expect(said({ identityFile: '~deploy/.ssh/x' })).toEqual([]);
  const jump = connectionOf({ identityFile: '~/.ssh/x' });
  expect(said({ identityFile: '~/.ssh/x', userConfiguration: true, jump })).toEqual([]);
});

test('refuses before anything is connected', async () => {
  const connection = connectionOf({ identityFile: join(home, 'x') });
  await expect(useSsh(connection, process.env, () => Promise.reject(new Error('it was used')))).rejects.toThrow(
    /^driver\/no-identity-file/,
  );
});
