import { Held } from './look';

/** When and by whom the confirmed release was made, for a line: `, made 2026-11-21 08:00 UTC by ci@host`. Nothing where nobody noted it. */
export const madeBy = ({ made, runner }: Pick<Held, 'made' | 'runner'>): string =>
  made === undefined && runner === undefined
    ? ''
    : `, made${made === undefined ? '' : ` ${dateOf(made)}`}${runner === undefined ? '' : ` by ${runner}`}`;

/** Seconds since 1970, as a person reads it. */
export const dateOf = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, -8).replace('T', ' ')} UTC`;
