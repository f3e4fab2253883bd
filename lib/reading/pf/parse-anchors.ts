import { Rule } from './parse-text';

/** Of rules that decide together at once: the first that is quick, or else the last one. */
export const decidingAtOnce = (rules: readonly Rule[]): readonly Rule[] => {
  const [quick, others] = [
    rules.filter((rule) => rule.is === 'filter' && rule.quick),
    rules.filter((rule) => rule.is === 'filter' && !rule.quick),
  ];
  return [
    ...rules.filter(({ is }) => is !== 'filter'),
    ...quick,
    ...others.reverse().map((rule) => (rule.is === 'filter' && rule.action !== 'match' ? { ...rule, quick: true } : rule)),
  ];
};

/** Whether a file fills what the anchor takes in: itself, or with `name/*` what is right below. */
export const isLoaded = (name: string, loaded: ReadonlySet<string>): boolean =>
  [...loaded].some((one) => one === name || (name.endsWith('/*') && one.startsWith(name.slice(0, -1))));
