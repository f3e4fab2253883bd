import { setTimeout as sleep } from 'node:timers/promises';
import { readAnswer } from '../../../driver/answer';
import { deliver } from '../../../driver/deliver';
import { programOf } from '../../../driver/program';
import { Remote, withSsh } from '../../../driver/ssh';
import { World } from '../../../driver/steps';
import { Release } from '../../../lib/delivering/release';
import { Judgement } from '../../../lib/proving/on-device';
import { freshToken } from '../../device/stream';
import { connectionOf } from '../../driver/samples';
import { temporaryFolder } from '../../temporary-folder';
import { CommandLine } from './command-line';
import { TestRouter } from './device';
import { portsOf, routerRelease } from './steps';
import { talk } from './talk';

/** A router for the tests of one describe, and deliveries to it: over ssh, or in this process for what the line has no part in. */
export function routerAndDeliveries() {
  let device: TestRouter;
  beforeAll(async () => void (device = await TestRouter.start(folder)));
  beforeEach(() => device.fresh());
  afterAll(() => device.stop());
  const folder = temporaryFolder();

  const said: string[] = [];
  const world = (parts: Partial<World>): Omit<World, 'remote'> => ({
    ...{ lease: 'lease-1', token: freshToken(), stop: new AbortController().signal },
    prove: () => ({ refusals: [], reports: [] }),
    closing: () => '',
    assumed: () => ({ refusals: [], reports: [] }),
    witness: () => Promise.resolve([]),
    say: (line) => void said.push(line),
    step: () => undefined,
    wait: () => sleep(50),
    ...parts,
  });
  const delivered = async (
    how: 'ssh' | 'here',
    parts: Partial<Release> = {},
    own: Partial<World> = {},
  ): Promise<{ readonly yes: boolean; readonly text: string }> => {
    said.length = 0;
    const release = routerRelease({ rollbackSeconds: 60, ...parts });
    const outcome = await reached(how, (remote) => deliver(release, programOf('toy'), { ...world(own), remote }));
    return { yes: outcome.delivered, text: outcome.paragraph.join('\n') };
  };
  const reached = <T>(how: 'ssh' | 'here', use: (remote: Remote) => Promise<T>): Promise<T> =>
    how === 'ssh' ? withSsh(device.connection, process.env, use) : use(here);
  /** The same without the line, for what the line has no part in. */
  const here: Remote = {
    connection: { ...connectionOf(), platform: 'toy' },
    run: (words, { input } = {}) => {
      const { tampering, banner } = device;
      return Promise.resolve(readAnswer(talk(device.router, words, input, { banner, ...(tampering ? { tampering } : {}) }), '', 0));
    },
    script: () => Promise.reject(new TypeError('no shell')),
  };
  const runs = (): readonly string[] => portsOf(device.router.running);
  const starts = (): readonly string[] => portsOf(device.router.startup);
  const typedBy = (name: string, ...lines: readonly string[]): CommandLine => {
    const login = new CommandLine(device.router, name, () => undefined);
    lines.forEach((each) => login.type(`${each}\r`));
    return login;
  };
  /** While something is on trial. */
  const meanwhile = (does: () => void) => (): Judgement => {
    does();
    return { refusals: [], reports: [] };
  };
  return { device: (): TestRouter => device, said, world, delivered, reached, here, runs, starts, typedBy, meanwhile };
}
