// Entry `cpanel-edge/testing` of the package: prints the exposure of a stack, for Jest tests of the user's stacks.
import { Construct } from 'constructs';
import { ReachabilityPrinter, printReachability } from '../lib/reachability/print-reachability';
import { printTable } from '../lib/reachability/print-table';
import { printReport } from '../lib/verifier/verification-report';
import { isStack } from './internal/framework';
import { Tree } from './tree';

/**
 * Returns the exposure of a stack, or of all stacks of an App, as a table. It is computed from the text that is
 * delivered, and verified against the intent. Servers in other stacks that the stack's gateways map count for what is
 * reachable end to end. Throws Refusal with every problem of the App.
 *
 * @example console.log(exposureOf(stack));
 */
export const exposureOf = (stack: Construct): string => printSites(stack, printReachability);

function printSites(scope: Construct, print: ReachabilityPrinter): string {
  const sites = Tree.of(scope).listSites(scope);
  return sites
    .map(({ verifications, behindVerifications }) => printReport(verifications, behindVerifications, print))
    .join('\n');
}

/**
 * A serializer for Jest: `expect.addSnapshotSerializer(portExposure)` makes the snapshot of a stack its exposure. Each
 * line has the start locations that it holds for. One more open port changes exactly one line of a device's table.
 *
 * @example expect.addSnapshotSerializer(portExposure);
 */
export const portExposure = {
  /** Returns whether a value is a stack. Jest asks this for each value. */
  test: (value: unknown): boolean => isStack(value),
  /** Returns the stack's exposure as a table. Throws Refusal with every problem of the App. */
  serialize: (value: unknown): string => printSites(value as Construct, printTable),
};

export { exposureMatchers } from './testing-matchers';
export type { ExposureMatchers } from './testing-matchers';
export type { WantedExposure } from './testing-wanted';
