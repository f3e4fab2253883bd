import { Condition, End } from '../stages/model';

/** `rt type 0 drop` says nothing of packets without that header, and nobody asks about others. */
export const dropsExtension = (conditions: readonly Condition[], end: End | undefined): boolean =>
  end?.is === 'verdict' &&
  end.verdict.is === 'drop' &&
  conditions.some((one) => one.is === 'doubt' && one.fields.some(({ extension }) => extension));
