import { PfLine, PfMatch } from './model';

/** Whether a rule is asked on an interface. */
export function isOn({ on }: PfMatch, name: string): boolean {
  if (on === 'any') return true;
  return 'is' in on ? on.is.includes(name) : !on.but.includes(name);
}

/** A reason with the line that it is about. */
export const said = (line: PfLine, because: string): string => (because.startsWith('line ') ? because : `line ${line.number}: ${because}`);

export const WITHOUT_STATE = 'it passes without state, and nothing says that answers to it pass';
export const pastItsWay = (name: string): string => `a rule sends it out by ${name}, which is not the way to its destination`;
export const orAsRouted = (name: string): string =>
  `a rule sends it out by ${name}, and pfSense's kernel leaves such a destination to the routes, where FreeBSD's does not`;
export const ANOTHER_WAY_OUT = 'a rule for what leaves sends it out by another interface';
export const EITHER_WAY = 'it depends on the interface that the route takes';
export const OTHER_FAMILY = 'its target is of the other family';
export const TOO_MANY = 'more rules may decide it than are told apart';
export const CHOSEN_PORT = 'a rule may ask for its source port, which pf chooses';
export const UNKNOWN_SOURCE = 'a rule may ask for its source, which is not known';
export const FLAGS = 'it depends on its flags';
