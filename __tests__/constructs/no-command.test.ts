// Tests that synthesis without the built command of the package (dist/) writes nothing and reports one problem, and
// that CPANEL_EDGE may name another command.

import { Testing } from 'cdktf';
import * as shell from '../../constructs/internal/shell-command';
import { codesOf } from '../problems';
import { gatewayIn, serverIn, stackOf } from './construct-samples';

it.each<[string, boolean]>([
  ['/app/node_modules/cpanel-edge/dist/constructs/internal', true],
  ['/home/a.zip-files/cpanel-edge/constructs/internal', true],
  ['/app/.yarn/cache/cpanel-edge-npm-0.1.0-ab12.zip/node_modules/cpanel-edge/dist/constructs/internal', false],
  [
    '/app/.yarn/__virtual__/cpanel-edge-virtual-1/0/cache/cpanel-edge-0.1.0.zip/node_modules/cpanel-edge/dist/constructs/internal',
    false,
  ],
  [
    '/app/.yarn/__virtual__/cpanel-edge-virtual-1/0/unplugged/cpanel-edge-0.1.0/node_modules/cpanel-edge/dist/constructs/internal',
    false,
  ],
  ['/app/bundle', false],
])('from %s Terraform can start a command: %s', (folder, can) => expect(shell.hasCommand(folder)).toBe(can));

it('from this file as well', () => expect(shell.hasCommand()).toBe(true));

describe('without a command', () => {
  const synthesized = (): string => {
    const stack = stackOf();
    gatewayIn(stack);
    serverIn(stack);
    return Testing.synth(stack);
  };
  beforeEach(() => void jest.spyOn(shell, 'hasCommand').mockReturnValue(false));
  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env['CPANEL_EDGE'];
  });

  it('nothing is synthesized, and one problem covers all devices', () => {
    expect(codesOf(synthesized)).toEqual(['constructs/no-command']);
  });

  it('an empty CPANEL_EDGE counts as unset, as in a shell', () => {
    process.env['CPANEL_EDGE'] = '';
    expect(codesOf(synthesized)).toEqual(['constructs/no-command']);
  });

  it('CPANEL_EDGE may name another one', () => {
    process.env['CPANEL_EDGE'] = 'yarn cpanel-edge';
    expect(synthesized()).toContain('exec $${CPANEL_EDGE:-');
  });
});
