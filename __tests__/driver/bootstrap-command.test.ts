import { builtCommand, typed } from '../built-command';

const built = builtCommand();
const said = (words: readonly string[]): string => typed(built, ['bootstrap', ...words]).said;

test('cpanel-edge bootstrap says beside its script that nobody may deliver by sudo, and how somebody may', () => {
  const NOBODY =
    'No sudoers line was written for who delivers. root needs none; for the user whom a connection names (user: "admin"), --user admin writes it.\n';
  expect(said([])).toBe(NOBODY);
  expect(said(['--reader', 'watch'])).toBe(NOBODY);
  expect(said(['--user', 'admin'])).toBe('');
});
