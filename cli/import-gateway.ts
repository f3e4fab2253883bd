import { counted } from '../lib/reachability/words';
import { gatewayStack, hostOf } from '../lib/import/gateway-stack';
import { imported } from '../lib/import/imported';
import { NothingMade, leftWords } from '../lib/import/nothing';
import { importReport } from '../lib/import/report';
import { Problem } from '../lib/problems/problem';
import { directlyReached } from '../lib/project/meant';
import { Taken } from './import-files';

interface GatewayOptions {
  readonly device: string;
  readonly owner: string;
  readonly hostKey: string;
  readonly globalHelper: boolean;
}

export const gatewayFiles = (device: string) => ({
  stack: `${device}.ts`,
  captured: `${device}.captured.xml`,
  report: `${device}.report.md`,
});

/** `from`: what the text is called. Throws Refusal, and NothingMade where no stack can become of it. */
export function importGateway(
  text: string,
  from: string,
  { device, owner, hostKey, globalHelper }: GatewayOptions,
): Taken {
  const { stack, captured, report } = gatewayFiles(device);
  const found = imported(text, { device, owner, globalHelper });
  const { draft, taken, left, objections } = found;
  if (draft.mappings.length === 0) throw new NothingMade([NOTHING_MAPPED], leftWords([...objections, ...left]));
  const host = hostOf(draft);
  return {
    files: new Map([
      [captured, found.surroundings],
      [stack, gatewayStack(draft, { captured, report }, { host, hostKeys: [hostKey] })],
      [report, importReport(found, { from, stack, captured })],
    ]),
    report,
    host,
    found,
    remarks: directlyReached(draft.gateway.platform),
    lines: [
      `${counted(draft.mappings.length, 'mapping')}, ${counted(draft.virtualIps.length, 'virtual IP')}; entries to take off the box: ${taken.length}, left on it: ${left.length}`,
      ...(objections.length === 0
        ? []
        : [
            `${objections.length === 1 ? 'one entry is' : `${objections.length} entries are`} objected to, and not carried over`,
          ]),
    ],
    isWhole: objections.length === 0,
    suspicious: found.captured.suspicious,
  };
}

const NOTHING_MAPPED: Problem = {
  code: 'cli/nothing-imported',
  where: 'the configuration',
  what: 'No 1:1 entry of it can become a mapping.',
  instead: 'the mappings written by hand.',
};
