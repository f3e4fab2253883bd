// Tests that --user and --identity-file replace the login of the intent, and leave its host, host keys and jump hosts.

import { applyReader } from '../../cli/reader-options';
import { connectionOf } from '../driver/samples';

test('--user and --identity-file replace those of the intent; host, host keys and jump hosts stay', () => {
  const connection = connectionOf({ user: 'root', jump: connectionOf({ host: '127.0.0.2', user: 'hop' }) });
  expect(applyReader(connection, {})).toEqual(connection);
  expect(applyReader(connection, { user: 'monitor', identityFile: '/keys/monitor' })).toEqual({
    ...connection,
    user: 'monitor',
    identityFile: '/keys/monitor',
  });
});
