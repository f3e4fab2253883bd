import { PfLine, PfMatch, PfRules } from './model';

/** Whether a rule is asked on an interface. */
export function isOn({ on }: PfMatch, name: string): boolean {
  if (on === 'any') return true;
  return 'is' in on ? on.is.includes(name) : !on.but.includes(name);
}

/** A reason with the line that it is about. */
export const said = (line: PfLine, because: string): string => (because.startsWith('line ') ? because : `line ${line.number}: ${because}`);

/**
 * Whether answers to what passed without state pass, too: only where nothing but rules without state and the default decides there, since
 * a rule with state takes the first packet of a TCP connection only, and nothing translates.
 */
export function lettingAnswers(rules: PfRules, name: string, way: 'in' | 'out'): boolean {
  if (rules.strays === true || rules.skipped.includes(name)) return true;
  const translating = way === 'in' ? [...rules.rdr, ...rules.binat] : [...rules.binat, ...rules.nat];
  return (
    !translating.some((rule) => isOn(rule, name)) &&
    rules.filter.every(
      (rule) =>
        rule.action === 'match' ||
        (rule.way !== 'both' && rule.way !== way) ||
        !isOn(rule, name) ||
        (rule.action === 'pass' && !rule.state && rule.routedTo === undefined),
    )
  );
}

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
