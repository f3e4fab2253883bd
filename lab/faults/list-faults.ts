// Lists all fault tests of a platform, from the families in families/, and the part of them that every full test run
// has.

import { backEnd } from './families/back-end';
import { boot } from './families/boot';
import { damage } from './families/damage';
import { cpnat } from './families/cpnat';
import { company } from './families/other-programs';
import { disk } from './families/disk';
import { line } from './families/line';
import { changedFiles } from './families/changed-files';
import { power } from './families/power';
import { destroy } from './families/destroy';
import { lockout } from './families/lockout';
import { login } from './families/login';
import { moves } from './families/moves';
import { nextStart } from './families/next-start';
import { owners } from './families/owners';
import { postgres } from './families/postgres';
import { replaces } from './families/replaces';
import { race } from './families/race';
import { state } from './families/state';
import { runner } from './families/runner';
import { slow } from './families/slow';
import { sshd } from './families/sshd';
import { terminal } from './families/terminal';
import { Combination } from './fault';
import { FaultPlatform } from './platform';

/** A combination with its family: the name of its file in families/. */
export type OfFamily = Combination & { readonly family: string };

/** Returns every combination for a platform: those on its own devices, or on both. */
export const everything = (platform: FaultPlatform): readonly OfFamily[] =>
  Object.entries(families(platform))
    .flatMap(([family, all]) => all.map((combination) => ({ ...combination, family })))
    .filter(({ device }) => device === 'both' || platform.devices.some((own) => device.includes(own)));

/**
 * Returns the combinations of a platform that every full test run has. For a further platform these are the ones that
 * depend on the platform, and the ones that it names.
 */
export function some(platform: FaultPlatform, further: boolean): readonly OfFamily[] {
  const { few } = platform.others;
  const all = everything(platform);
  if (!further || !few)
    return all.filter(({ representative, ofPlatform }) => representative && (!further || ofPlatform));
  return few.map((name) => {
    const found = all.find(({ fault, step }) => `${fault} | ${step}` === name);
    if (!found) throw new Error(`${platform.id} has no combination "${name}".`);
    return found;
  });
}

const families = (platform: FaultPlatform): Readonly<Record<string, readonly Combination[]>> => ({
  runner: runner(platform),
  terminal: terminal(),
  state: state(),
  postgres: postgres(),
  owners: owners(),
  destroy: destroy(platform),
  company: company(platform),
  power: power(platform),
  disk: disk(platform),
  cpnat: cpnat(platform),
  replaces: replaces(platform),
  moves: moves(platform),
  machine: changedFiles(),
  boot: boot(platform),
  'next-start': nextStart(platform),
  'back-end': backEnd(platform),
  damage: damage(platform),
  line: line(platform),
  lockout,
  login,
  race: race(platform),
  slow,
  sshd: sshd(platform),
});
