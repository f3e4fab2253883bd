// Tests the exposure of a Terraform plan: each release after the apply, and owners that the plan removes or leaves
// open.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readSources } from '../../cli/exposure-files';
import { parseQuestion } from '../../lib/exposure/answer/question';
import { createExposureReport } from '../../lib/exposure/create-exposure-report';
import { NO_FACTS } from '../../lib/exposure/facts/device-facts';
import { ExposureReport } from '../../lib/exposure/report/exposure-report-types';
import { printExposureText } from '../../lib/exposure/print/exposure-text';
import { parseReleaseLines } from '../../lib/agent-protocol/release-lines';
import { PlanBuilder, data, held, retiring } from '../review/plan/plan-builder';
import { sampleRelease } from '../review/plan/sample-stack';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder();

async function reportOf(plan: PlanBuilder, stack?: unknown): Promise<ExposureReport> {
  const own = mkdtempSync(join(folder, 'stack-'));
  if (stack !== undefined) writeFileSync(join(own, 'cdk.tf.json'), JSON.stringify(stack));
  writeFileSync(join(own, 'plan.json'), JSON.stringify(plan.json()));
  const sources = await readSources([join(own, 'plan.json')], Readable.from([]));
  return createExposureReport(sources, NO_FACTS, parseQuestion({ to: ['203.0.113.10'] }));
}

const { text, policy, device, owner, ...real } = sampleRelease();
const RELEASE = `terraform_data.${device}_${owner}`;
const input = held({ device, owner });
const kept = (): PlanBuilder => new PlanBuilder().kept(`${RELEASE}_holder`, ['no-op'], input, input);
const gone = (): PlanBuilder =>
  new PlanBuilder()
    .kept(`${RELEASE}_holder`, ['delete'], input, null)
    .kept(RELEASE, ['delete'], data({ text, policy }), null);

test('a plan in which all values are known', async () => {
  const shown = data({ text, policy, lines: parseReleaseLines(real) });
  const report = await reportOf(
    kept()
      .kept(RELEASE, ['no-op'], shown, shown)
      .ours({ ...real, text, policy, device, owner }, `${device}_${owner}`),
  );
  expect([report.unknown, report.headline.includes('Not everything'), report.devices[0]!.assumptions]).toEqual([
    false,
    false,
    [],
  ]);
});

test('an owner that goes and stays open is reported, and the answer is unknown', async () => {
  const report = await reportOf(gone());
  expect(report.unknown).toBe(true);
  expect(printExposureText(report)).toMatch(/^to 203\.0\.113\.10: CAN'T TELL, no rules are told$/m);
  expect(printExposureText(report)).toContain('leaves its rules on the device, so it is not shown');
  // This includes the plan's own objection.
  expect(
    report.devices[0]!.assumptions.some(
      (one) => one.includes('no DecommissionedOwner names it') || one.includes('whether a DecommissionedOwner'),
    ),
  ).toBe(true);
});

test('a removed gateway is left out and named', async () => {
  const report = await reportOf(gone(), { resource: {}, ...retiring(`${RELEASE}_holder`) });
  expect([report.unknown, report.devices[0]!.ignoredLines]).toEqual([
    false,
    [`gateway ${device}, owner ${owner}: it is retired`],
  ]);
});
