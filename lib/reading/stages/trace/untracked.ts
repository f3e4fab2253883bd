import { Context } from '../context';
import { Ending } from './chain';

/** What connection tracking will make of a packet after chains that take it out, or may. */
export function leavingAfter(ct: Context['ct'], words: readonly (readonly Ending[])[], sure: Context['ct']): Context['ct'] {
  if (ct === 'untracked') return ct;
  if (words.some((endings) => endings.length === 1 && endings[0]!.is === 'notrack')) return sure;
  return words.some((endings) => endings.some(({ is }) => is === 'notrack')) ? 'leaving' : ct;
}
