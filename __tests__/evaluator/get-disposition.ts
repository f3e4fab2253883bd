// Helpers for tests of parsers of any platform: return what a parsed text decides about one packet (and assert that
// the trace agrees), or the codes and places with which the text is refused.

import { findByLocation } from '../../lib/net/device';
import { Disposition } from '../../lib/reachability/reachability';
import { ConfigParser } from '../../lib/parse/config-parser';
import { Probe } from './kernel/namespaces';
import { leavesFor, packetOf, phaseOf, vantageOf } from './kernel/probes';
import { leavesAs } from './translated-packet';
import { GATEWAY } from './packets';
import { problemsOf } from '../problems';

/** The outcome of a packet at the gateway by the evaluator; asserts that the trace agrees. */
export function getDisposition(reader: ConfigParser, text: string, probe: Probe): string {
  const [packet, vantage] = [packetOf(probe), vantageOf(probe)];
  const phase = phaseOf(probe);
  const { reachability, later, explain } = reader.read(text, GATEWAY);
  const view = findByLocation((phase === 'first' ? reachability : later(phase)!).views, vantage)!;
  const disposition = view.dispositions.findValue(packet);
  const verdict = disposition?.is ?? 'denied';
  const walked = explain(vantage, packet, phase);
  expect(walked.disposition).toBe(verdict);
  const except = disposition?.is === 'allowed' ? disposition.except : undefined;
  expect(walked.except === undefined).toBe(except === undefined);
  if (verdict !== 'allowed') return verdict;
  const leaves = leavesAs(packet, view.translations.findValue(packet)!)!;
  const { source, destination, port } = leaves;
  expect(walked.packetOut).toMatchObject({ source, destination, port });
  return `${leavesFor(leaves)}${except === undefined ? '' : ', but'}`;
}

/** Returns the disposition; `unknown` if it is allowed with an exception, which depends on the packets before. */
export const getCertainDisposition = (disposition: Disposition | undefined): 'allowed' | 'denied' | 'unknown' =>
  disposition?.is === 'allowed' && disposition.except !== undefined ? 'unknown' : (disposition?.is ?? 'denied');

/** The codes and places with which a text is refused; none if it is accepted. */
export const refusals = (reader: ConfigParser, text: string): readonly string[] =>
  problemsOf(() => reader.read(text, GATEWAY)).map(({ code, where }) => `${code} at ${where}`);
