// Titles of the exposure report's sections, such as "to this server", and names of start locations, such as "from the
// internet". The report and the answers to questions share them.

import { SectionReport, StartSide } from './exposure-report-types';

export const START_TEXT: Readonly<Record<StartSide, string>> = {
  outside: 'from the internet',
  inside: 'from inside',
  self: 'from the server itself',
  localhost: 'from localhost',
};

/** Titles for a text that was taken from a server. */
export const SERVER_TITLES = {
  host: 'to this server',
  through: 'through it, to other hosts',
  self: 'what the server itself sends',
} as const;

/** The end of a title on forwarded packets, if no fact tells whether the server forwards. */
export const IF_IT_FORWARDS = ' (if it forwards)';

/** Titles for a text that describes its own firewall. */
export const FIREWALL_TITLES = {
  host: 'to the firewall itself',
  through: 'through it, to others',
  self: 'what the firewall itself sends',
} as const;

/** Returns whether a section is on what a firewall lets through, which is what a firewall is asked about. */
export const isFirewallTransit = ({ title }: Pick<SectionReport, 'title'>): boolean =>
  title === FIREWALL_TITLES.through;

/** Returns where a section's packets go, for the middle of a sentence; empty for the server that was asked about. */
export function describeTarget({ scope, title }: Pick<SectionReport, 'scope' | 'title'>): string {
  if (scope === 'host') return title === SERVER_TITLES.host ? '' : title;
  if (scope !== 'through') return '';
  return isFirewallTransit({ title })
    ? 'through it'
    : title.replace('through it, ', '').replace(IF_IT_FORWARDS, ', if it forwards');
}
