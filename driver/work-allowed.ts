import { allowWork } from '../lib/net/work';
import { Refusal } from '../lib/problems/problem';

/** As many times the work of a stranger's text as CPANEL_EDGE_WORK says, 1 to 100. Throws Refusal cli/odd-work. */
export function allowWorkOf(environment: NodeJS.ProcessEnv): void {
  const said = environment['CPANEL_EDGE_WORK'];
  if (said === undefined || said === '') return;
  if (!/^([1-9]\d?|100)$/.test(said))
    throw new Refusal([
      {
        code: 'cli/odd-work',
        where: 'CPANEL_EDGE_WORK',
        what: `"${said}" is not how many times as much work as usual may be done.`,
        instead: 'a whole number from 1 to 100, or nothing.',
      },
    ]);
  allowWork(Number(said));
}
